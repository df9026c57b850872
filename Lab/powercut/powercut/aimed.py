"""One cut right before, and one right after, each kind of transition becomes durable."""

import os

from .plan import digests
from .slow import Slow
from .story import Story

LENGTH = 14
RESTART = (
    "  - {id: restart, label: restart, risk: medium, restart_required: system, "
    'restart_message: "Restart."}\n')


def late(flag, undo=False):
    """A step, or its undo, that fails until a person has put a file there."""
    test = f'[test, -e, "{flag}"]'
    what = f'command: ["true"], undo: {test}' if undo else f"command: {test}"
    return f"  - {{id: late, label: late, risk: low, interrupted: retry, {what}}}\n"


class Scene(Story):
    """A plan that is led to where one kind of transition comes next."""

    def __init__(self, lab, counts, extra=()):
        self.flag = os.path.join(lab.folder, "flag")
        extra = [late(self.flag, undo=kind == "undo") if kind != "restart" else RESTART
                 for kind in extra]
        super().__init__(lab, counts, LENGTH, extra)
        self.wants_rollback = False
        self.may_fail = True
        self.slow = Slow(lab)

    def quiet(self, phase, *words):
        self.stage(phase, list(words), may_cut=False)

    def made(self):
        self.quiet("create", "plan", self.plan.path, "--json")
        return str(self.plan.number)

    def approved(self):
        number = self.made()
        self.quiet("approve", "approve", number, *digests(self.lab.program.show(number)))
        return number

    def done(self):
        number = self.approved()
        self.quiet("run", "run", number)
        return number

    def lost_in(self, kind):
        """Cut in the middle of a step of that kind, before it said anything."""
        number = self.approved()
        step = [step for step in self.plan.steps if step.kind == kind][-1]
        self.slow.cut(self, ["run", number], "step start", "after", step.name)
        return number

    # Each leads to its transition and returns the call that makes it.

    def create(self):
        return ["plan", self.plan.path, "--json"]

    def approve(self):
        number = self.made()
        return ["approve", number, *digests(self.lab.program.show(number))]

    def run(self):
        return ["run", self.approved()]

    def edited(self):
        number = self.approved()
        step = next(step for step in self.plan.steps if step.kind == "write")
        with open(step.path, "w") as file:
            file.write("somebody else's\n")
        os.chown(step.path, 65534, 65534)
        self.lab.disk.sync()
        return ["run", number]

    def short_of_space(self):
        number = self.approved()
        self.lab.fill()
        return ["run", number]

    def in_flight(self):
        return ["resume", self.lost_in("file-retry")]

    def volatile(self):
        return ["resume", self.lost_in("remove")]

    def waiting(self):
        number = self.lost_in("ask")
        self.quiet("resume", "resume", number)
        return ["resume", number]

    def pause(self):
        return ["pause", self.approved()]

    def cancel(self):
        return ["cancel", self.approved()]

    def keep(self):
        return ["cancel", self.approved(), "--keep"]

    def rollback(self):
        number = self.done()
        self.wants_rollback = True
        return ["rollback", number, "--digest", self.lab.program.show(number)["digest"]]


# Transition: how to get there, then steps of its own, then a call that comes in between.
SCENES = {
    "plan.created": (Scene.create,), "step approve": (Scene.approve,),
    "step revoke": (Scene.edited,), "step skip": (Scene.run,), "step start": (Scene.run,),
    "step succeed": (Scene.run,), "step fail": (Scene.run, ["do"]),
    "step interrupt": (Scene.in_flight,), "step prove": (Scene.volatile,),
    "step go-stale": (Scene.volatile,), "step begin-undo": (Scene.rollback,),
    "step finish-undo": (Scene.rollback,), "step fail-undo": (Scene.rollback, ["undo"]),
    "plan run": (Scene.run,), "plan wait approval": (Scene.edited,),
    "plan wait reboot": (Scene.run, ["restart"]),
    "plan wait resources": (Scene.short_of_space,), "plan wait person": (Scene.run, [], "pause"),
    "plan succeed": (Scene.run,), "plan fail": (Scene.run, ["do"]),
    "plan beginRollback": (Scene.rollback,), "plan finishRollback": (Scene.rollback,),
    "plan failRollback": (Scene.rollback, ["undo"]), "plan abandon": (Scene.cancel,),
    "control pause": (Scene.pause,), "control cancel": (Scene.cancel,),
    "control resume": (Scene.waiting,), "control rollback": (Scene.rollback,),
    "control abandon": (Scene.keep,),
}


def one_kind(lab, counts, shots, word, when):
    lead, extra, between = (SCENES[word] + ([], None))[:3]
    scene = Scene(lab, counts, extra)
    if os.path.exists(scene.flag):
        os.unlink(scene.flag)
    words = lead(scene)
    if scene.slow.cut(scene, words, word, when, between=between):
        shots[word, when] += 1
    else:
        lab.violation(f"{word} was never reached by pawl {words[0]}")
    lab.stop_if_wrong()
    with open(scene.flag, "w"):
        lab.empty()
    scene.tell(lambda: True)
    scene.plan.remove()
    lab.program.forget()


def all_kinds(lab, counts, shots):
    wanted = os.environ.get("KINDS", "").split(",")
    for word in SCENES if wanted == [""] else wanted:
        for when in ("before", "after"):
            one_kind(lab, counts, shots, word, when)
            print(f"\r{lab.kind}: {sum(shots.values())} aimed cuts", end="", flush=True)
        lab.new_journal()
    print()
