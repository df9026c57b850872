"""Pawl as a person or a script calls it, in the control group that is cut."""

import json
import os
import subprocess

# Statuses that a call may end with; everything else means that a journal needs a person.
EXPECTED = {
    "plan": {0}, "approve": {0}, "show": {0}, "resolve": {0}, "history": {0},
    "pause": {0, 6}, "cancel": {0, 6},
    "run": {0, 1, 3, 5, 6, 102}, "resume": {0, 1, 3, 4, 5, 6, 102}, "rollback": {4, 5},
}


class Call:
    """One call: what it printed is kept on a disk that is not cut."""

    def __init__(self, words, process, path):
        self.words = words
        self.process = process
        self.path = path

    @property
    def verb(self):
        return self.words[0]

    @property
    def status(self):
        """None while it is alive, negative where a signal ended it."""
        return self.process.poll()

    def wait(self, seconds=60):
        self.process.wait(seconds)
        return self

    def output(self):
        return self.text(".1")

    def errors(self):
        return self.text(".2")

    def text(self, suffix):
        with open(self.path + suffix, errors="replace") as file:
            return file.read()

    def is_unexpected(self):
        return self.status is not None and self.status not in EXPECTED[self.verb]

    def __str__(self):
        return f"pawl {' '.join(self.words[:3])}"


class Program:
    def __init__(self, path, group, folder):
        self.path = path
        self.group = group
        self.folder = os.path.join(folder, "calls")
        os.makedirs(self.folder, exist_ok=True)
        self.count = 0
        self.journal = None
        self.root = None
        # Words before the program: a tracer, for cuts at exact instants.
        self.before = []

    def start(self, *words):
        self.count += 1
        path = os.path.join(self.folder, str(self.count))
        argv = self.before + [self.path, *words, "--journal", self.journal, "--root", self.root]
        with open(path + ".1", "wb") as output, open(path + ".2", "wb") as errors:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd="/",
                preexec_fn=self.group.enter)
        return Call(words, process, path)

    def ask(self, *words):
        """A call to its end, never traced."""
        before, self.before = self.before, []
        try:
            return self.start(*words).wait()
        finally:
            self.before = before

    def show(self, plan):
        call = self.ask("show", str(plan), "--json")
        return json.loads(call.output()) if call.status == 0 else None

    def forget(self):
        """The calls of plans that came to a good end."""
        for name in os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, name))
