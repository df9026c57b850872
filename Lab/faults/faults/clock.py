"""A wall clock that is set back a year and then ahead of the truth while a plan runs."""

import json
import os
import re

from .readonly import await_line
from .steps import written

DAY = 86_400
YEAR = 365 * DAY
# Before which step's end the clock is set, and to how many seconds off the truth.
JUMPS = {"two": -YEAR, "four": DAY, "five": 30 * YEAR}
NAMES = ("one", "two", "three", "four", "five", "six")


def jumps(stage):
    disk = stage.disk("disk", 96)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    offset = os.path.join(stage.folder, "offset")
    wrong_clock = {
        "LD_PRELOAD": os.path.join(stage.lab, "shifted.so"), "CLOCK_OFFSET": offset}
    set_clock(offset, 0)
    stage.plan([*(step(stage, name) for name in NAMES),
                written(stage.root, "file", "whole\n" * 100)])
    stage.approve()
    words = ("runner", stage.number)
    process = stage.pawl.start(*words, environment=wrong_clock)
    for name in NAMES:
        has_begun = await_line(stage.ledger, f"begin {name}", process)
        stage.require(has_begun, f"{name} did not begin")
        if name in JUMPS:
            set_clock(offset, JUMPS[name])
            look(stage, wrong_clock)
        with open(gate(stage, name), "w"):
            pass
    stage.expect(stage.pawl.finish(process, words), 0)
    stage.status("succeeded")
    rows = stage.check()
    stage.effects()
    in_order(stage, rows)
    for clock in (0, -YEAR, DAY):
        set_clock(offset, clock)
        look(stage, wrong_clock)
    made_under(stage, wrong_clock)


def gate(stage, name):
    return os.path.join(stage.folder, "gate-" + name)


def step(stage, name):
    """A timeout that a clock which counts for it would be past at once."""
    wait = f"while [ ! -e {gate(stage, name)} ]; do sleep 0.02; done\nsleep 0.3"
    return stage.counted(name, f"echo {name}\n{wait}", timeout="60s")


def set_clock(offset, seconds):
    with open(offset + ".new", "w") as file:
        file.write(str(seconds))
    os.rename(offset + ".new", offset)


def look(stage, environment):
    """Everything that answers does so under this clock, and no duration is less than nothing."""
    for words in (("status",), ("status", stage.number), ("history",), ("logs", stage.number),
                  ("history", "show", stage.number), ("history", "verify"),
                  ("show", stage.number)):
        answer = stage.expect(stage.pawl.ask(*words, environment=environment), 0)
        negative = re.search(r"(?<![\w-])-\d+(\.\d+)? ?(ms|s|min|h)\b", answer.output)
        stage.require(not negative, f"a negative duration: {negative and negative[0]}: {answer}")


def in_order(stage, rows):
    """The fault came about; order is the sequence number's and the boot's, never the clock's."""
    stamps = [row["stamp"] for row in rows]
    back = [earlier["wallMillis"] - later["wallMillis"]
            for earlier, later in zip(stamps, stamps[1:])]
    stage.require(max(back) > 300 * DAY * 1000, "the clock was not set back a year")
    stage.require(-min(back) > DAY * 1000, "the clock was not set ahead")
    boot = [stamp["bootMillis"] for stamp in stamps]
    stage.require(boot == sorted(boot), "the boot's own clock went back")
    for row in rows:
        took = json.loads(row["payload"]).get("exit") if row["kind"] == "step.changed" else None
        stage.require(
            not took or 0 <= took["millis"] < 60_000, f"{row.get('step')} took {took}")
    stage.said += f" | set back {max(back) // 86_400_000} days, ahead {-min(back) // 86_400_000}"


def made_under(stage, environment):
    """A plan that is made, approved and run by a clock a day ahead, with older events in front."""
    stage.ledger.clear()
    os.unlink(os.path.join(stage.root, "file"))
    planned = stage.must(
        stage.pawl.ask("plan", stage.recipe, "--json", environment=environment), 0)
    stage.number = str(planned.json()["plan"])
    words = []
    for shown in stage.show()["steps"]:
        words += ["--step", shown["id"], "--digest", shown["digest"]]
    stage.expect(stage.pawl.ask("approve", stage.number, *words, environment=environment), 0)
    stage.expect(stage.pawl.ask("runner", stage.number, environment=environment), 0)
    stage.check()
    stage.effects()


CASES = {"clock": jumps}
