"""What others do to the boot menu and its files between the menu's writing and the restart: each is
refused in words before the one-shot is set, with the machine still in the old kernel, and taken back."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def fallback_removed(machine):
    machine.succeed(["rm", menu.image_of(machine, "fallback")])


def image_truncated(machine):
    machine.succeed(["truncate", "-s", "4096", menu.image_of(machine, "trial")])


def environment_damaged(machine):
    machine.succeed(["truncate", "-s", "512", "/boot/grub/grubenv"])


HARMS = {"fallback-removed": fallback_removed, "image-truncated": image_truncated,
         "environment-damaged": environment_damaged}
VARIANTS = tuple(HARMS)


def run(machine, name):
    if name == "environment-damaged" and machine.kind.loader != "grub":
        return  # there is none
    pawl, old, new = prepare_to_restart(machine)
    HARMS[name](machine)
    pawl.approve()
    pawl.start()
    state = pawl.wait("failed", "waiting/person", "waiting/approval", "rolled-back")
    machine.console.note(f"refused: {state}\n{pawl.history()}")
    assert machine.boots == 1, "it restarted all the same"
    assert menu.read(machine, new).one_shot is None
    if state != "rolled-back":
        pawl.rollback()
    if name == "environment-damaged":
        machine.succeed(["rm", "-f", "/boot/grub/grubenv"])
        machine.succeed(["grub-editenv", "/boot/grub/grubenv", "create"])
        pawl.rollback()
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
