"""A driver that freezes all processors with interrupts off, so that no detector runs: the hardware
watchdog, which Pawl opened, resets the machine."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.hang(machine, "freeze", harm.COUNTS)
    pawl.approve()
    pawl.start()
    machine.expect_console(r"hang: freeze", 600)
    machine.expect_console(rf"Linux version {old} ")
    assert any(event["event"] == "WATCHDOG" for event in machine.events), machine.events
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old)
