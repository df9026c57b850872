"""A kernel that boots and lacks a module that the plan demands: rolled back, and the module is named."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine, modules="raid1")
    menu.tried_in_vain(machine, pawl, old, new, "raid1")
