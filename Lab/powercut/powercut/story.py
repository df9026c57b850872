"""The life of one plan under random cuts: what a person would type next, by rule."""

import time

from .audit import unfinished
from .ledger import Ledger
from .plan import Plan, digests

# Seconds within which a cut falls after its call began: some more than the call takes, so that
# cuts at rest, with everything answered, are among them.
SPANS = {
    "create": 0.2, "approve": 0.12, "run": 0.6, "resume": 0.6, "control": 0.7, "rollback": 0.6,
    "resolve": 0.12}
# How often it is cut at all: what plans do for longest comes last and is cut most.
CHANCES = {"create": 0.5, "approve": 0.4, "resolve": 0.6, "rollback": 0.9, "run": 0.9, "resume": 0.9}


class Story:
    def __init__(self, lab, counts, *what):
        self.lab = lab
        self.counts = counts
        self.dice = lab.dice
        self.plan = Plan(lab, *what)
        self.wants_rollback = self.dice.random() < 0.4
        self.may_fail = False
        self.stages = 0

    def tell(self, is_enough):
        """Goes on until the plan is settled; no more cuts once it is enough."""
        while self.plan.number is None:
            self.stage("create", ["plan", self.plan.path, "--json"], not is_enough())
        while self.stages < 150:
            shown = self.lab.audit(self.plan)
            self.lab.stop_if_wrong()
            if self.is_over(shown):
                return
            phase, words = self.next(shown)
            if words is None:
                self.lab.violation(f"plan {self.plan.number} is stuck: {shown['state']}: "
                                   f"{shown.get('why')}")
                break
            self.stage(phase, words, not is_enough())
        self.lab.violation(f"plan {self.plan.number} does not settle")
        self.lab.stop_if_wrong()

    def is_over(self, shown):
        state = shown["state"]
        if state == "succeeded":
            states = {step["id"]: step["state"] for step in shown["steps"]}
            ledger = Ledger(self.plan.place.ledger)
            for sentence in unfinished(self.plan.steps, ledger, states):
                self.lab.violation(sentence)
            return not self.wants_rollback
        return state in ("rolled-back", "abandoned")

    # What to do next.

    def next(self, shown):
        number, state, reason = str(self.plan.number), shown["state"], shown.get("waiting_for")
        interrupted = next((s for s in shown["steps"] if s["state"] == "interrupted"), None)
        missing = digests(shown)
        if state == "succeeded" and self.wants_rollback:
            return "rollback", ["rollback", number, "--digest", shown["digest"]]
        if state == "rollback-failed" and self.may_fail:
            return "rollback", ["rollback", number, "--digest", shown["digest"]]
        if state == "waiting" and interrupted and self.asks_about(interrupted, reason):
            return "resolve", self.settle(number, interrupted)
        if state == "failed" and self.may_fail:
            return ("approve", ["approve", number, *missing]) if missing else (
                "resume", ["resume", number])
        if state in ("planned", "waiting") and missing:
            return "approve", ["approve", number, *missing]
        if state == "waiting" and self.wants_rollback and self.dice.random() < 0.05:
            return "rollback", ["rollback", number, "--digest", shown["digest"]]
        if reason == "reboot":
            self.lab.boot.again()
        if state in ("planned", "running", "rolling-back", "waiting"):
            is_first = state == "planned"
            return ("run", ["run", number]) if is_first else ("resume", ["resume", number])
        return "stuck", None

    def asks_about(self, shown, reason):
        """A plan that was paused with a step in flight waits for a person too, but not for this."""
        policy = self.plan.step(shown["id"]).policy
        return (policy, reason) in (("ask", "person"), ("check", "approval"))

    def settle(self, number, shown):
        """As a person would who has looked; the ledger and the file are what there is to see."""
        step = self.plan.step(shown["id"])
        is_done = Ledger(self.plan.place.ledger).has_ended(step.name) and (
            not step.writes_file or step.is_at(step.done))
        if step.policy == "check" and is_done:
            self.lab.violation(f"{step.name} ({step.kind}) is done, and a person is asked")
        self.counts["settled by a person"] += 1
        words = ["resolve", number, "--step", step.name]
        return words + (["done"] if is_done else ["retry", "--digest", shown["digest"]])

    # Doing it, under a cut or not.

    def stage(self, phase, words, may_cut):
        self.stages += 1
        before = self.lab.history.newest
        call = self.lab.program.start(*words)
        calls = [call]
        if may_cut and self.dice.random() < CHANCES[phase]:
            self.cut(phase, calls)
        else:
            call.wait()
            self.lab.check(self.lab.said(calls, self.plan), f"{phase} without a cut")
        if self.plan.number is None:
            self.plan.adopt(self.lab.history, before, call)
        self.lab.stop_if_wrong()

    def cut(self, phase, calls):
        lab, call = self.lab, calls[0]
        controls = phase in ("run", "resume") and self.dice.random() < 0.25
        follows = not controls and self.dice.random() < 0.2
        if controls:
            phase = "control"
        end = time.monotonic() + self.dice.random() * SPANS[phase]
        if controls:
            self.control(calls, end)
        elif follows and phase != "create":
            self.follow(calls, end)
        lab.sleep_until(end, calls[-1])
        lab.sleep_until(end, call)
        in_flight = any(call.status is None for call in calls)
        lab.cut(calls, self.plan)
        self.counts[f"phase {phase}" if in_flight else f"phase {phase}, answered"] += 1
        self.counts[f"after {lab.history.last_word}"] += 1

    def control(self, calls, end):
        """A pause, or a cancel, somewhere on the way."""
        time.sleep(max(0, end - time.monotonic()) * self.dice.random())
        if self.plan.number:
            verb = self.dice.choice(("pause", "pause", "cancel"))
            calls.append(self.lab.program.start(verb, str(self.plan.number)))

    def follow(self, calls, end):
        """Somebody reads along: every event that was printed has been acknowledged."""
        while time.monotonic() < end and calls[0].status is None:
            reader = self.lab.program.start("history", "export")
            self.lab.sleep_until(end, reader)
            calls.append(reader)
