"""Power cuts at named instants of a trial. For each is written down what the machine starts after it,
how Pawl stands then, and how the plan ends."""

import dataclasses

from machines import instants, menu
from machines.instants import Printed, Reset, Watched
from machines.pawl import prepare, prepare_to_restart

LOADERS = {"grub": "Booting `", "systemd-boot": "EFI stub: Loaded initrd", "extlinux": "Loading \\S*RELEASE"}


def started(step):
    return ("step.changed", step, "start")


def done(step):
    return ("step.changed", step, "succeed")


@dataclasses.dataclass(frozen=True)
class Cut:
    at: object
    plan: tuple  # where it stands at rest after the next boot, whoever is not there
    default: tuple  # what a plain boot starts then: old, new, fallback
    ends: tuple  # after one more `pawl resume`, where the plan is not at its end yet
    kernel: str = "good"
    late: bool = False  # the plan is taken up where only the restart and what follows is left
    running: tuple = ("old",)
    settings: tuple = ()  # of the plan, where they are others than the lab's usual ones


# A cut leaves a plan that goes on by itself, as far as its steps are of low risk or may be repeated: all that
# come before the restart are. No restart is begun with nobody there; a person's `pawl resume` is enough for it.
WAITS = ("waiting/person",)
CUTS = {
    "before-install": Cut(Watched(started("list"), before=started("pin")), WAITS, ("fallback",), ("succeeded",)),
    "pin": Cut(Watched(started("pin"), before=done("pin")), WAITS, ("fallback",), ("succeeded",)),
    "pin-to-install": Cut(
        Watched(done("pin"), before=started("install-modules")), WAITS, ("fallback",), ("succeeded",)),
    "module-install": Cut(
        Watched(started("install-modules"), before=done("install-modules")), WAITS, ("fallback",), ("succeeded",)),
    "image-install": Cut(
        Watched(started("install-kernel"), before=done("install-kernel")), WAITS, ("fallback",), ("succeeded",)),
    "initramfs": Cut(Watched(started("hooks"), before=done("hooks")), WAITS, ("fallback",), ("succeeded",)),
    "menu-write": Cut(Watched(started("boot-menu"), before=done("boot-menu")), WAITS, ("fallback",), ("succeeded",)),
    # In one transaction with the intent to restart.
    "menu-written": Cut(
        Watched(done("boot-menu"), before=("trial", None, "armed")), WAITS, ("fallback",), ("succeeded",)),
    "armed": Cut(
        Watched(("trial", None, "armed"), before=("trial", None, "oneShotSet")), WAITS, ("fallback",), ("succeeded",),
        late=True),
    # Set, and nothing took it yet: the next boot is the trial.
    "one-shot": Cut(
        Watched(("trial", None, "oneShotSet")), ("succeeded",), ("new",), ("succeeded",), running=("new",), late=True),
    "restart": Cut(Reset(), ("succeeded",), ("new",), ("succeeded",), running=("new",), late=True),
    "loader": Cut("loader", ("rolled-back",), ("old",), ("rolled-back",), late=True),
    "early-kernel": Cut(Printed("Linux version RELEASE "), ("rolled-back",), ("old",), ("rolled-back",), late=True),
    # A machine that came up before the lab could look would have been judged already: OpenRC's is up in 10 s.
    "health": Cut(
        Watched(runs="pawl boot-hook run verify", before=done("restart"), boots=1),
        ("rolled-back",), ("old",), ("rolled-back",), late=True, settings=(("settle", "60s"),)),
    # It was found well, and promoted or not: promotion is repeated, whichever kernel runs. The next plain
    # restart starts the new one.
    "promotion": Cut(
        Watched(started("promote"), before=done("promote"), boots=1),
        (*WAITS, "succeeded"), ("fallback", "new"), ("succeeded",), running=("old", "new"), late=True),
    "rollback": Cut(
        Watched(("step.changed", "install-kernel", "begin-undo"), before=("plan.changed", None, "finishRollback"), boots=1),
        ("rolled-back",), ("old",), ("rolled-back",), kernel="no-root", late=True),
}
VARIANTS = tuple(CUTS)


def run(machine, name):
    expected = CUTS[name]
    settings = dict(expected.settings)
    pawl, old, new = (prepare_to_restart if expected.late else prepare)(machine, expected.kernel, **settings)
    if expected.late:
        pawl.approve()
    at = Printed(LOADERS[machine.kind.loader]) if expected.at == "loader" else expected.at
    if expected.at == "loader":
        # The first boot printed the same.
        machine.console.skip()
    instants.play(machine, at, new, pawl.start)

    names = {old: "old", new: "new"}
    machine.boot(timeout=900)
    state = pawl.rest()
    found = menu.read(machine, new)
    machine.console.note(f"after the cut: {state}, {found}")
    assert names[found.running] in expected.running, f"{found.running} is running"
    assert state in expected.plan, f"the plan is {state}\n{pawl.told()}"
    assert names.get(found.default, found.default) in expected.default, f"a plain boot starts {found.default}"
    assert found.one_shot is None, f"{found.one_shot} is set to be started once"

    if state not in ("succeeded", "rolled-back"):
        pawl.start()
    end = pawl.wait(*expected.ends)
    pawl.explains(new)  # the login message is of this boot
    if name == "promotion" and found.running == old:
        assert machine.reboot() == new
    {"succeeded": menu.promoted, "rolled-back": menu.rolled_back}[end](machine, pawl, old, new)
