"""A kernel that boots and has no network: it is not well, so the old one comes back, and all is taken
back and explained."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine, "no-net")
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(rf"Linux version {old} ", 600)
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old, "route")
