"""Kernel builds under power cuts: Pawl and plain make, at the same instants.

usage: build.py FOLDER PAWL
FS, BUILDS, CUTS (of each build), TARGETS, JOBS, SEED, ONLY and PLAIN come from the environment.
"""

import os
import random
import signal
import statistics
import sys
import time

from . import tree as trees
from .builders import Pawl, Plain, wait
from .lab import Lab
from .loss import Loss

SIZE = 6 << 30
# What the builds are, in turns: from nothing, and of a tree that was built and then changed.
KINDS = ("first", "headers", "option", "headers")
MOST_LOST, MEDIAN_LOST = 40, 20


class Bench:
    def __init__(self, kind, folder, pawl, seed, targets, jobs):
        self.lab = Lab(kind, folder, pawl, seed, size=SIZE)
        config = os.path.join(os.path.dirname(__file__), "../../demo/small.config")
        self.tree = trees.Tree(self.lab.disk, config, targets, jobs)
        self.cuts = {"pawl": [], "make": []}
        self.beyond = {"pawl": [], "make": []}
        self.failed = {"pawl": 0, "make": 0}
        self.rebuilds_failed = 0
        self.builds = 0
        self.intact = 0
        self.wanted, self.seconds = {}, {}

    # Builds that nobody disturbs.

    def reference(self, kinds):
        disk = self.lab.disk
        self.tree.unpack(self.lab.program.path)
        trees.save(disk, "first")
        self.measure("first")
        trees.save(disk, "built")
        for what in ("headers", "option"):
            if what in kinds:
                self.prepare(what)
                self.measure(what)
        if "option" in self.wanted and self.wanted["option"] == self.wanted["first"]:
            raise RuntimeError("the option changes nothing: the lab could not see it lost")

    def measure(self, what):
        builder = Plain(self.lab, self.tree, what)
        begin = time.monotonic()
        builder.start()
        if builder.finish() != 0:
            raise RuntimeError(f"the {what} build failed by itself: {self.lab.folder}/make-1.log")
        self.seconds[what] = time.monotonic() - begin
        self.lab.disk.sync()
        self.wanted[what] = self.tree.results()
        print(f"{self.lab.kind}: reference: {what} build {self.seconds[what]:.0f} s, "
              f"{len(self.wanted[what])} results", flush=True)

    def prepare(self, what):
        trees.restore(self.lab.disk, "first" if what == "first" else "built")
        if what == "headers":
            self.tree.touch_headers()

    # Builds that are cut.

    def one(self, what, parts, contenders):
        """`parts`: after which part of its time each attempt is cut; the same for both."""
        self.builds += 1
        instants = [part * self.seconds[what] for part in parts]
        for make in contenders:
            self.prepare(what)
            self.under_cuts(make(self.lab, self.tree, what), what, instants)

    def under_cuts(self, builder, what, instants):
        begin, loss = time.monotonic(), Loss(self.tree)
        for seconds in [*instants, None]:
            loss.attempt_begins()
            builder.start()
            if seconds is None or not wait(builder, seconds):
                break
            self.cut(builder, loss)
        status = builder.finish()
        total = time.monotonic() - begin
        loss.attempt_ends(is_cut=False)
        same = status == 0 and self.tree.results() == self.wanted[what]
        self.settle(builder, what, instants, status, same, loss, total)

    def settle(self, builder, what, instants, status, same, loss, total):
        if not same:
            # Whatever make kept is worth nothing: all of it has to be built anew.
            for cut in loss.cuts:
                cut.lost = cut.at
        self.cuts[builder.name] += loss.cuts
        self.beyond[builder.name].append(total - self.seconds[what])
        self.failed[builder.name] += not same
        print(f"{self.lab.kind}: {what} by {builder.name}: exit {status}, "
              f"{'identical' if same else 'NOT identical'}, {total:.0f} s in all", flush=True)
        for seconds, cut in zip(instants, loss.cuts):
            print(f"{self.lab.kind}:   cut after {seconds:.0f} s: {cut}", flush=True)
        if builder.name == "make":
            self.rebuilds_failed += what != "first" and not same
            return
        print(f"{self.lab.kind}:   {builder.sync_share():.2f} percent of the time in syncs", flush=True)
        for sentence in builder.repairs():
            print(f"{self.lab.kind}:   {sentence}", flush=True)
        if not same:
            print(builder.call.errors(), builder.call.output()[-2000:], flush=True)
            self.lab.violation(f"{what} by pawl ended with {status}, identical: {same}")

    def cut(self, builder, loss):
        """What the last checkpoint covers is read from the cache before, from the disk after."""
        lab = self.lab
        lab.group.freeze(seconds=0.05)
        covered = builder.covered()
        loss.attempt_ends(is_cut=True)
        lab.lose_power()
        torn = [path for path, digest in covered.items() if not self.tree.is_intact(path, digest)]
        self.intact += len(covered) - len(torn)
        if torn:
            lab.violation(f"{len(torn)} of {len(covered)} covered objects are torn: {torn[:3]}")
        builder.check()

    # What it came to.

    def report(self):
        for name in ("pawl", "make"):
            if not self.beyond[name]:
                continue
            lost = [cut.lost for cut in self.cuts[name]] or [0.0]
            regained = [cut.rebuilt for cut in self.cuts[name]] or [0.0]
            print(f"{self.lab.kind}: {name}: {self.failed[name]} of {self.builds} builds failed or "
                  f"differed; {len(self.cuts[name])} cuts; work lost to a cut: median "
                  f"{statistics.median(lost):.1f} s, worst {max(lost):.1f} s; to regain it: median "
                  f"{statistics.median(regained):.1f} s, worst {max(regained):.1f} s; beyond the "
                  f"reference: {sum(self.beyond[name]) / max(1, len(lost)):.1f} s a cut")
        print(f"{self.lab.kind}: {self.intact} files that a checkpoint covered were compared after "
              "a cut")

    def judge(self, contenders):
        lost = [cut.lost for cut in self.cuts["pawl"]]
        if lost and statistics.median(lost) > MEDIAN_LOST:
            self.lab.violation(f"half of the cuts cost more than {MEDIAN_LOST} s of work")
        if lost and max(lost) > MOST_LOST:
            self.lab.violation(f"a cut cost {max(lost):.0f} s of work")
        if Plain not in contenders:
            return
        other = [cut.lost for cut in self.cuts["make"]]
        if lost and other and statistics.median(lost) * 2 > statistics.median(other):
            self.lab.violation("more than half was lost of what plain make loses")


