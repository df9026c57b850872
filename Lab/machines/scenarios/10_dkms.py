"""A driver that is built outside the kernel, by the real DKMS: built, torn and repaired, in a new version that
does not build, and in one whose build loses its power; then taken back. The kernel loads what is left each time."""

import time

from machines import pawl as verbs
from machines.drivers import driver, loads, source
from machines.pawl import ROLLED_BACK

MACHINES = ("drivers",)


def run(machine):
    pawl, release = verbs.Pawl(machine), machine.boot()
    pawl.hook()
    installed = f"/lib/modules/{release}/updates/dkms/demo.ko"
    source(machine, "1.0")
    driver(pawl, "1.0")
    pawl.wait("succeeded")
    assert loads(machine) == "1.0"
    assert installed in pawl.machine.succeed(["pawl", "logs", pawl.number, "--step", "verify"])

    # Torn: DKMS itself says "installed", and would leave it so.
    machine.succeed(["truncate", "-s", "4096", installed])
    assert "installed" in machine.succeed(["dkms", "status"])
    assert machine.run(["modprobe", "demo"]).status != 0
    driver(pawl, "1.0")
    pawl.wait("succeeded")
    assert loads(machine) == "1.0"

    source(machine, "2.0", "no_such_function();")
    driver(pawl, "2.0")
    pawl.wait("failed")
    told = pawl.history()
    assert "does not fit this kernel" in told and "no_such_function" in told, told
    assert loads(machine) == "1.0"
    assert pawl.rollback().status == ROLLED_BACK
    assert loads(machine) == "1.0"
    assert "2.0" not in machine.succeed(["dkms", "status"])

    source(machine, "2.0")
    driver(pawl, "2.0")
    while machine.run(["pgrep", "-f", "dkms build"]).status != 0:
        time.sleep(0.2)
    time.sleep(4)
    machine.cut_power()
    assert machine.boot() == release
    pawl.wait("succeeded")
    assert loads(machine) == "2.0"
    pawl.verified()

    assert pawl.rollback().status == ROLLED_BACK
    assert loads(machine) == "1.0"
    assert machine.reboot() == release
    assert loads(machine) == "1.0"
