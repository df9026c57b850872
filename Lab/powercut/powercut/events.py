"""The journal as `pawl history export` prints it."""

import json

# Every transition that this Pawl can record (a trial and a checkpoint belong to other labs).
TRANSITIONS = (
    ["plan.created"]
    + [f"step {word}" for word in (
        "approve", "revoke", "skip", "start", "succeed", "fail", "interrupt", "prove", "go-stale",
        "begin-undo", "finish-undo", "fail-undo")]
    + [f"plan {word}" for word in (
        "run", "wait approval", "wait reboot", "wait resources", "wait person", "succeed", "fail",
        "beginRollback", "finishRollback", "failRollback", "abandon")]
    + [f"control {word}" for word in ("pause", "cancel", "resume", "rollback", "abandon")]
)


class Event:
    __slots__ = ("sequence", "hash", "plan", "step", "attempt", "kind", "payload", "word")

    def __init__(self, sequence, hash, plan, step, attempt, kind, payload):
        self.sequence, self.hash, self.plan = sequence, hash, plan
        self.step, self.attempt, self.kind = step, attempt, kind
        self.payload = payload
        self.word = self.name()

    def name(self):
        if self.kind == "step.changed":
            return f"step {self.payload['event']}"
        if self.kind == "control":
            return f"control {self.payload[0]}"
        if self.kind != "plan.changed":
            return self.kind
        (word, detail), = self.payload["event"].items()
        return f"plan {word} {detail['_0']}" if detail else f"plan {word}"

    @property
    def digest(self):
        """Of an approval: what was consented to."""
        return self.payload["approval"]["digest"]


class History:
    def __init__(self, events):
        self.events = events

    @classmethod
    def parse(cls, text):
        events = []
        for line in text.splitlines():
            row = json.loads(line)
            events.append(Event(
                row["sequence"], row["hash"], row["plan"], row.get("step"), row["attempt"],
                row["kind"], json.loads(row["payload"])))
        return cls(events)

    @property
    def newest(self):
        return self.events[-1].sequence if self.events else 0

    @property
    def last_word(self):
        """The newest transition: what the cut came right after, as far as the disk knows."""
        words = [event.word for event in self.events if event.word in TRANSITIONS]
        return words[-1] if words else "nothing yet"

    def of(self, plan, step=None, word=None, since=0):
        return [
            event for event in self.events
            if event.sequence > since and event.plan == plan
            and (step is None or event.step == step) and (word is None or event.word == word)]
