"""One disk, one Pawl, one boot after the other: what random and aimed cuts have in common."""

import contextlib
import os
import random
import shutil
import time

from . import group
from .acknowledged import Acknowledged
from .audit import repeated, torn
from .boot import Boot
from .disk import Disk
from .events import History
from .ledger import Ledger
from .peek import Peek
from .program import Program


class Found(Exception):
    """Something is wrong: what is on the disk now is the evidence."""


class Lab:
    def __init__(self, kind, folder, pawl, seed, size=None):
        self.folder = folder
        self.dice = random.Random(f"{seed} {kind}")
        self.kind = kind
        self.open = contextlib.ExitStack()
        try:
            self.boot = self.opened(Boot(folder, self.dice))
            cutter = os.path.join(folder, "cut")
            self.disk = self.opened(Disk(kind, folder, cutter, size))
            self.group = self.opened(group.make("pawl-powercut"))
        except BaseException:
            self.close()
            raise
        self.program = Program(pawl, self.group, folder)
        self.peek = Peek(self.program, folder)
        self.violations = []
        self.claims = 0
        self.cuts = 0
        self.journals = 0
        self.new_journal()

    def opened(self, thing):
        self.open.callback(thing.close)
        return thing

    def close(self):
        """Ends what runs, unmounts, gives the loop device back: last opened, first closed."""
        self.open.close()

    # A journal of its own.

    def new_journal(self):
        """A fresh name: the first plan makes folder and file. Older ones go."""
        for name in os.listdir(self.disk.mountpoint):
            if name.startswith(("journal-", "root-")):
                shutil.rmtree(self.disk.path(name))
        self.journals += 1
        self.program.journal = self.disk.path(f"journal-{self.journals}", "journal.db")
        self.program.root = self.disk.path(f"root-{self.journals}")
        os.makedirs(self.program.root)
        os.chmod(self.disk.mountpoint, 0o755)
        self.disk.sync()
        self.history = History([])

    def fill(self):
        """Leaves less space than Pawl wants to have before it begins a step."""
        room = os.statvfs(self.disk.mountpoint)
        with open(self.disk.path("full"), "wb") as file:
            os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - (20 << 20))
        self.disk.sync()

    def empty(self):
        if os.path.exists(self.disk.path("full")):
            os.unlink(self.disk.path("full"))
            self.disk.sync()

    # A cut.

    def cut(self, calls, plan=None, also=None):
        """Freezes everything, cuts the power, notes what had been said, and comes up again.
        `also`: what was seen to be durable without anybody saying so."""
        self.group.freeze()
        self.disk.cut()
        said = self.said(calls, plan)
        if also:
            said.take_history(also)
        self.group.kill()
        for call in calls:
            call.wait()
        self.disk.unmount()
        self.boot.again()
        self.disk.mount()
        self.cuts += 1
        self.check(said, f"cut {self.cuts}")

    def lose_power(self):
        """A cut under programs of which nobody keeps what they say. The frozen ones end."""
        self.disk.cut()
        self.group.kill()
        self.disk.unmount()
        self.boot.again()
        self.disk.mount()
        self.cuts += 1

    def said(self, calls, plan):
        said = Acknowledged()
        said.take_history(self.history)
        for call in calls:
            said.take_call(call, plan and plan.number, self.history.newest)
            if call.is_unexpected():
                self.violation(f"{call} exited with {call.status}: {call.errors().strip()}")
        if plan and plan.number:
            said.take_ledger(Ledger(plan.place.ledger), plan.number)
        return said

    def check(self, said, where):
        """The journal opens, is whole, and still says everything that it had said."""
        self.claims += len(said.claims)
        fresh = self.read_history(needed=bool(said.claims))
        for sentence in said.lost(fresh):
            self.violation(f"{where}: lost: {sentence}")
        self.history = fresh

    def read_history(self, needed):
        verdict = self.program.ask("history", "verify")
        if verdict.status == 66 and not needed:
            return History([])
        if verdict.status != 0:
            self.violation(
                f"history verify exited with {verdict.status}: {verdict.output()}{verdict.errors()}")
            return self.history
        return History.parse(self.program.ask("history", "export").output())

    def audit(self, plan):
        """Files and ledger against the journal; the states as Pawl shows them."""
        shown = self.program.show(plan.number)
        if shown is None:
            self.violation(f"plan {plan.number} cannot be shown")
            return None
        refrozen = self.history.of(plan.number, word="step revoke")
        if not refrozen and plan.digest not in (None, shown["digest"]):
            self.violation(f"plan {plan.number} has another digest than when it was made")
        states = {step["id"]: step["state"] for step in shown["steps"]}
        ledger = Ledger(plan.place.ledger)
        for sentence in repeated(plan.steps, ledger, self.history, plan.number):
            self.violation(f"repeated: {sentence}")
        for sentence in torn(plan.steps, states):
            self.violation(f"torn: {sentence}")
        return shown

    def violation(self, sentence):
        self.violations.append(f"{self.kind}: {sentence}")
        print(f"VIOLATION {self.kind}: {sentence}", flush=True)

    def stop_if_wrong(self):
        if self.violations:
            raise Found

    def sleep_until(self, end, call):
        """Until the time is up or the call has ended, whichever is first."""
        while time.monotonic() < end and call.status is None:
            time.sleep(0.0005)
