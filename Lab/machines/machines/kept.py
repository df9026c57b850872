"""Results that are kept, so that the lab can be stopped and taken up again: in the cache, for one commit and
one binary, and with KEEP in `results.json`, for whoever takes it up with KEEP on the same commit: CI plays for
itself. No two builds have the same bytes: BUILT names the digests of binaries that are known to be of this
commit, too. A scenario that was changed since, or a cut, is played again, and no other one."""

import ast
import json
import os
import threading

from . import cache
from .cache import LAB, program

FILE = LAB / "results.json"
KEEP = bool(os.environ.get("KEEP"))
BUILT = os.environ.get("BUILT", "").split()
# What a machine could see of a commit, whatever is played on it: not its texts, nor its tests, nor who keeps
# the results.
TESTED = [":(top)Sources", ":(top)Migrations", ":(top)Package.*", ":(top)Makefile", ":(top)Lab/machines",
          ":(top,exclude)Lab/machines/*.md", ":(top,exclude)Lab/machines/scenarios",
          ":(top,exclude)Lab/machines/machines/kept.py", f":(top,exclude)Lab/machines/{FILE.name}"]


class Kept:
    def __init__(self, pawl):
        self.commit, self.pawl = commit(), cache.digest(pawl)
        self.folder = cache.folder("results", f"{self.commit}-{self.pawl}")
        self.telling = threading.Lock()
        if KEEP:
            self._require_own_table()

    def passed(self, name, machine):
        """The result where it passed; what failed is played again."""
        file = self._file(name, machine)
        if file.exists():
            result = json.loads(file.read_text())
        else:
            result = self._told().get(machine, {}).get(name, {}) if KEEP else {}
        as_now = result.get("scenario") == scenario_digest(name)
        return result if as_now and result["result"] == "passed" else None

    def keep(self, name, machine, result):
        result = result | {"pawl": self.pawl, "scenario": scenario_digest(name)}
        _write(self._file(name, machine), result)
        if KEEP and result["result"] == "passed":
            self._tell(name, machine, result)

    def _tell(self, name, machine, result):
        """Adds it to `results.json`; those of binaries that are not its own go."""
        with self.telling:
            told = self._told()
            told.setdefault(machine, {})[name] = result
            _write(FILE, {"commit": self.commit, "results": told})

    def _require_own_table(self):
        """A run of another commit once replaced a whole table by the one row it had played."""
        told = json.loads(FILE.read_text()) if FILE.exists() else {}
        if told.get("results") and told["commit"] != self.commit:
            raise SystemExit(f"{FILE.name} has what was played of {told['commit']}, and this is {self.commit}: "
                             "remove it to begin a table anew, or play without KEEP.")

    def _told(self):
        told = json.loads(FILE.read_text()) if FILE.exists() else {}
        if told.get("commit") != self.commit:
            return {}
        # A binary that was left by a build of another commit was once taken for this one's, and half of a
        # table was of it.
        return {machine: own for machine, results in told["results"].items()
                if (own := {name: result for name, result in results.items()
                            if result["pawl"] in [self.pawl, *BUILT]})}

    def _file(self, name, machine):
        return self.folder / f"{name}-{machine}.json"


def scenario_digest(name):
    """Of a scenario as it is written; of its table of cuts, the row of this one alone."""
    stem, _, variant = name.partition(".")
    file = LAB / "scenarios" / f"{stem}.py"
    text = file.read_text()
    tables = [node for node in ast.parse(text).body if isinstance(node, ast.Assign) and node.targets[0].id == "CUTS"]
    if not tables:
        return cache.digest(file)
    table = tables[0]
    row = {key.value: value for key, value in zip(table.value.keys, table.value.values)}[variant]
    lines = text.splitlines()
    without = lines[:table.lineno - 1] + lines[table.end_lineno:]
    return cache.named("\n".join(without) + ast.get_source_segment(text, row))


def _write(file, value):
    aside = file.with_suffix(".new")
    aside.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    os.replace(aside, file)


def commit():
    """The last commit that changed what is tested. Changes on top are told apart."""
    at = ["git", "-C", LAB]
    name = program(*at, "rev-list", "-1", "--abbrev-commit", "--abbrev=12", "HEAD", "--", *TESTED).strip()
    changes = program(*at, "diff", "HEAD", "--", *TESTED) + program(*at, "status", "--porcelain", "--", *TESTED)
    return f"{name}+{cache.named(changes)[:8]}" if changes else name
