"""A journal that was deleted, and one that an older copy was put in place of."""

import contextlib
import os
import shutil
import sqlite3

BESIDES = ("", "-wal", "-shm")


def waiting(stage):
    """A plan whose first step is done and whose second has not been approved."""
    disk = stage.disk("disk", 96)
    stage.set_up(disk.mountpoint, os.path.join(stage.folder, "root"))
    stage.plan([stage.counted("first"), stage.counted("second"), stage.counted("third")])
    stage.approve("first")
    stage.older = os.path.join(stage.folder, "older.db")
    copy(stage.journal, stage.older)
    stage.expect(stage.pawl.ask("resume", stage.number), 3)
    stage.approve("second", "third")
    stage.status("waiting approval")
    stage.check()
    stage.head = stage.journal + ".head"


def copy(source, target):
    """What a careful person keeps: one file that holds all that was committed."""
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as journal:
        with contextlib.closing(sqlite3.connect(target)) as kept:
            journal.backup(kept)
    os.chmod(target, 0o600)


def take_away(stage):
    """Into a folder of the case; the head stays where it is."""
    kept = os.path.join(stage.folder, "kept")
    os.makedirs(kept)
    for suffix in BESIDES:
        if os.path.exists(stage.journal + suffix):
            shutil.move(stage.journal + suffix, os.path.join(kept, "journal.db" + suffix))
    return kept


def put_back(stage, kept):
    for suffix in BESIDES:
        if os.path.exists(stage.journal + suffix):
            os.unlink(stage.journal + suffix)
    for name in os.listdir(kept):
        shutil.move(os.path.join(kept, name), os.path.join(os.path.dirname(stage.journal), name))


def refused(stage, what, *statuses):
    """In words, with nothing run and nothing made."""
    before = listing(stage)
    answer = stage.expect(stage.pawl.ask(*what), *statuses)
    stage.require(stage.ledger.ended() == ["first"], f"{what[0]} ran {stage.ledger.ended()}")
    after = listing(stage)
    stage.require(
        before == after, f"{what[0]} was refused and changed what is there: {before} to {after}")
    return answer


def listing(stage):
    folder = os.path.dirname(stage.journal)
    found = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".lock", ".runner.log", "-shm")):
            found[name] = os.path.getsize(os.path.join(folder, name))
    return found


def deleted(stage):
    waiting(stage)
    said = []
    kept = take_away(stage)
    with open(stage.head, "rb") as file:
        head = file.read()
    for verb in ("resume", "status"):
        answer = refused(stage, (verb, stage.number), 5, 65, 66)
        stage.require(
            "no journal" in answer.said or "head" in answer.said,
            f"{verb} does not say that the journal is gone: {answer.said}")
        said.append(f"{verb} exits with {answer.status}: {answer.said}")
    answer = refused(stage, ("plan", stage.recipe), 5, 6, 65, 66, 73)
    stage.require(
        "head" in answer.said, f"plan does not say what the head is a sign of: {answer.said}")
    said.append(f"plan exits with {answer.status}: {answer.said}")
    with open(stage.head, "rb") as file:
        stage.require(file.read() == head, "the head of the journal that is gone was replaced")
    stage.said = " | ".join(said)
    bare = stage.pawl.ask("status")
    stage.require(bare.status != 0, f"a new journal was begun all the same: {bare}")
    put_back(stage, kept)
    stage.finish("resume")


def rewound(stage):
    waiting(stage)
    said = []
    kept = take_away(stage)
    shutil.copyfile(stage.older, stage.journal)
    os.chmod(stage.journal, 0o600)
    for words in (("resume", stage.number), ("run", stage.number), ("plan", stage.recipe),
                  ("rollback", stage.number)):
        answer = refused_rewound(stage, words)
        said.append(f"{words[0]} exits with {answer.status}")
    said.append(answer.said)
    verdict = stage.pawl.ask("history", "verify")
    stage.require(verdict.status not in (0,) and verdict.said, f"verify finds nothing: {verdict}")
    status = stage.pawl.ask("status", stage.number)
    stage.require(
        "head" in status.output + status.errors,
        f"status shows the older state as if it were the present one: {status}")
    stage.said = " | ".join(said)
    put_back(stage, kept)
    stage.finish("resume")


def refused_rewound(stage, words):
    answer = stage.expect(stage.pawl.ask(*words), 5, 65)
    stage.require(stage.ledger.ended() == ["first"], f"{words[0]} ran {stage.ledger.ended()}")
    stage.require(
        "head" in answer.said and "event" in answer.said,
        f"{words[0]} does not say that the journal is rewound: {answer.said}")
    return answer


CASES = {"journal-deleted": deleted, "journal-rewound": rewound}
