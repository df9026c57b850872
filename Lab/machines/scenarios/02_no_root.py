"""A kernel without a driver for its root: it panics early, the old one comes back by itself, all is
taken back, and the person who logs in is told."""

from machines import menu
from machines.pawl import prepare


def run(machine):
    pawl, old, new = prepare(machine, "no-root")
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(r"Kernel panic|Rebooting automatically due to panic=")
    machine.expect_console(rf"Linux version {old} ")
    menu.rolled_back(machine, pawl, old, new)
    assert machine.boots == 3, f"{machine.boots} boots, not the first, the trial and the way back"
    pawl.explains(new, old)
    machine.console.note("history of a failed trial:\n" + pawl.history())
    machine.console.note("the login message:\n" + pawl.message())

    machine.settle()
    assert machine.reboot() == old
    menu.rolled_back(machine, pawl, old, new)
