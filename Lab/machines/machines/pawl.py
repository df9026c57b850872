"""What a person does with Pawl in a machine, as verbs for scenarios."""

import json
import time

from . import data, ready
from .agent import Restarted

ROLLED_BACK = 4  # exit status
BUSY = 900  # seconds for a plan to come to an end; emulated, with two boots in it
PAUSE = 4  # seconds between two looks: each takes half a second from the emulated machine that is to go on
DATABASE = "/var/lib/pawl/journal.db"
# Seconds after which the plan will not leave that state by itself any more.
STANDS = {"succeeded": 5, "rolled-back": 5, "rollback-failed": 5, "abandoned": 5, "failed": 120,
          "waiting/person": 120, "waiting/approval": 120, "waiting/resources": 120}
# Short, since nobody waits for real services here: a trial boot takes a minute or two.
TRIAL = {"deadline": "150s", "settle": "10s"}


class Pawl:
    def __init__(self, machine):
        self.machine = machine
        self.number = None

    def hook(self):
        self.machine.succeed(["pawl", "boot-hook", "install"])
        assert "is installed" in self.machine.succeed(["pawl", "boot-hook", "status"])

    # Plans

    def kernel(self, kind, **settings):
        """A plan that installs and tries one of the lab's kernels. The new release."""
        stage = stage_of(self.machine, kind)
        self.plan("kernel-install", stage=stage, **(TRIAL | settings))
        return self.machine.succeed(["ls", f"{stage}/lib/modules"]).strip()

    def plan(self, recipe, **settings):
        argv = ["pawl", "plan", recipe, "--json"]
        for name, value in settings.items():
            argv += ["--set", f"{name}={value}"]
        plan = json.loads(self.machine.succeed(argv, timeout=300))
        self.number = plan["plan"]
        return plan

    def approve(self, but=()):
        """All steps that are not approved yet, or are to be once more, but those that are named."""
        plan = self._shown()
        argv = ["pawl", "approve", self.number, "--host", plan["host"]]
        for step in plan["steps"]:
            if step["state"] in ("pending", "failed") and step["id"] not in but:
                argv += ["--step", step["id"], "--digest", step["digest"]]
        self.machine.succeed(argv)
        self.machine.succeed(["sync"])

    def start(self):
        """Begins or goes on, without waiting: Pawl may restart the machine meanwhile."""
        return self.machine.start(["pawl", "resume", self.number])

    def rollback(self):
        """As a script consents to it. The machine may not restart meanwhile."""
        plan = self._shown()
        return self.machine.run(["pawl", "rollback", self.number, "--digest", plan["digest"], "--host", plan["host"]],
                                timeout=600)

    def rollback_and_leave(self):
        """The same, where the machine goes down on the way."""
        plan = self._shown()
        self.machine.start(["pawl", "rollback", self.number, "--digest", plan["digest"], "--host", plan["host"]])

    def _shown(self):
        return json.loads(self.machine.succeed(["pawl", "show", self.number, "--json"]))

    # What became of them

    def status(self):
        return self.machine.run(["pawl", "status", "--json"]).json()

    def wait(self, *wanted, seconds=BUSY):
        """Until the plan is in one of these states, a reason for waiting after a slash
        (`waiting/trial`). The machine may restart meanwhile, and nobody may answer for a while."""
        end = time.monotonic() + seconds
        seen, since = None, time.monotonic()
        while time.monotonic() < end:
            try:
                now = self.state()
            except (Restarted, TimeoutError, RuntimeError, ValueError, OSError):
                assert self.machine.alive(), f"the machine is off, and was to come to {wanted}"
                now = None
            if now in wanted or (now or "").partition("/")[0] in wanted:
                return now
            if now != seen:
                seen, since = now, time.monotonic()
            if seen in STANDS and time.monotonic() - since > STANDS[seen]:
                break
            time.sleep(PAUSE)
        raise AssertionError(f"the plan did not come to {' or '.join(wanted)}; it is {seen}\n{self.told()}")

    def state(self):
        """With the reason for waiting after a slash."""
        now = self.status()
        return "/".join(filter(None, [now["state"], now["waiting_for"]]))

    def rest(self, seconds=BUSY):
        """Where the plan stands once nobody is at work on it any more; after a boot."""
        end = time.monotonic() + seconds
        while self.runs() or self.machine.run(["pgrep", "-f", "boot-hook run (verify|resume)"]).status == 0:
            assert time.monotonic() < end, f"Pawl is still at work after {seconds} s: {self.state()}"
            time.sleep(PAUSE)
        return self.state()

    def told(self):
        """All that Pawl says of the plan, for the evidence of a failure."""
        try:
            return self.history() + self.message()
        except (AssertionError, Restarted, TimeoutError, RuntimeError) as fault:
            return str(fault)

    def runs(self):
        return self.status()["runner"] is not None

    def history(self):
        return self.machine.succeed(["pawl", "history", "show", self.number])

    def message(self):
        """What a person reads who logs in."""
        return self.machine.run(["cat", "/run/motd.d/pawl"]).output

    def verified(self):
        self.machine.succeed(["pawl", "history", "verify"])

    def explains(self, *words, seconds=30):
        """History and the login message both say so; the message comes a little after the state."""
        end = time.monotonic() + seconds
        while True:
            texts = {"history": self.history(), "the login message": self.message()}
            missing = [(name, word) for name, text in texts.items() for word in words
                       if word.lower() not in text.lower()]
            if not missing:
                return
            name, word = missing[0]
            assert time.monotonic() < end, f"{name} does not say {word!r}: {texts[name]}"
            time.sleep(PAUSE)


def stage_of(machine, kind):
    """The folder of one of the lab's kernels, as built, on the read-only disk; mounted at every boot."""
    machine.run(["mkdir", "-p", data.PLACE])
    if machine.run(["mountpoint", "--quiet", data.PLACE]).status != 0:
        machine.succeed(["sh", "-c", f"echo '{data.DEVICE} {data.PLACE} ext4 ro,nofail 0 0' >>/etc/fstab"])
        machine.succeed(["mount", data.PLACE])
    return f"{data.PLACE}/kernels/{kind}"


def prepare(machine, kind="good", **settings):
    """A machine that is up, with the hook, and an approved plan to try a kernel. The verbs, and the old
    and the new release."""
    return _prepared(machine, kind, settings, but=())


def prepare_to_restart(machine, kind="good", **settings):
    """The same, with all done that comes before the restart, which is not approved yet."""
    return _prepared(machine, kind, settings, but=("restart", "promote"))


def _prepared(machine, kind, settings, but):
    key = repr((kind, sorted(settings.items()), but))
    pawl = Pawl(machine)
    told = ready.restore(machine, key)
    if not told:
        old = machine.boot()
        pawl.hook()
        new = pawl.kernel(kind, **settings)
        pawl.approve(but)
        if but:
            pawl.start()
            pawl.wait("waiting/approval")
        told = [pawl.number, old, new]
        ready.keep(machine, key, told)
    pawl.number, old, new = told
    return pawl, old, new
