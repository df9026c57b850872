"""One case: its disks, its journal, its plan, and what has to be true whatever the fault was."""

import contextlib
import json
import os
import shutil
import signal

from .disk import Disk
from .program import Program
from .steps import Ledger, counted, recipe

APPROVABLE = ("pending", "failed", "stale", "interrupted")


class Wrong(Exception):
    """Nothing sensible can be done after this."""


class Stage:
    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.folder = os.path.join(lab, name)
        os.makedirs(self.folder)
        self.open = contextlib.ExitStack()
        self.wrong = []
        self.said = ""
        self.ledger = Ledger(self.folder)
        self.remembered = {}

    def disk(self, name, mebibytes, options="defaults"):
        disk = Disk(self.folder, name, mebibytes, options)
        self.open.callback(disk.close)
        return disk

    def set_up(self, journal_folder, root):
        """Where the journal stands, and the system that is changed."""
        os.makedirs(root, exist_ok=True)
        os.chmod(root, 0o777)
        self.root = root
        self.journal = os.path.join(journal_folder, "journal", "journal.db")
        self.pawl = Program(os.path.join(self.lab, "pawl"), self.journal, root, self.folder)

    def counted(self, name, body="", **rest):
        return counted(self.folder, self.ledger, name, body, **rest)

    def plan(self, steps):
        self.steps = steps
        self.recipe = os.path.join(self.folder, "recipe.yaml")
        with open(self.recipe, "w") as file:
            file.write(recipe(steps))
        planned = self.must(self.pawl.ask("plan", self.recipe, "--json"), 0)
        self.number = str(planned.json()["plan"])
        self.remember()

    # What Pawl is asked.

    def require(self, holds, sentence):
        if not holds:
            self.wrong.append(sentence)
        return holds

    def must(self, answer, *statuses):
        """For what the case cannot go on without."""
        if answer.status not in statuses:
            raise Wrong(f"{answer}; expected {' or '.join(map(str, statuses))}")
        return answer

    def expect(self, answer, *statuses):
        """A runner that has recorded everything says nothing."""
        is_silent = answer.words[0] != "runner" and not answer.said
        self.require(
            answer.status in statuses and not is_silent,
            f"{answer}; expected {' or '.join(map(str, statuses))}")
        return answer

    def show(self):
        return self.must(self.pawl.ask("show", self.number, "--json"), 0).json()

    def states(self):
        return {step["id"]: step["state"] for step in self.show()["steps"]}

    def approve(self, *names):
        """By digest; without names everything that lacks an approval."""
        words = []
        for step in self.show()["steps"]:
            if step["state"] in APPROVABLE and (not names or step["id"] in names):
                words += ["--step", step["id"], "--digest", step["digest"]]
        answer = self.must(self.pawl.ask("approve", self.number, *words), 0)
        self.remember()
        return answer

    def status(self, *expected):
        """The plan is in a named state, with a sentence and what to do next. `expected`: the words
        of the states that it may be in, `waiting resources` for one."""
        answer = self.must(self.pawl.ask("status", self.number, "--json"), 0).json()
        state = " ".join(filter(None, (answer["state"], answer["waiting_for"])))
        text = self.must(self.pawl.ask("status", self.number), 0).output
        lines = text.splitlines()
        ends_well = lines[-1].startswith("Next: ") and len(lines[-1]) > 8
        self.require(ends_well, f"status ends without Next: {text}")
        wanted = " or ".join(expected)
        self.require(state in expected, f"the plan is {state}, expected {wanted}: {text}")
        why = " ".join(
            line.strip() for line in lines if line.startswith(("  Because", "  Step ")))
        if state.split()[0] in ("waiting", "failed"):
            self.require(why, f"status does not say why the plan is {state}: {text}")
        self.said = " ".join(filter(None, (state + ":", why, lines[-1])))
        return state

    # What has to be true.

    def export(self):
        answer = self.pawl.ask("history", "export")
        if not self.require(answer.status == 0, str(answer)):
            return []
        return [json.loads(row) for row in answer.output.splitlines()]

    def remember(self):
        """What was acknowledged: it has to be in the journal for ever."""
        self.remembered.update({row["sequence"]: row["hash"] for row in self.export()})

    def check(self):
        verdict = self.pawl.ask("history", "verify")
        self.require(verdict.status == 0, str(verdict))
        rows = self.export()
        now = {row["sequence"]: row["hash"] for row in rows}
        lost = [number for number, hash in self.remembered.items() if now.get(number) != hash]
        self.require(not lost, f"lost: events {lost}")
        started = [row["step"] for row in rows if self.event(row) == "start"]
        for name in set(self.ledger.begun()):
            self.require(
                started.count(name) >= self.ledger.begun().count(name),
                f"{name} began more often than the journal has intents of it")
        return rows

    @staticmethod
    def event(row):
        return json.loads(row["payload"])["event"] if row["kind"] == "step.changed" else None

    def effects(self):
        """Each step's effect is there, and was brought about once."""
        for step in self.steps:
            if step.is_counted:
                ends = self.ledger.ended().count(step.name)
                self.require(ends == 1, f"{step.name} was done {ends} times")
            else:
                self.require(step.holds(), f"the file of {step.name} is not what it should be")

    def finish(self, *by):
        """The cause is gone: what Pawl asks for, until the plan has succeeded. `by`: the verbs that
        are to be enough, where the case knows them."""
        used = []
        while len(used) < 10:
            answer = self.pawl.ask("resume", self.number)
            used.append("resume")
            if answer.status == 0:
                break
            used.append(self.settle(answer))
        self.require(answer.status == 0, f"the plan did not come to its end by {used}: {answer}")
        self.require(not by or tuple(used) == by, f"it took {used}, not {list(by)}")
        self.require(
            used == ["resume"] or "then run `pawl resume`" not in self.said,
            f"Pawl said that `pawl resume` is enough; it took {used}")
        self.check()
        self.effects()
        return used

    def settle(self, answer):
        """Does what is asked for, as a person would who looks at the ledger."""
        lacking = [step for step in self.show()["steps"] if step["state"] in APPROVABLE]
        if not lacking or answer.status not in (1, 3, 5):
            raise Wrong(f"nothing to settle: {answer}")
        first = lacking[0]
        if first["state"] != "interrupted":
            self.approve()
            return "approve"
        what = ["done"] if first["id"] in self.ledger.ended() else [
            "retry", "--digest", first["digest"]]
        self.must(self.pawl.ask("resolve", self.number, "--step", first["id"], *what), 0)
        return f"resolve {what[0]}"

    def end_leftovers(self):
        """Runners and steps of this case that a lab which was stopped would leave behind."""
        mine = (self.folder + "/").encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/cmdline", "rb") as line:
                    words = line.read()
                if mine in words and int(pid) != os.getpid():
                    os.kill(int(pid), signal.SIGKILL)

    def close(self):
        """What was found stays, the disks go."""
        self.end_leftovers()
        if self.wrong and hasattr(self, "journal"):
            evidence = os.path.join(self.folder, "evidence")
            with contextlib.suppress(OSError, shutil.Error):
                shutil.copytree(os.path.dirname(self.journal), evidence)
        self.open.close()
        if not self.wrong:
            shutil.rmtree(self.folder)
