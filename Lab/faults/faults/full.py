"""Full disks: what cannot be recorded is not started, what was started is recorded."""

import contextlib
import functools
import json
import os
import sqlite3
import subprocess

from .readonly import await_line
from .steps import copied, holds, written

MEBI = 1 << 20
# With less than this beside the journal no step begins.
RESERVE = 32 * MEBI


# 8 MiB that cannot be packed, at once.
FLOOD = "head -c 6M /dev/urandom | base64"
# Almost as much as is set aside for an outcome, then pieces so small that the last one leaves less
# than an outcome needs.
TRICKLE = (
    "head -c 3500K /dev/urandom | base64\n"
    "for piece in $(seq 40); do head -c 18K /dev/urandom | base64; sleep 0.27; done")


def under_output(stage, leave):
    """The step fills the disk of the journal save `leave` MiB, then prints: its outcome has the
    space that was set aside for it, its output what is left."""
    disk = stage.disk("disk", 160)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    fill = disk.folder("fill")
    flood = stage.counted("flood", (
        f"head -c {leave}M /dev/zero >{fill}/spare\nsync {fill}/spare\n"
        f"head -c 500M /dev/zero >{fill}/rest 2>/dev/null\nsync {fill}/rest\nrm {fill}/spare\n"
        f"{FLOOD}"))
    stage.plan([stage.counted("before"), flood, stage.counted("after")])
    stage.approve()
    stage.expect(stage.pawl.ask("resume", stage.number), 5)
    stage.status("waiting resources")
    states = stage.states()
    stage.require(states["flood"] == "succeeded", f"flood ended well and is {states['flood']}")
    stage.require("after" not in stage.ledger.begun(), "after began on a full disk")
    says_cut(stage, stage.check(), "flood", 6 * MEBI * 4 // 3)
    os.unlink(f"{fill}/rest")
    stage.finish("resume")


def under_trickle(stage):
    """Output takes what it can get, and from then on somebody else takes every block that is freed:
    what was set aside for the outcome must not have gone to the output."""
    disk = stage.disk("disk", 160)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    gate = os.path.join(stage.folder, "gate")
    stage.plan([stage.counted("prints", (
        f"{TRICKLE}\necho 'printed prints' >>{stage.ledger.path}\n"
        f"while [ ! -e {gate} ]; do sleep 0.02; done")), stage.counted("after")])
    stage.approve()
    disk.fill(RESERVE + 10 * MEBI)
    words = ("resume", stage.number)
    process = stage.pawl.start(*words)
    stage.require(await_line(stage.ledger, "begin prints", process), "the step did not begin")
    disk.fill(6 * MEBI)
    stage.require(await_line(stage.ledger, "printed prints", process), "the step did not print")
    with disk.kept_full():
        with open(gate, "w"):
            pass
        stage.expect(stage.pawl.finish(process, words), 5)
    stage.status("waiting resources")
    states = stage.states()
    stage.require(states["prints"] == "succeeded", f"prints ended well and is {states['prints']}")
    stage.check()
    disk.empty()
    stage.finish("resume")


def says_cut(stage, rows, step, printed):
    """Whoever reads the log, or the history, is told that it is not all that the step printed."""
    outputs = [json.loads(row["payload"]) for row in rows
               if row["kind"] == "output" and row["step"] == step]
    kept = sum(output["kept"] for output in outputs)
    if kept >= printed:
        return
    lack = f"{kept} of {printed} bytes of the output are in the journal: "
    stage.require(
        any(output.get("cut") for output in outputs), lack + "the journal does not know that")
    shown = [stage.pawl.ask("logs", stage.number, "--step", step).output,
             stage.pawl.ask("history", "show", stage.number).output]
    stage.require(
        any("[pawl: " in text or "bytes were cut" in text or "no space was left" in text
            for text in shown),
        lack + "neither logs nor history show says so")


def after_backup(stage, size):
    """A backup of `size` MiB fits, then the step takes the rest of the disk: its outcome must have
    its space nevertheless."""
    disk = stage.disk("disk", 160)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    noise(stage.root + "/kept", size)
    fill = disk.folder("fill")
    body = f"head -c 500M /dev/zero >{fill}/rest 2>/dev/null\nsync {fill}/rest"
    stage.plan([stage.counted("fills", body, backup="/kept"), stage.counted("after")])
    stage.approve()
    stage.expect(stage.pawl.ask("resume", stage.number), 5)
    stage.status("waiting resources")
    states = stage.states()
    stage.require(states["fills"] == "succeeded", f"fills ended well and is {states['fills']}")
    stage.check()
    os.unlink(f"{fill}/rest")
    stage.finish("resume")


def before_intent(stage, leave):
    """Filled while the plan waits between two steps; the second must not begin. Where not even the
    wait has space, the call says so and the plan stands where it stood."""
    disk = stage.disk("disk", 96)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    stage.plan([stage.counted("first"), stage.counted("second"), stage.counted("third")])
    stage.approve("first")
    stage.expect(stage.pawl.ask("resume", stage.number), 3)
    stage.approve("second", "third")
    disk.fill(leave * MEBI)
    answer = stage.expect(stage.pawl.ask("resume", stage.number), *((5,) if leave else (5, 74)))
    stage.status("waiting resources", *([] if leave else ["waiting approval"]))
    named = "space" in answer.said
    stage.require(named, f"the lack of space is not named: {answer}")
    stage.require(stage.ledger.begun() == ["first"], f"begun: {stage.ledger.begun()}")
    stage.check()
    disk.empty()
    stage.finish("resume")


def under_backup(stage):
    """Enough space to begin, too little for the backup: the step does not begin."""
    disk = stage.disk("disk", 256)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    noise(stage.root + "/kept", 56)
    stage.plan([
        stage.counted("before"), stage.counted("changes", backup="/kept"), stage.counted("after")])
    stage.approve()
    disk.fill(RESERVE + 8 * MEBI)
    stage.expect(stage.pawl.ask("resume", stage.number), 5)
    stage.status("waiting resources", "waiting person")
    stage.require("space" in stage.said, f"the lack of space is not named: {stage.said}")
    stage.require(stage.ledger.begun() == ["before"], f"begun: {stage.ledger.begun()}")
    stage.check()
    disk.empty()
    stage.finish("resume")
    left = unfinished_blobs(stage.journal)
    stage.require(not left, f"{left} bytes of a backup that did not fit stay in the journal")


def unfinished_blobs(journal):
    """Bytes of blobs that were begun and never got their digest."""
    with contextlib.closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as rows:
        return rows.execute(
            "SELECT coalesce(sum(length(data)), 0) FROM blob_chunk JOIN blob ON blob.id = blob "
            "WHERE digest IS NULL").fetchone()[0]


def under_file_action(stage, make):
    """The system that is changed is full, the journal is elsewhere: the old file stays whole."""
    disk = stage.disk("disk", 64)
    target = stage.disk("target", 96)
    stage.set_up(disk.mountpoint, target.folder("root"))
    noise(stage.root + "/old", 2)
    noise(stage.root + "/source", 24)
    with open(stage.root + "/old", "rb") as file:
        old = file.read()
    stage.plan([stage.counted("before"), make(stage.root), stage.counted("after")])
    stage.approve()
    target.fill(0)
    stage.expect(stage.pawl.ask("resume", stage.number), 1, 5)
    stage.status("failed", "waiting resources", "waiting person")
    stage.require("space" in stage.said, f"the lack of space is not named: {stage.said}")
    stage.require(holds(stage.root + "/old", old), "the old file is not as it was")
    left = sorted(os.listdir(stage.root))
    stage.require(left == ["old", "source"], f"something was left over: {left}")
    stage.require("after" not in stage.ledger.begun(), "after began although a step had failed")
    stage.check()
    target.empty()
    stage.finish()


def copies(root):
    return copied(root, "copies", "/source", "/old")


def writes(root):
    return written(root, "old", "whole\n" * 50_000)


def no_room_for_words(stage):
    """Errors go to a full disk, as those of a runner do: the exit status is what it should be."""
    disk = stage.disk("disk", 64)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    stage.plan([stage.counted("only")])
    stage.approve()
    for words, wanted in ((("show", "9"), 66), (("resume", stage.number), 0)):
        with open("/dev/full", "w") as full:
            status = subprocess.run(
                stage.pawl.argv(words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=full).returncode
        stage.require(status == wanted, f"{words[0]} exited with {status}, expected {wanted}")
        stage.said += f"{words[0]} exits with {status} "
    stage.finish("resume")


def noise(path, mebibytes):
    """What cannot be packed, in a file of the user that steps run as."""
    with open(path, "wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MEBI))
    os.chown(path, 65534, 65534)


CASES = {
    **{f"full-under-output-{leave}": functools.partial(under_output, leave=leave)
       for leave in (0, 1, 3, 7, 12)},
    "full-under-trickle": under_trickle,
    **{f"full-after-backup-{size}": functools.partial(after_backup, size=size)
       for size in (1, 6, 24)},
    **{f"full-before-intent-{leave}": functools.partial(before_intent, leave=leave)
       for leave in (0, 20)},
    "full-under-backup": under_backup,
    "full-under-words": no_room_for_words,
    "full-under-copy": functools.partial(under_file_action, make=copies),
    "full-under-write": functools.partial(under_file_action, make=writes),
}
