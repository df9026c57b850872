"""A package makes the boot menu anew and the environment block names an entry that is gone, both while
the trial waits for its restart: the pin holds, and the trial goes on."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.GRUB_MACHINES


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    machine.succeed(["update-grub"], timeout=300)
    machine.succeed(["grub-editenv", "/boot/grub/grubenv", "set", "saved_entry=gnulinux-gone"])
    assert menu.read(machine, new).default == "fallback", "the pin is gone"
    if machine.kind.init == "systemd":  # OpenRC's login prompt came before the machine was kept
        machine.settle()
    assert machine.reboot() == old, "a restart that is not ours does not start the old kernel"
    pawl.approve()
    pawl.start()
    menu.promoted(machine, pawl, old, new)
