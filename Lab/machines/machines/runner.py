"""Runs scenarios on kinds of machines, keeps each result, and prints the table.

usage: runner.py PAWL [SCENARIO…]
"""

import importlib.util
import json
import os
import pathlib
import shutil
import signal
import sys
import time
import traceback

from . import cache, data, image, kinds
from .cache import LAB, program
from .machine import Machine

DEFAULT = "grub-bios grub-uefi systemd-boot"


def scenarios(names):
    every = {path.stem: path for path in sorted((LAB / "scenarios").glob("[0-9]*.py"))}
    for name in names:
        if name not in every:
            raise SystemExit(f"There is no scenario {name}; there are: {', '.join(every)}.")
    return {name: _load(path) for name, path in every.items() if not names or name in names}


def _load(path):
    specification = importlib.util.spec_from_file_location("scenario_" + path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def play(scenario, kind, pawl, folder):
    """One scenario on one machine with a disk of its own; what it leaves in the folder is the evidence."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.with_pawl(kind, pawl),
            folder / "disk.qcow2")
    if kind.uefi:
        shutil.copyfile(image.installed(kind) / "variables.fd", folder / "variables.fd")
    began = time.monotonic()
    result = {"result": "passed"}
    with Machine(kind, folder, folder / "disk.qcow2", data=data.disk(pawl)) as machine:
        try:
            scenario.run(machine)
        except Exception as fault:  # whatever it is, it is the result
            machine.console.note(f"failed: {fault}")
            (folder / "failure.txt").write_text(traceback.format_exc())
            result = {"result": "failed", "fault": str(fault)}
        result["boots"] = machine.boots
        result["boot_seconds"] = machine.durations
    result["seconds"] = round(time.monotonic() - began)
    if result["result"] == "passed":
        (folder / "disk.qcow2").unlink()
    return result


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pawl = pathlib.Path(sys.argv[1])
    chosen = scenarios(sys.argv[2:])
    machines = os.environ.get("MACHINES", DEFAULT).split()
    for name in machines:
        if name not in kinds.KINDS:
            raise SystemExit(f"There is no machine {name}; there are: {', '.join(kinds.KINDS)}.")
    tested = f"{cache.commit()}-{cache.digest(pawl)}"
    kept = cache.folder("results", tested)
    rows = []
    for name, scenario in chosen.items():
        for machine in machines:
            if machine in getattr(scenario, "MACHINES", machines):
                rows.append((name, machine, _result(kept, name, scenario, machine, pawl)))
    _table(rows, tested)
    sys.exit(0 if all(row[2]["result"] == "passed" for row in rows) else 1)


def _result(kept, name, scenario, machine, pawl):
    """The one that is kept, where it passed; otherwise the scenario is played."""
    file = kept / f"{name}-{machine}.json"
    if file.exists():
        result = json.loads(file.read_text())
        if result["result"] == "passed":
            return result
    print(f"{name} on {machine} …", flush=True)
    result = play(scenario, kinds.KINDS[machine], pawl, kept / f"{name}-{machine}")
    aside = file.with_suffix(".new")
    aside.write_text(json.dumps(result, indent=1) + "\n")
    aside.rename(file)
    print(f"{name} on {machine}: {result['result']}, {result['seconds']} s. {result.get('fault', '')}", flush=True)
    return result


def _table(rows, tested):
    print(f"\nTested: {tested}\n\n{'scenario':24} {'machine':14} {'result':8} {'boots':>5} {'seconds':>8}")
    for name, machine, result in rows:
        print(f"{name:24} {machine:14} {result['result']:8} {result['boots']:5} {result['seconds']:8}")


if __name__ == "__main__":
    main()
