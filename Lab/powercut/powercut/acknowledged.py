"""What Pawl has said to somebody before the cut, and whether the journal still says it after."""

import json
import re

from .events import History

STATES = {
    "approved": ("approve",), "started": ("start",), "succeeded": ("succeed", "prove"),
    "failed": ("fail",), "interrupted": ("interrupt",), "skipped": ("skip",),
    "stale": ("go-stale",), "undoing": ("begin-undo",), "undone": ("finish-undo",),
    "undo-failed": ("fail-undo",),
}
PLANS = {
    "running": "run", "waiting for approval": "wait approval", "succeeded": "succeed",
    "waiting for a restart of the host": "wait reboot", "waiting for a person": "wait person",
    "waiting for space or another resource": "wait resources", "failed": "fail",
    "rolling back": "beginRollback", "rolled back": "finishRollback",
    "stuck in its rollback": "failRollback", "abandoned": "abandon",
}
STEP_LINE = re.compile(r"^\[\d+/\d+\] (\S+)  ([a-z-]+)(  |$)")
PLAN_LINE = re.compile(r"^plan (\d+) is ([a-z ]+)(:|$)")
STATUSES = {0: "succeed", 1: "fail", 4: "finishRollback", 102: "wait reboot"}


class Acknowledged:
    """Claims, each a sentence and a question to the journal. Counted, so that an empty proof shows."""

    def __init__(self):
        self.claims = []

    def claim(self, sentence, holds):
        self.claims.append((sentence, holds))

    def lost(self, history):
        return [sentence for sentence, holds in self.claims if not holds(history)]

    # Whatever was printed of the journal once.

    def take_history(self, before):
        for event in before.events:
            self.claim(
                f"event {event.sequence}, {event.word}, that history export had printed",
                lambda history, event=event: len(history.events) >= event.sequence
                and history.events[event.sequence - 1].hash == event.hash)

    # What a call printed, and how it ended.

    def take_call(self, call, plan, since):
        verb, output = call.verb, call.output()
        if verb == "plan" and output.endswith("}\n"):
            number = json.loads(output)["plan"]
            self.event(number, None, ("plan.created",), 0, "plan printed its number")
        elif verb == "approve" and "approved" in output:
            self.take_approval(call, plan, since)
        elif verb in ("pause", "cancel") and output:
            word = "abandon" if "--keep" in call.words else verb
            self.event(plan, None, (f"control {word}",), since, f"{verb} answered")
            if f"Plan {plan} is abandoned" in output:
                self.event(plan, None, ("plan abandon",), since, f"{verb} answered")
        elif verb == "resolve" and "Next:" in output:
            words = {
                "done": "step prove", "retry": "step approve", "undo": "control rollback"}
            settlement = call.words[4]
            step = None if settlement == "undo" else call.words[3]
            self.event(plan, step, (words[settlement],), since, "resolve answered")
        elif verb == "history":
            self.take_export(output)
        elif verb in ("run", "resume", "rollback"):
            self.take_progress(call, plan, since)

    def take_export(self, output):
        """Whole lines only: the last one may have been on its way out."""
        self.take_history(History.parse(output[: output.rfind("\n") + 1]))

    def take_approval(self, call, plan, since):
        words = list(call.words)
        for index, word in enumerate(words):
            if word != "--step":
                continue
            step, digest = words[index + 1], words[index + 3]
            self.claim(
                f"the approval of {step}: approve answered",
                lambda history, step=step, digest=digest: any(
                    event.digest == digest for event in history.of(plan, step, "step approve")))

    def take_progress(self, call, plan, since):
        for line in call.errors().splitlines(keepends=True):
            if not line.endswith("\n"):
                continue
            if found := STEP_LINE.match(line):
                words = tuple(f"step {word}" for word in STATES[found[2]])
                self.event(plan, found[1], words, since, f"{call.verb} printed it")
            elif found := PLAN_LINE.match(line):
                self.event(plan, None, (f"plan {PLANS[found[2]]}",), since, f"{call.verb} printed it")
        if call.status in STATUSES:
            word = f"plan {STATUSES[call.status]}"
            self.event(plan, None, (word,), 0, f"{call.verb} exited with {call.status}")

    def event(self, plan, step, words, since, why):
        self.claim(
            f"plan {plan} {step or ''}: {' or '.join(words)}: {why}",
            lambda history: any(history.of(plan, step, word, since) for word in words))

    # What a step that began, or a next step that began, says.

    def take_ledger(self, ledger, plan):
        for name, attempt in ledger.starts():
            self.claim(
                f"the start of {name}, attempt {attempt}: its program had begun",
                lambda history, name=name, attempt=attempt: any(
                    event.attempt == attempt for event in history.of(plan, name, "step start")))
        for name, attempt in ledger.outlived():
            self.claim(
                f"the outcome of {name}, attempt {attempt}: a later step had begun",
                lambda history, name=name, attempt=attempt: any(
                    event.attempt == attempt and event.word in OUTCOMES
                    for event in history.of(plan, name)))


OUTCOMES = {"step succeed", "step fail", "step interrupt", "step prove"}
