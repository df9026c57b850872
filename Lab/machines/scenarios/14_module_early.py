"""A module is loaded in the initramfs, with options: tried once, kept through restarts and an initramfs that is made
anew, and gone once it is taken back."""

from machines import pawl as verbs
from machines.pawl import ROLLED_BACK

MACHINES = ("grub-bios", "systemd-boot")


def run(machine):
    pawl, old = verbs.Pawl(machine), machine.boot()
    pawl.hook()
    assert not loaded(machine)
    pawl.plan("module-early", module="loop", options="max_loop=3", **verbs.TRIAL)
    pawl.approve()
    pawl.start()
    pawl.wait("succeeded")
    assert loaded(machine), "after the trial"
    assert machine.reboot() == old
    assert loaded(machine), "after a plain restart"
    assert "pawl.trial=" not in machine.succeed(["cat", "/proc/cmdline"])
    machine.succeed(["update-initramfs", "-u"], timeout=600)
    assert machine.reboot() == old
    assert loaded(machine), "with an initramfs that was made anew"
    assert pawl.rollback().status == ROLLED_BACK
    assert machine.reboot() == old
    assert not loaded(machine), "taken back"
    assert machine.run(["grep", "-rl", "loop", "/etc/modprobe.d", "/etc/initramfs-tools"]).output == ""
    pawl.verified()


def loaded(machine):
    """With its options."""
    return machine.run(["cat", "/sys/module/loop/parameters/max_loop"]).output.strip() == "3"
