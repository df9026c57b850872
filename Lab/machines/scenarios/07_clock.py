"""The clock is back in 1970 when the new kernel starts: nothing is decided by it."""

from machines import instants, kinds, menu
from machines.instants import Watched
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    pawl.approve()
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start)
    machine.clock = "1970-01-01T00:00:10"
    assert machine.boot() == new
    menu.promoted(machine, pawl, old, new)
    assert machine.reboot() == new
    pawl.verified()
