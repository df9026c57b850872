"""A file system that the kernel turns read-only while a step is at work on it."""

import os
import time

from .steps import written


def await_line(ledger, line, process, seconds=60):
    """True once the ledger has it; False where the process ended without."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and line not in ledger.lines():
        if process.poll() is not None:
            return line in ledger.lines()
        time.sleep(0.01)
    return line in ledger.lines()


def under_step(stage, journal_on):
    """`journal_on`: whether the journal stands on the file system that fails, or elsewhere."""
    failing = stage.disk("disk", 96, options="errors=remount-ro")
    other = stage.disk("other", 96)
    gate = os.path.join(stage.folder, "gate")
    stage.set_up((failing if journal_on else other).mountpoint, failing.folder("root"))
    slow = stage.counted("slow", f"while [ ! -e {gate} ]; do sleep 0.02; done\necho is done")
    stage.plan([stage.counted("before"), slow, written(stage.root, "file", "whole\n" * 100),
                stage.counted("after")])
    stage.approve()
    words = ("resume", stage.number)
    process = stage.pawl.start(*words)
    stage.require(await_line(stage.ledger, "begin slow", process), "the step did not begin")
    stage.remember()
    failing.fail()
    stage.require(failing.is_read_only(), "the file system is still writable")
    with open(gate, "w"):
        pass
    answer = stage.expect(stage.pawl.finish(process, words), *((5, 74) if journal_on else (1, 5)))
    stage.require("after" not in stage.ledger.begun(), "after began on a failed file system")
    if journal_on:
        while_read_only(stage, answer)
    else:
        stage.status("failed", "waiting person")
        stage.check()
    failing.unmount()
    failing.repair()
    failing.mount()
    stage.finish()


def while_read_only(stage, answer):
    """The journal can be read and not written: Pawl says so, and says nothing that is not so."""
    stage.status("running")
    stage.require(
        "read-only" in answer.said or "disk failed" in answer.said,
        f"the fault is not named: {answer.said}")
    stage.check()
    before = stage.ledger.lines()
    again = stage.expect(stage.pawl.ask("resume", stage.number), 5, 74, 77)
    stage.require("read-only" in again.said, f"the fault is not named: {again}")
    stage.require(stage.ledger.lines() == before, "something was run without a journal")
    stage.said += f" | resume exits with {again.status}: {again.said}"


CASES = {
    "read-only-under-journal": lambda stage: under_step(stage, journal_on=True),
    "read-only-under-step": lambda stage: under_step(stage, journal_on=False),
}
