"""A module loaded and persisted: there at once, there after a restart, gone after the rollback."""

from machines import kinds
from machines.pawl import ROLLED_BACK, Pawl

MACHINES = kinds.MAIN
MODULE = "dummy"


def run(machine):
    machine.boot()
    pawl = Pawl(machine)
    assert not loaded(machine)
    pawl.plan("module-load", module=MODULE)
    pawl.approve()
    machine.succeed(["pawl", "resume", pawl.number], timeout=300)
    pawl.wait("succeeded")
    assert loaded(machine)
    machine.reboot()
    assert loaded(machine), "the module is not there after a restart"

    assert pawl.rollback().status == ROLLED_BACK
    pawl.wait("rolled-back")
    assert not loaded(machine), "the module is still there"
    named = machine.run(["grep", "-rlw", MODULE, "/etc/modules", "/etc/modules-load.d", "/etc/modprobe.d"]).output
    assert not named, f"still named in {named}"
    machine.reboot()
    assert not loaded(machine), "the module is back after a restart"
    pawl.verified()


def loaded(machine):
    return machine.run(["test", "-d", f"/sys/module/{MODULE}"]).status == 0
