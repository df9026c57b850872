"""Headers that the running kernel lacks, by the real apt, before a driver is built by the real DKMS: installed, the
driver loaded and taken back. A package that apt does not have: nothing is changed. And a power cut while dpkg
unpacks them: the next attempt puts dpkg in order first."""

from machines import instants, repository
from machines import pawl as verbs
from machines.drivers import loads, source
from machines.instants import Watched
from machines.pawl import ROLLED_BACK

MACHINES = ("drivers",)
VARIANTS = ("installed", "not-there", "cut")
# dpkg makes the folders under their names, and renames the files once all of them are there.
UNPACKING = Watched(("step.changed", "headers", "start"), listed=("/usr/src/linux-headers-*-common/include/linux",),
                    before=("step.changed", "headers", "succeed"))


def run(machine, name):
    release = repository.release_of(machine)
    machine.more = repository.hardware(release)
    pawl = verbs.Pawl(machine)
    assert machine.boot() == release
    pawl.hook()
    repository.take_headers(machine, release, offers=name != "not-there")
    source(machine, "1.0")
    before = repository.states(machine)
    plan = pawl.plan("dkms", module="demo")
    first = plan["steps"][0]
    assert first["id"] == "headers" and f"linux-headers-{release}" in first["label"], first
    pawl.approve()
    {"installed": installed, "not-there": not_there, "cut": cut}[name](machine, pawl, release, before)
    pawl.verified()


def installed(machine, pawl, release, before):
    pawl.start()
    pawl.wait("succeeded")
    assert loads(machine) == "1.0"
    assert set(repository.packages(release)) <= repository.installed(machine)
    taken_back(machine, pawl, release)


def taken_back(machine, pawl, release):
    """The driver is gone; the packages stay, as the plan says beforehand."""
    assert "headers that were installed for it stay" in " ".join(shown(machine, pawl).split()), shown(machine, pawl)
    assert pawl.rollback().status == ROLLED_BACK
    assert machine.run(["modprobe", "demo"]).status != 0
    assert machine.run(["ls", f"/lib/modules/{release}/updates/dkms/demo.ko"]).status != 0
    assert f"linux-headers-{release}" in repository.installed(machine)
    assert 'but for what "headers" may have installed' in machine.succeed(["pawl", "status"])


def shown(machine, pawl):
    return machine.succeed(["pawl", "show", pawl.number])


def not_there(machine, pawl, release, before):
    pawl.start()
    pawl.wait("failed")
    told = pawl.history()
    assert f"linux-headers-{release}" in told, told
    assert "Unable to locate package" in told and "apt-get update" in told, told
    assert repository.states(machine) == before
    assert machine.succeed(["dkms", "status"]).strip() == ""
    assert pawl.rollback().status == ROLLED_BACK
    assert repository.states(machine) == before


def cut(machine, pawl, release, before):
    """apt goes no further before dpkg has put itself in order: the attempt after the boot has it do so."""
    instants.play(machine, UNPACKING, release, pawl.start)
    assert machine.boot() == release
    pawl.wait("succeeded")
    printed = machine.succeed(["pawl", "logs", pawl.number, "--step", "headers"])
    assert "dpkg --configure -a" in printed, printed
    assert loads(machine) == "1.0"
    assert machine.succeed(["dpkg", "--audit"]) == ""
    assert set(repository.packages(release)) <= repository.installed(machine)
    taken_back(machine, pawl, release)
