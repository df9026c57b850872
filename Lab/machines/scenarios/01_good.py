"""A good kernel: tried, found well, promoted; the next plain restart starts it, and history tells all."""

import time

from machines import menu
from machines.pawl import prepare


def run(machine):
    pawl, old, new = prepare(machine)
    began = time.monotonic()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    menu.promoted(machine, pawl, old, new)
    machine.measured["plan"] = round(time.monotonic() - began)
    assert machine.boots == 2, f"{machine.boots} boots, not the first and the trial"
    pawl.explains(new)
    machine.console.note("history of a good trial:\n" + pawl.history())

    machine.settle()
    if machine.kind.init == "systemd":
        # What the hook takes of a boot where there is something to do.
        blamed = machine.succeed(["systemd-analyze", "blame", "--no-pager"]).split("\n")
        machine.measured["hook"] = [line.strip() for line in blamed if "pawl-" in line]
    assert machine.reboot() == new, "a plain restart does not start the new kernel"
    found = menu.promoted(machine, pawl, old, new)
    assert "pawl.trial" not in found.command_line, found.command_line
