"""Disks that answer EIO: in a commit of the journal, in a backup, in what makes a step durable."""

import functools
import os
import re

from powercut.disk import run
from .steps import written

# Of the calls in a whole plan so many are tried, from the first to the last.
POINTS = 10


class Dying:
    """A runner whose calls fail from one on, and what it told about them."""

    def __init__(self, stage, call, path):
        self.stage, self.call, self.path = stage, call, path
        self.told = os.path.join(stage.folder, "told")

    def run(self, first):
        if os.path.exists(self.told):
            os.unlink(self.told)
        return self.stage.pawl.ask("runner", self.stage.number, environment={
            "LD_PRELOAD": os.path.join(self.stage.lab, "failing.so"), "FAULT_CALL": self.call,
            "FAULT_PATH": self.path, "FAULT_FROM": str(first), "FAULT_TOLD": self.told})

    def lines(self, word):
        if not os.path.exists(self.told):
            return []
        with open(self.told) as file:
            return [line for line in file if line.startswith(word)]


def everywhere(stage, call, path, size=5, most=POINTS):
    """The same plan with the fault at one call after the other, each time in a new journal."""
    disk = stage.disk("disk", 160)
    counts = []
    counts = []
    start(stage, disk, 0, size)
    dying = Dying(stage, call, path)
    stage.must(dying.run(0), 0)
    total = len(dying.lines("ok"))
    if total == 0:
        stage.wrong.append(f"no {call} of {path} was seen")
    for round, first in enumerate(points(total, most), 1):
        start(stage, disk, round, size)
        before = len(stage.wrong)
        counts.append(one(stage, dying, first))
        name = f"{call} {first} of {total}: "
        stage.wrong[before:] = [name + sentence for sentence in stage.wrong[before:]]
        if len(stage.wrong) > before:
            break
    stage.said = f"{len(counts)} of {total} calls; " + summary(counts)


def points(total, most):
    if total <= most:
        return range(1, total + 1)
    return sorted({1 + round(index * (total - 1) / (most - 1)) for index in range(most)})


def summary(counts):
    return "; ".join(f"{counts.count(text)}x {text}" for text in dict.fromkeys(counts))


def start(stage, disk, round, size):
    """A plan with commands, a backup of `size` MiB in several transactions, and a file of Pawl's
    own. From 16 MiB on the write-ahead log is moved into the database in the middle of it."""
    for name in os.listdir(disk.mountpoint):
        if name != "lost+found":
            run("rm", "-rf", disk.path(name))
    os.makedirs(disk.path(f"journal-{round}"))
    stage.remembered = {}
    stage.ledger.clear()
    stage.set_up(disk.path(f"journal-{round}"), disk.path("root"))
    with open(stage.root + "/kept", "wb") as file:
        file.write(os.urandom(size << 20))
    os.chown(stage.root + "/kept", 65534, 65534)
    stage.plan([
        stage.counted("first", "seq 1 20000"),
        stage.counted("changes", f"echo more >>{stage.root}/kept", backup="/kept"),
        written(stage.root, "file", "whole\n" * 1000),
        stage.counted("last", "seq 1 20000")])
    stage.approve()


def one(stage, dying, first):
    """A fault from one call on; then the disk is sound again, and the plan goes on."""
    answer = stage.expect(dying.run(first), 0, 1, 3, 5, 74)
    stage.require(dying.lines("EIO"), "the fault did not come about")
    if answer.status == 74:
        stage.require("pawl: " in answer.errors, "the runner died without words")
    # A commit that was written and not synced is there for whoever reads the page cache.
    state = stage.status(
        *{0: ["succeeded"], 1: ["failed"], 3: ["waiting approval"],
          5: ["waiting person", "waiting resources"]}.get(
              answer.status, ["running", "planned", "succeeded"]))
    told = told_reason(answer, stage)
    stage.require(told or answer.status == 0, f"the fault is not named: {answer}; {stage.said}")
    stage.check()
    if answer.status == 0:
        stage.effects()
        return f"exit 0, {state}"
    by = stage.finish()
    return f"exit {answer.status}, {state}, then {' '.join(by)}"


def told_reason(answer, stage):
    words = answer.said + stage.said
    return re.search(r"disk failed|I/O error|Input/output error|could not be made durable", words)


CASES = {
    "eio-commit-fdatasync": functools.partial(everywhere, call="fdatasync", path="journal.db-wal"),
    "eio-commit-pwrite": functools.partial(everywhere, call="pwrite", path="journal.db-wal"),
    "eio-checkpoint-pwrite": functools.partial(
        everywhere, call="pwrite", path="journal.db$", size=24, most=4),
    "eio-checkpoint-fdatasync": functools.partial(
        everywhere, call="fdatasync", path="journal.db$", size=24),
    "eio-journal-fsync": functools.partial(everywhere, call="fsync", path="/journal"),
    "eio-step-syncfs": functools.partial(everywhere, call="syncfs", path=""),
    "eio-file-fsync": functools.partial(everywhere, call="fsync", path="/root"),
}
