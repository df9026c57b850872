"""Userspace never comes up: a unit blocks everything after it. The deadline ends the trial."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.unit(machine, "block", "/bin/sleep infinity",
              order="After=sysinit.target\nBefore=basic.target", wanted_by="basic.target")
    menu.tried_in_vain(machine, pawl, old, new)
