"""The two who build under power cuts: Pawl, and a person who types `make` again."""

import json
import subprocess
import time

from .plan import make_approved
from .tree import BUILDER, FIXED, OPTION


class Plain:
    """`make` by hand, as often as the power comes back."""

    name = "make"

    def __init__(self, lab, tree, what):
        self.lab, self.tree, self.what = lab, tree, what
        self.attempts = 0

    def start(self):
        self.attempts += 1
        words = " ".join([*self.tree.argv, *self.tree.targets])
        if self.what == "option":
            words = f"{self.tree.change_option} && {words}"
        with open(f"{self.lab.folder}/make-{self.attempts}.log", "wb") as log:
            self.process = subprocess.Popen(
                [*BUILDER, "sh", "-c", words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env={**FIXED, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"},
                preexec_fn=self.lab.group.enter)

    def is_over(self):
        return self.process.poll() is not None

    def finish(self):
        return self.process.wait()

    def look_ahead(self):
        pass

    def covered(self):
        return {}

    def check(self):
        pass


class Pawl:
    """A plan whose last step is the build; after each cut `pawl resume`, nothing else."""

    name = "pawl"

    def __init__(self, lab, tree, what):
        self.lab, self.tree, self.what = lab, tree, what
        self.plan()

    def plan(self):
        program = self.lab.program
        program.journal = self.lab.disk.path("journal", "journal.db")
        program.root = self.lab.disk.path("root")
        subprocess.run(["mkdir", "-p", program.root], check=True)
        recipe = f"{self.lab.folder}/build.yaml"
        with open(recipe, "w") as file:
            file.write(self.recipe())
        self.number = make_approved(program, recipe)
        self.lab.disk.sync()

    def recipe(self):
        """A path that begins with a parameter is taken as it is, not below the root."""
        fixed = ", ".join(f'{name}: "{value}"' for name, value in FIXED.items())
        argv = json.dumps(self.tree.argv).replace(self.tree.work, "{{work}}")
        text = (
            "name: build\ndescription: Build a kernel\nrollback: {description: none}\n"
            f"parameters: {{work: {{default: {self.tree.work}, pattern: '^/.+$'}}}}\nsteps:\n")
        begin = f"    risk: high\n    timeout: 4h\n    environment: {{{fixed}}}\n"
        if self.what == "option":
            text += (
                f"  - id: options\n    label: Change an option\n{begin}"
                "    kernel_config: {tree: '{{work}}/source', build: '{{work}}/build', "
                f"set: [{{{OPTION}: n}}]}}\n")
        for name, targets in (("prepare", ["prepare"]), ("build", self.tree.targets)):
            text += (
                f"  - id: {name}\n    label: Run make {name}\n{begin}"
                f"    build: {{directory: '{{{{work}}}}/build', argv: {argv}, "
                f"targets: {json.dumps(targets)}}}\n")
        return text

    def start(self):
        self.call = self.lab.program.start("resume", self.number)

    def is_over(self):
        return self.call.status is not None

    def finish(self):
        return self.call.wait(3600).status

    def look_ahead(self):
        self.tree.hash_ahead()

    def events(self, *words):
        return [event for event in self.lab.peek.history().of(int(self.number))
                if event.word in words]

    def covered(self):
        """What the newest checkpoint promises to be on disk; nothing before the first."""
        cutoffs = [event.payload["cutoff"] for event in self.events("checkpoint", "tree")
                   if event.payload.get("cutoff")]
        return self.tree.covered(cutoffs[-1]) if cutoffs else {}

    def check(self):
        verdict = self.lab.program.ask("history", "verify")
        if verdict.status != 0:
            self.lab.violation(f"history verify: {verdict.output()}{verdict.errors()}")

    def sync_share(self):
        """Of the time of its attempts, in percent: blocked in the syncs of checkpoints."""
        last = {event.attempt: event.payload for event in self.events("checkpoint")
                if event.step == "build"}
        blocked = sum(payload.get("syncMillis") or 0 for payload in last.values())
        ran = max((payload["millis"] for payload in last.values()), default=0)
        return blocked * 100 / ran if ran else 0.0

    def repairs(self):
        return [event.payload["text"] for event in self.events("note")
                if event.payload["topic"] == "repair"]


def wait(builder, seconds):
    """True where the build is still under way when the time is up."""
    end = time.monotonic() + seconds
    looked = time.monotonic()
    while time.monotonic() < end and not builder.is_over():
        time.sleep(0.01)
        if time.monotonic() - looked > 4:
            builder.look_ahead()
            looked = time.monotonic()
    return not builder.is_over()
