"""A kernel that boots, and that a health check of the host's own finds unwell, after all services are up: rolled
back, and the check is named."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.unit(machine, "check", "/bin/false", wanted_by="boot-complete.target",
              order="After=multi-user.target\nBefore=boot-complete.target")
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(rf"Linux version {old} ", 600)
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old, "check.service")
