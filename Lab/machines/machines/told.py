"""Prints what `results.json` holds, as RESULTS.md has it: PYTHONPATH=Lab/machines python3 -m machines.told"""

import json

from .kept import FILE, scenario_digest
from .table import table

HEAD = """# What the machines were seen to do

Every scenario on every machine on which it makes sense, all from one commit, with real boot loaders, real
init systems and real kernels under emulation. *boots*: kernels that were started; *s*: of the whole scenario,
two machines side by side on two cores. Made by `machines/told.py` from `results.json`; `make lab-boots` plays
them anew. {builds}"""


def _order(told):
    names = sorted({name for results in told.values() for name in results})
    return [(name, machine, told[machine][name]) for name in names for machine in told if name in told[machine]]


def _builds(rows):
    binaries = sorted({result["pawl"] for *_, result in rows})
    if len(binaries) == 1:
        return f"One build of it, {binaries[0]}."
    counts = {binary: sum(result["pawl"] == binary for *_, result in rows) for binary in binaries}
    return "Builds of it (no two have the same bytes): " + ", ".join(
        f"{binary} played {count}" for binary, count in counts.items()) + "."


def _measured(rows):
    lines = ["## What an idle hook costs", "", "| machine | without the hook | with it |", "|---|---|---|"]
    for name, machine, result in rows:
        boot = result["measured"].get("systemd-analyze")
        if boot:
            lines.append(f"| {machine} | {boot['without the hook'].strip()} | {boot['with it'].strip()} |")
    return "\n".join(lines)


def _changed(rows):
    """Scenarios whose file is another now than when they were played."""
    played = {}
    for name, machine, result in rows:
        if result["scenario"] != scenario_digest(name):
            played.setdefault(machine, set()).add(name.partition(".")[0])
    if not played:
        return ""
    listed = "; ".join(f"{', '.join(sorted(names))} on {machine}" for machine, names in sorted(played.items()))
    return f"Played before the last change of the scenario's file: {listed}.\n"


def main():
    told = json.loads(FILE.read_text())
    rows = _order({machine: told["results"][machine] for machine in sorted(told["results"])})
    print(HEAD.format(builds=_builds(rows)))
    print(table(rows, told["commit"]))
    print(_changed(rows))
    print(_measured(rows))


if __name__ == "__main__":
    main()
