"""The journal under power cuts: at random instants, and at each kind of transition.

usage: journal.py FOLDER PAWL    CUTS, FS, SEED and AIMED come from the environment
"""

import collections
import os
import random
import signal
import sys
import time

from . import aimed, report
from .lab import Found, Lab
from .story import Story


def random_cuts(lab, wanted, counts):
    start = lab.cuts
    while lab.cuts - start < wanted:
        if lab.journals == 1 and lab.cuts or lab.dice.random() < 0.3:
            lab.new_journal()
        story = Story(lab, counts)
        story.tell(lambda: lab.cuts - start >= wanted)
        story.plan.remove()
        lab.program.forget()
        print(f"\r{lab.kind}: {lab.cuts} cuts", end="", flush=True)


def one_disk(kind, folder, pawl, seed, cuts):
    begin = time.monotonic()
    counts, shots = collections.Counter(), collections.Counter()
    lab = Lab(kind, folder, pawl, seed)
    try:
        if os.environ.get("AIMED", "yes") == "yes":
            aimed.all_kinds(lab, counts, shots)
        random_cuts(lab, cuts, counts)
    except Found:
        keep(lab)
    finally:
        lab.close()
    report.print_counts(kind, counts, shots, lab, time.monotonic() - begin)
    return lab


def keep(lab):
    """The journal as it was found, beside ledgers, recipes and what every call printed."""
    for name in os.listdir(lab.disk.mountpoint):
        if name.startswith("journal-"):
            os.system(f"cp -a '{lab.disk.path(name)}' '{lab.folder}/{lab.kind}-{name}'")


def main():
    folder, pawl = sys.argv[1:3]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(1 << 32))
    kinds = os.environ.get("FS", "ext4 xfs").split()
    cuts = int(os.environ.get("CUTS", "1000"))
    print(f"journal lab: {cuts} random cuts on {' and '.join(kinds)}, seed {seed} "
          f"(SEED={seed} makes the same choices; where they land depends on the machine)")
    labs = []
    for index, kind in enumerate(kinds):
        share = cuts // len(kinds) + (1 if index < cuts % len(kinds) else 0)
        labs.append(one_disk(kind, folder, pawl, seed, share))
        if labs[-1].violations:
            break
    sys.exit(report.print_verdict(labs, folder))


if __name__ == "__main__":
    main()