def contenders():
    return (Pawl,) if os.environ.get("PLAIN") == "no" else (Pawl, Plain)


def main():
    folder, pawl = sys.argv[1:3]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(1 << 32))
    setting = os.environ.get
    kinds = (setting("ONLY") or " ".join(KINDS)).split()
    print(f"build lab: seed {seed}")
    found, voids = 0, 0
    for kind in (setting("FS") or "ext4 xfs").split():
        bench = Bench(kind, folder, pawl, seed, setting("TARGETS", "bzImage modules").split(),
                      setting("JOBS", str(os.cpu_count())))
        try:
            bench.reference(kinds)
            for build in range(int(setting("BUILDS", "4"))):
                parts = [bench.lab.dice.uniform(0.12, 0.42) for _ in range(int(setting("CUTS", "3")))]
                bench.one(kinds[build % len(kinds)], parts, contenders())
                if bench.lab.violations and Plain not in contenders():
                    break
            bench.judge(contenders())
        finally:
            bench.report()
            bench.lab.close()
            print(f"{bench.lab.cuts} cuts: {len(bench.lab.violations)} violations")
        found += len(bench.lab.violations)
        if Plain in contenders() and set(kinds) != {"first"} and not bench.rebuilds_failed:
            print(f"{kind}: VOID: plain make survived every cut of a rebuild; they were too gentle")
            voids += 1
    sys.exit(1 if found else 2 if voids else 0)


if __name__ == "__main__":
    main()
