"""A driver that loops in the kernel: the lockup detector sees it, the kernel panics as the trial asks,
and the old one is back by itself."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.hang(machine, "loop")
    pawl.approve()
    pawl.start()
    machine.expect_console(r"hang: loop", 600)
    machine.expect_console(r"Kernel panic - not syncing: softlockup")
    machine.expect_console(rf"Linux version {old} ")
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old)
