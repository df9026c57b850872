"""Power cuts at instants with a name: Pawl is stopped there by a program in the machine, or the console
tells of it; then QEMU is killed."""

import dataclasses
import json
import re
import time

from .cache import LAB

PROGRAM = LAB / "sent/watch.py"


class Missed(Exception):
    """The instant was over before Pawl stood still: the scenario is to be played again."""


@dataclasses.dataclass(frozen=True)
class Watched:
    """An event that is in the journal, files that are there, a program that runs, and an event that is not
    in the journal yet."""
    event: tuple | None = None
    listed: tuple = ()
    runs: str | None = None
    before: tuple | None = None
    boots: int = 0  # how many times the machine restarts first


@dataclasses.dataclass(frozen=True)
class Printed:
    pattern: str


@dataclasses.dataclass(frozen=True)
class Reset:
    """The machine restarts: the old system has let go of the disk, and the firmware has begun."""


def begin(machine, instant, release):
    """To be called before Pawl is started, or early in the boot in which the instant is. What `cut` takes."""
    if isinstance(instant, Watched):
        machine.succeed(["rm", "-f", "/run/lab-watching"])
        what = {"event": instant.event, "before": instant.before, "runs": instant.runs,
                "listed": [place.replace("RELEASE", release) for place in instant.listed]}
        number = machine.start(["python3", "-", json.dumps(what)], standard_input=PROGRAM.read_bytes())
        while machine.run(["test", "-e", "/run/lab-watching"]).status != 0:
            time.sleep(0.2)
        return number
    return len(machine.events)


def cut(machine, instant, begun, release, meanwhile=None, seconds=600):
    """Cuts the power at the instant, and at no other; `meanwhile` is done to the machine just before."""
    if isinstance(instant, Watched):
        done = machine.finish(begun, seconds)
        if done.status == 3:
            raise Missed(f"{instant} was over")
        assert done.status == 0, f"the watcher ended with {done.status}: {done.errors}"
        machine.console.note(f"stopped at {instant.event or instant.listed}: {done.output.strip()}")
    elif isinstance(instant, Printed):
        machine.expect_console(instant.pattern.replace("RELEASE", re.escape(release)), seconds)
    else:
        end = time.monotonic() + seconds
        while not any(event["event"] == "RESET" for event in machine.events[begun:]):
            assert time.monotonic() < end, f"the machine did not restart within {seconds} s"
            time.sleep(0.005)
    if meanwhile:
        meanwhile()
    machine.cut_power()


def play(machine, instant, release, start, meanwhile=None):
    """Starts what leads to the instant, and cuts the power there."""
    boots = getattr(instant, "boots", 0)
    seen = len(machine.agent.boots)
    if boots:
        start()
        for number in range(boots):
            machine.agent.wait_hello(seen + number, 600)
        begun = begin(machine, instant, release)
    else:
        begun = begin(machine, instant, release)
        start()
    cut(machine, instant, begun, release, meanwhile)
