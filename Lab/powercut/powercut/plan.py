"""One plan on its way: what there is of it outside the disk that is cut."""

import json
import os

from . import recipe


class Plan:
    count = 0

    def __init__(self, lab, length=recipe.COUNT, extra=()):
        Plan.count += 1
        self.number = None
        self.digest = None
        self.place = recipe.Place(Plan.count, lab.program.root, lab.folder)
        self.steps, text = recipe.make(self.place, lab.dice, length, extra)
        self.place.prepare(self.steps)
        lab.disk.sync()
        self.path = os.path.join(lab.folder, f"recipe-{Plan.count}.yaml")
        with open(self.path, "w") as file:
            file.write(text)

    def step(self, name):
        return next((step for step in self.steps if step.name == name), None)

    def adopt(self, history, before, call):
        """Finds the plan in the journal, whether or not its number was ever printed."""
        if call.output().endswith("}\n"):
            self.digest = json.loads(call.output())["digest"]
        created = [
            event for event in history.events
            if event.word == "plan.created" and event.sequence > before]
        if created:
            self.number = created[-1].plan
        return self.number is not None

    def remove(self):
        for path in (self.path, self.place.ledger):
            os.unlink(path)


def digests(shown, only=None):
    """The words that approve every step, or those named."""
    words = []
    for step in shown["steps"]:
        if step["state"] in ("pending", "failed", "stale") if only is None else step["id"] in only:
            words += ["--step", step["id"], "--digest", step["digest"]]
    return words


def make_approved(program, path):
    """The number of a plan of that recipe, ready to be run."""
    planned = program.ask("plan", path, "--json")
    if planned.status != 0:
        raise RuntimeError(planned.errors())
    number = str(json.loads(planned.output())["plan"])
    shown = program.show(number)
    approved = program.ask("approve", number, *digests(shown), "--host", shown["host"])
    if approved.status != 0:
        raise RuntimeError(approved.errors())
    return number
