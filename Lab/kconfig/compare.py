"""Asks Pawl and kconfiglib the same about options of a real kernel: can it be set, and if not, which
symbols are in the way?

usage: compare.py PAWL TREE SYMBOLS SEED
"""

import io
import json
import os
import random
import subprocess
import sys
import time

import kconfiglib

PAWL, TREE, COUNT, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
CONFIG = os.path.join(TREE, ".config")


def load():
    """kconfiglib is of 2020; since 5.13 kernels write `modules` where they wrote `option modules`."""
    def opened(self, name, mode):
        with open(name, mode, encoding="utf-8", errors="replace") as file:
            text = file.read()
        if name.endswith("kernel/module/Kconfig"):
            text = text.replace("\tmodules\n", "\toption modules\n")
        return io.StringIO(text)
    kconfiglib.Kconfig._open = opened
    version = subprocess.run(["make", "-s", "-C", TREE, "kernelversion"], capture_output=True, text=True, check=True)
    os.environ.update(srctree=TREE, ARCH="x86", SRCARCH="x86", CC="gcc", LD="ld", HOSTCC="gcc", HOSTCXX="g++",
                      KERNELVERSION=version.stdout.strip(), PAHOLE="pahole", RUSTC="rustc", BINDGEN="bindgen")
    config = kconfiglib.Kconfig(os.path.join(TREE, "Kconfig"), warn=False)
    config.load_config(CONFIG)
    return config


def can_be(symbol, wanted):
    """What becomes of it where it is asked for: `as-asked`, `possible`, `capped` or `impossible`."""
    if symbol.tri_value == wanted:
        return "as-asked"
    if wanted in symbol.assignable:
        return "possible"
    return "capped" if wanted == 2 and 1 in symbol.assignable else "impossible"


def terms(condition):
    """What has to hold, all of it: a choice stands for the conditions that its own prompt is under."""
    found = []
    for term in kconfiglib.split_expr(condition, kconfiglib.AND):
        if isinstance(term, kconfiglib.Choice):
            found += [inner for node in term.nodes if node.prompt for inner in terms(node.prompt[1])]
        else:
            found.append(term)
    return found


def in_the_way(symbol, wanted):
    """Symbols of the terms that fail, of the prompt with the fewest; None where there is no prompt."""
    limit = min(wanted, 1) if symbol.orig_type == kconfiglib.BOOL else wanted
    best = None
    for node in symbol.nodes:
        if not node.prompt:
            continue
        failing = [term for term in terms(node.prompt[1]) if kconfiglib.expr_value(term) < limit]
        dead = [term for term in failing if kconfiglib.expr_value(term) == 0]
        if best is None or len(failing) < len(best[0]):
            best = (failing, dead or failing)
    if best is None:
        return None
    names = set()
    for term in best[1]:
        names |= {item.name for item in kconfiglib.expr_items(term)
                  if isinstance(item, kconfiglib.Symbol) and not item.is_constant}
    return names


# What Pawl says, in the words above.
MEANS = {
    "as-asked": "as-asked", "value-differs": "possible", "choice": "possible", "capped": "capped",
    "dropped": "impossible", "no-prompt": "impossible", "forced": "impossible", "not-modular": "impossible",
}


def ask(symbol, wanted):
    argv = [PAWL, "kconfig", "why", f"{symbol.name}={'nmy'[wanted]}", "--source", TREE, "--config", CONFIG, "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["explanation"]


def main():
    began = time.monotonic()
    config = load()
    loaded = time.monotonic() - began
    # What only the build answers ($(success,…)) is a constant by then: Pawl leaves it open, in words.
    asked = [symbol for symbol in config.unique_defined_syms
             if symbol.orig_type in (kconfiglib.BOOL, kconfiglib.TRISTATE)
             and any(node.prompt for node in symbol.nodes)]
    chosen = random.Random(SEED).sample(sorted(asked, key=lambda symbol: symbol.name), COUNT)
    counts, wrong, slowest = {}, [], 0
    for symbol in chosen:
        wanted = 0 if symbol.tri_value == 2 else 2
        began = time.monotonic()
        said = ask(symbol, wanted)
        slowest = max(slowest, time.monotonic() - began)
        truth, told = can_be(symbol, wanted), MEANS.get(said["cause"], said["cause"])
        counts[truth] = counts.get(truth, 0) + 1
        if truth != told:
            wrong.append(f"{symbol.name}={'nmy'[wanted]}: {truth}, and Pawl says {said['cause']}: {said['sentence']}")
        elif said["cause"] in ("dropped", "capped") and said["in_the_way"]:
            names = in_the_way(symbol, wanted)
            if names is not None and names != set(said["in_the_way"]):
                wrong.append(f"{symbol.name}: in the way {sorted(names)}, and Pawl says {sorted(said['in_the_way'])}")
    print(f"{COUNT} of {len(asked)} options, seed {SEED}: " + ", ".join(f"{n} {w}" for w, n in sorted(counts.items())))
    print(f"{COUNT - len(wrong)} agree; the slowest answer took {slowest:.1f} s; kconfiglib read the tree in {loaded:.1f} s")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


main()
