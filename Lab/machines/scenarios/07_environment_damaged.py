"""GRUB's environment block is cut short between the menu's writing and the restart: nothing could be started
once, which is refused in words; made anew, all is taken back."""

from machines import kinds, menu
from machines.pawl import ROLLED_BACK, prepare_to_restart

MACHINES = tuple(name for name in kinds.MAIN if name in kinds.GRUB_MACHINES)
BLOCK = "/boot/grub/grubenv"


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    machine.succeed(["truncate", "-s", "512", BLOCK])
    menu.restart_refused(machine, pawl, new, "environment block is damaged")

    machine.succeed(["rm", BLOCK])
    machine.succeed(["grub-editenv", BLOCK, "create"])
    assert pawl.rollback().status == ROLLED_BACK
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
