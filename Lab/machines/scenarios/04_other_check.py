"""A kernel that boots, and that a health check of the host's own finds unwell, after all services are up: rolled
back, and the check is named."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.unit(machine, "check", "/bin/false", wanted_by="boot-complete.target",
              order="After=multi-user.target\nBefore=boot-complete.target")
    menu.tried_in_vain(machine, pawl, old, new, "check.service")
