"""A driver of DKMS goes along to a new kernel: built there before it is tried, loaded in it, and gone with it. And one
that does not build for it: then the new kernel is not tried at all."""

from machines import menu
from machines import pawl as verbs
from machines.drivers import driver, loads, source
from machines.pawl import ROLLED_BACK

MACHINES = ("drivers",)
VARIANTS = ("built", "does-not-build")
# Debian's kernels have it, and the small one does not.
NOT_WITHOUT_AUDIT = """
#ifndef CONFIG_AUDIT
#error "no audit in this kernel"
#endif
"""


def run(machine, name):
    pawl, old = verbs.Pawl(machine), machine.boot()
    pawl.hook()
    source(machine, "1.0", NOT_WITHOUT_AUDIT if name == "does-not-build" else "")
    driver(pawl, "1.0")
    pawl.wait("succeeded")
    assert loads(machine) == "1.0"
    new = pawl.kernel("drivers", modules="demo")
    machine.succeed(["sh", "-c", "echo demo >/etc/modules-load.d/demo.conf"])
    pawl.approve()
    pawl.start()
    {"built": carried, "does-not-build": not_tried}[name](machine, pawl, old, new)
    pawl.verified()


def carried(machine, pawl, old, new):
    pawl.wait("succeeded")
    assert machine.succeed(["uname", "-r"]).strip() == new
    assert loads(machine) == "1.0"
    assert f"demo/1.0, {new}" in machine.succeed(["dkms", "status"])
    assert machine.reboot() == new
    pawl.rollback_and_leave()
    pawl.wait("rolled-back")
    assert machine.succeed(["uname", "-r"]).strip() == old
    assert loads(machine) == "1.0"
    assert new not in machine.succeed(["dkms", "status"]), "DKMS still has it for the kernel that is gone"
    assert machine.run(["ls", f"/usr/src/linux-headers-{new}"]).status != 0
    menu.rolled_back(machine, pawl, old, new)


def not_tried(machine, pawl, old, new):
    pawl.wait("failed")
    told = pawl.history()
    assert "no audit in this kernel" in told, told
    assert machine.succeed(["uname", "-r"]).strip() == old
    assert pawl.rollback().status == ROLLED_BACK
    assert loads(machine) == "1.0"
    assert new not in machine.succeed(["dkms", "status"])
    assert machine.reboot() == old
