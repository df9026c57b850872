"""The old kernel's initramfs is made anew and finds no disk any more; then the trial fails. Pawl's own
copy of the old kernel and initramfs, made before, is what comes back."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN
POISON = "/etc/modprobe.d/poison.conf"


def run(machine):
    pawl, old, new = prepare_to_restart(machine, "no-root")
    machine.write(POISON, "install virtio_blk /bin/false\ninstall virtio_pci /bin/false\n")
    machine.succeed(["update-initramfs", "-u", "-k", old], timeout=600)
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(rf"Linux version {old} ", 600)
    pawl.wait("rolled-back", "waiting/person")
    machine.console.note(pawl.history())
    machine.succeed(["rm", POISON])
    machine.succeed(["update-initramfs", "-u", "-k", old], timeout=600)
    if pawl.state() != "rolled-back":
        pawl.rollback()
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
