"""A kernel that boots and has no network: it is not well, so the old one comes back, and all is taken
back and explained."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine, "no-net")
    menu.tried_in_vain(machine, pawl, old, new, "route")
