"""Pawl in slow motion: every sync of its journal takes a moment before and after it is done, and
the lab looks at the journal's bytes in between. So a cut can be put to either side of one sync."""

import os
import time

MOMENT = 40_000  # microseconds
TRACER = (
    "strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fdatasync", "-e", "signal=none",
    "-e", f"inject=fdatasync:delay_enter={MOMENT}:delay_exit={MOMENT}")


class Slow:
    def __init__(self, lab):
        self.lab = lab
        self.trace = os.path.join(lab.folder, "trace")

    def cut(self, story, words, word, when, step=None, between=None):
        """False where the call ended without that transition."""
        lab = self.lab
        before = lab.history.newest
        lab.program.before = [*TRACER, "-o", self.trace]
        try:
            call = lab.program.start(*words)
        finally:
            lab.program.before = []
        calls = [call]
        try:
            seen = self.wait_for(calls, story, word, step, between, before)
            if seen is None:
                return False
            if when == "after":
                self.wait_for_sync(call)
            lab.cut(calls, story.plan, also=seen if when == "after" else None)
        finally:
            self.forget_trace()
        if story.plan.number is None:
            story.plan.adopt(lab.history, before, call)
        return True

    def wait_for(self, calls, story, word, step, between, before):
        """The journal's events as soon as the one is among them, written but not yet synced."""
        looked = None
        while calls[0].status is None:
            now = self.lab.peek.look()
            if now == looked:
                time.sleep(0.001)
                continue
            looked, self.synced = now, self.syncs()
            history = self.lab.peek.history()
            for event in history.events:
                if event.sequence > before and event.word == word and step in (None, event.step):
                    return history
                if between and event.word == "step start" and event.sequence > before:
                    calls.append(self.lab.program.start(between, str(story.plan.number)))
                    between = None
        return None

    def wait_for_sync(self, call):
        end = time.monotonic() + 2
        while self.syncs() == self.synced and call.status is None and time.monotonic() < end:
            time.sleep(0.0005)

    def forget_trace(self):
        if os.path.exists(self.trace):
            os.unlink(self.trace)

    def syncs(self):
        """Syncs that are done; the tracer writes a line when one has returned."""
        try:
            with open(self.trace) as file:
                return file.read().count("= 0")
        except FileNotFoundError:
            return 0
