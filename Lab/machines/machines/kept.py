"""Results that are kept, so that the lab can be stopped and taken up again: in the cache, for one commit and
one binary, and in `results.json`, for whoever takes it up on another host."""

import json
import os

from . import cache
from .cache import LAB, program

FILE = LAB / "results.json"
# What a machine could see of a commit: not its texts, nor its tests.
TESTED = [":(top)Sources", ":(top)Migrations", ":(top)Package.*", ":(top)Makefile", ":(top)Lab/machines",
          ":(top,exclude)Lab/machines/*.md", f":(top,exclude)Lab/machines/{FILE.name}"]


class Kept:
    def __init__(self, pawl):
        self.commit, self.pawl = commit(), cache.digest(pawl)
        self.folder = cache.folder("results", f"{self.commit}-{self.pawl}")

    def passed(self, name, machine):
        """The result where it passed; what failed is played again."""
        file = self._file(name, machine)
        if file.exists():
            result = json.loads(file.read_text())
        else:
            result = self._told().get(machine, {}).get(name, {})
        return result if result.get("result") == "passed" else None

    def keep(self, name, machine, result):
        _write(self._file(name, machine), result | {"pawl": self.pawl})

    def tell(self, rows):
        """Adds those that passed to `results.json`; those of another commit go."""
        told = self._told()
        for name, machine, result in rows:
            if result["result"] == "passed":
                told.setdefault(machine, {})[name] = result
        _write(FILE, {"commit": self.commit, "results": told})

    def _told(self):
        told = json.loads(FILE.read_text()) if FILE.exists() else {}
        return told["results"] if told.get("commit") == self.commit else {}

    def _file(self, name, machine):
        return self.folder / f"{name}-{machine}.json"


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
