"""The new kernel's image loses its bytes after the one-shot was set, too late for any check: the loader cannot
start it. GRUB goes on with the old kernel by itself; with another loader a power cycle brings it. An image that
is not what Pawl installed is not Pawl's to remove: it is named, and all the rest is taken back."""

import time

from machines import instants, kinds, menu
from machines.instants import Watched
from machines.pawl import ROLLED_BACK, prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    pawl.approve()

    image = menu.image_of(machine, "trial")

    def tear():
        machine.succeed(["truncate", "-s", "4096", image])
        machine.succeed(["sync"])

    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start, meanwhile=tear)
    boots, seen = machine.boots, len(machine.agent.boots)
    machine.power_on()
    if machine.kind.loader == "grub":
        assert machine.wait_up(seen) == old
    else:
        time.sleep(60)  # for whatever the firmware tries
        if machine.boots == boots:
            machine.cut_power()
            machine.power_on()
        assert machine.wait_up(seen) == old
    state = pawl.wait("rolled-back", "rollback-failed")
    pawl.explains(new, old)
    if state == "rollback-failed":
        assert "remove it yourself" in pawl.history(), pawl.told()
        machine.succeed(["rm", image])
        assert pawl.rollback().status == ROLLED_BACK
    menu.rolled_back(machine, pawl, old, new)
