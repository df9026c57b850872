"""The hook is taken away before the restart: refused in words, or the trial is survived: the next power
cycle starts the old kernel, since nobody promoted the new one."""

from machines import kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    machine.succeed(["pawl", "boot-hook", "remove"])
    pawl.approve()
    seen = len(machine.agent.boots)
    number = pawl.start()
    try:
        done = machine.finish(number, 300)
        assert "boot-hook" in done.output + done.errors + pawl.history(), "it does not say what is missing"
        assert machine.boots == 1
        machine.console.note(f"refused: {done.output}{done.errors}")
        machine.succeed(["pawl", "boot-hook", "install"])
        pawl.start()
        menu.promoted(machine, pawl, old, new)
    except machine.Restarted:
        assert machine.wait_up(seen) == new
        machine.cut_power()
        assert machine.boot() == old
        machine.succeed(["pawl", "resume", pawl.number], timeout=300)
        menu.rolled_back(machine, pawl, old, new)
