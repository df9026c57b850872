"""The cases that chance would miss, each hit on purpose: at least three times each.

usage: hazards.py FOLDER PAWL
FS, CASES, TIMES, TARGETS, JOBS and SEED come from the environment.
"""

import os
import random
import signal
import sys
import time

from . import aim, outcomes
from .build import Bench
from .builders import Pawl
from .loss import Loss

# Name: what is built, where it is hit, whether power goes too or only the programs, and options
# of the mount.
CASES = {
    "objtool-cut": ("headers", aim.between_compiler_and_objtool, "cut", ""),
    "objtool-kill": ("headers", aim.between_compiler_and_objtool, "kill", ""),
    "final-link": ("link", aim.in_the_final_link, "cut", ""),
    "option-lazytime": ("option", aim.after_the_configuration, "cut", "lazytime"),
    "option-between-steps": ("option", aim.between_steps, "cut", "lazytime"),
}


class Hazards(Bench):
    hits = 0

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.tree.config = self.with_unwind_tables(self.tree.config)

    def with_unwind_tables(self, config):
        """With ORC there is no object that objtool leaves as the compiler made it."""
        path = os.path.join(self.lab.folder, "orc.config")
        with open(config) as before, open(path, "w") as after:
            after.write(before.read().replace("UNWINDER_GUESS=y", "UNWINDER_ORC=y"))
        return path

    def prepare(self, what):
        super().prepare(what)
        if what == "link":
            # Nearly nothing to compile, everything to link.
            os.utime(os.path.join(self.tree.source, "init/main.c"))
            self.lab.disk.sync()

    def hit(self, name, times):
        what, condition, how, options = CASES[name]
        self.lab.disk.options = options
        self.prepare(what)
        builder, loss = Pawl(self.lab, self.tree, what), Loss(self.tree)
        hits = 0
        while hits < times:
            loss.attempt_begins()
            builder.start()
            if not aim.reached(builder, condition(self, builder, time.monotonic())):
                break
            if how == "cut":
                self.cut(builder, loss)
            else:
                self.kill(builder)
            hits += 1
        else:
            builder.start()
        status = builder.finish()
        same = status == 0 and self.tree.results() == self.wanted[self.same_as(what)]
        print(f"{self.lab.kind}: {name}: hit {hits} times: exit {status}, "
              f"{'identical' if same else 'NOT identical'}", flush=True)
        for sentence in builder.repairs():
            print(f"{self.lab.kind}:   {sentence}", flush=True)
        if not same:
            print(builder.call.errors(), builder.call.output()[-2000:], flush=True)
            self.lab.violation(f"{name}: exit {status}, identical: {same}")
        self.lab.disk.options = ""
        self.hits += hits
        return hits

    @staticmethod
    def same_as(what):
        return "first" if what == "link" else what

    def kill(self, builder):
        """Runner, make and all compilers at once; the page cache stays."""
        self.lab.group.freeze(seconds=0.05)
        self.lab.group.kill()
        builder.call.wait()


def main():
    folder, pawl = sys.argv[1:3]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    setting = os.environ.get
    seed = setting("SEED") or str(random.SystemRandom().randrange(1 << 32))
    names = (setting("CASES") or " ".join([*outcomes.CASES, *CASES])).split()
    times = int(setting("TIMES", "3"))
    found = 0
    for kind in (setting("FS") or "ext4").split():
        bench = Hazards(kind, folder, pawl, seed, setting("TARGETS", "bzImage modules").split(),
                        setting("JOBS", str(os.cpu_count())))
        try:
            # On an empty disk: a source needs room for itself.
            for name in [name for name in names if name in outcomes.CASES]:
                bench.hits += outcomes.CASES[name](bench.lab, times)
            builds = [name for name in names if name in CASES]
            if builds:
                bench.reference({CASES[name][0] for name in builds})
            missed = [name for name in builds if bench.hit(name, times) < times]
        finally:
            bench.lab.close()
        if missed:
            bench.lab.violation(f"hit less than {times} times: {' '.join(missed)}")
        found += len(bench.lab.violations)
        print(f"{kind}: {bench.hits} hits")
        print(f"{bench.lab.cuts} cuts: {len(bench.lab.violations)} violations")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
