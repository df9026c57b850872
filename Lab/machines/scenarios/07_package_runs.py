"""Somebody's packages while a trial is under way: apt installs a newer kernel, whose hooks write the boot menu,
and removes what it holds for superfluous. A plain boot still starts the old kernel, until the new one is
promoted."""

from machines import harm, kinds, menu
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN
VARIANTS = ("before-restart", "in-trial")


def run(machine, name):
    {"before-restart": before_restart, "in-trial": in_trial}[name](machine)


def before_restart(machine):
    pawl, old, new = prepare_to_restart(machine)
    harm.package_run(machine, old)
    holds(machine, new, old)
    machine.settle()
    assert machine.reboot() == old, "a restart that is not ours does not start the old kernel"
    holds(machine, new, old)
    pawl.approve()
    pawl.start()
    menu.promoted(machine, pawl, old, new)


def in_trial(machine):
    pawl, old, new = prepare_to_restart(machine, confirm="yes")
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    pawl.wait("waiting/trial")
    harm.package_run(machine, old)
    holds(machine, new, old)
    machine.cut_power()
    assert machine.boot() == old, "the pin is lost"
    pawl.wait("rolled-back")
    harm.take_back_package_run(machine)
    menu.rolled_back(machine, pawl, old, new)


def holds(machine, new, old):
    found = menu.read(machine, new)
    machine.console.note(f"after the package run: {found}")
    assert found.default == "fallback", f"a plain boot starts {found.default}"
    assert old in found.kernels, "the old kernel's modules were removed"
