"""A kernel that boots and lacks a module that the plan demands: rolled back, and the module is named."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine, modules="raid1")
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(rf"Linux version {old} ", 600)
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old, "raid1")
