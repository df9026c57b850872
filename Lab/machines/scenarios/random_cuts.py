"""Power cuts at random instants of a good kernel's trial, from the start of the plan to its promotion.
The rule: the machine boots, Pawl is in a state that is right, and the plan comes to its end."""

import os
import random
import time

from machines import menu
from machines.pawl import prepare

# As long as the plan takes where nobody cuts anything; `measured` in the results of 01_good.
SPAN = float(os.environ.get("SPAN", "150"))
VARIANTS = tuple(f"{number:03}" for number in range(1, int(os.environ.get("N", "30")) + 1))


def run(machine, name):
    pawl, old, new = prepare(machine)
    # The same number is the same instant, as far as the machine is as fast.
    after = random.Random(name).uniform(0, SPAN)
    began = time.monotonic()
    pawl.start()
    time.sleep(max(0, began + after - time.monotonic()))
    machine.measured["cut_after"] = round(after, 1)
    machine.cut_power()

    assert machine.boot(timeout=900) in (old, new), "neither the old nor the new kernel came up"
    state = pawl.rest()
    found = menu.read(machine, new)
    machine.measured["state"] = state
    machine.console.note(f"after the cut: {state}, {found}")
    assert state != "rollback-failed" and state != "failed", pawl.told()
    assert found.one_shot is None, f"{found.one_shot} is set to be started once"
    assert found.default in ((new,) if state == "succeeded" else (old, "fallback")), found
    if state not in ("succeeded", "rolled-back"):
        pawl.start()
    end = pawl.wait("succeeded", "rolled-back")
    # As in 06_cuts.promotion: proven, and the power gone before the promotion. The next plain restart starts it.
    if end == "succeeded" and menu.read(machine, new).running == old:
        assert machine.reboot() == new, "a plain restart does not start what was promoted"
    {"succeeded": menu.promoted, "rolled-back": menu.rolled_back}[end](machine, pawl, old, new)
    machine.measured["end"] = end
