"""Runs scenarios on kinds of machines, keeps each result, and prints the table.

usage: runner.py PAWL [SCENARIO…]     SCENARIO: the name of a file, or NAME.VARIANT
"""

import dataclasses
import functools
import importlib.util
import os
import pathlib
import queue
import shutil
import signal
import sys
import threading
import time
import traceback

from . import data, image, instants, kinds
from .cache import LAB, program
from .kept import Kept
from .machine import Machine
from .table import table

DEFAULT = " ".join(kinds.KINDS)
JOBS = int(os.environ.get("JOBS", "1"))


def scenarios(names):
    """Those that are named, all of them where none is, by what their results are called: to run, and
    on which machines."""
    paths = {path.stem: path for path in sorted((LAB / "scenarios").glob("*.py"))}
    # A file without a number is run only where it is asked for.
    names = names or [name for name in paths if name[0].isdigit()]
    found = {}
    for name in names:
        stem, _, variant = name.partition(".")
        if stem not in paths:
            raise SystemExit(f"There is no scenario {stem}; there are: {', '.join(paths)}.")
        module = _load(paths[stem])
        machines = getattr(module, "MACHINES", kinds.ALL)
        for each in [variant] if variant else getattr(module, "VARIANTS", [None]):
            run = functools.partial(module.run, name=each) if each else module.run
            found[f"{stem}.{each}" if each else stem] = Scenario(run, machines)
    return found


@dataclasses.dataclass(frozen=True)
class Scenario:
    run: object
    machines: tuple


def _load(path):
    specification = importlib.util.spec_from_file_location("scenario_" + path.stem, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look for it there
    specification.loader.exec_module(module)
    return module


def play(scenario, kind, pawl, folder):
    """Again where an instant was missed: the machine was too fast, or this host too slow."""
    for _ in range(5):
        result = _play(scenario, kind, pawl, folder)
        if result["result"] != "missed":
            return result
        print(f"  missed: {result['fault']}", flush=True)
    return result


def _play(scenario, kind, pawl, folder):
    """One scenario on one machine with a disk of its own; what it leaves in the folder is the evidence."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    base = image.with_pawl(kind, pawl)
    disk = folder / "disk.qcow2"
    program("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base, disk)
    variables = folder / "variables.qcow2" if kind.uefi else None
    if variables:
        program("qemu-img", "convert", "-O", "qcow2", image.installed(kind) / "variables.fd", variables)
    began = time.monotonic()
    result = {"result": "passed"}
    with Machine(kind, folder, disk, variables, base, data.disk(pawl)) as machine:
        try:
            scenario.run(machine)
        except Exception as fault:  # whatever it is, it is the result
            machine.console.note(f"failed: {fault}")
            (folder / "failure.txt").write_text(traceback.format_exc())
            missed = isinstance(fault, instants.Missed)
            result = {"result": "missed" if missed else "failed", "fault": str(fault).partition("\n")[0]}
        result["boots"] = machine.boots
        result["boot_seconds"] = machine.durations
        result["measured"] = machine.measured
    result["seconds"] = round(time.monotonic() - began)
    if result["result"] == "passed":
        disk.unlink()
    return result


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pawl = pathlib.Path(sys.argv[1])
    chosen = scenarios(sys.argv[2:])
    machines = os.environ.get("MACHINES", DEFAULT).split()
    for name in machines:
        if name not in kinds.KINDS:
            raise SystemExit(f"There is no machine {name}; there are: {', '.join(kinds.KINDS)}.")
    kept = Kept(pawl)
    wanted = {machine: [(name, scenario) for name, scenario in chosen.items() if machine in scenario.machines]
              for machine in machines}
    rows = _rows(wanted, kept, pawl)
    rows.sort(key=lambda row: (list(chosen).index(row[0]), machines.index(row[1])))
    print(table(rows, kept.commit), flush=True)
    sys.exit(0 if all(row[2]["result"] == "passed" for row in rows) else 1)


def _rows(wanted, kept, pawl):
    """Machines of JOBS kinds run side by side. Those of one kind do not: they share disks that are made on
    the way."""
    data.disk(pawl)
    waiting, rows = queue.Queue(), []
    for machine in wanted:
        waiting.put(machine)

    def work():
        # QEMU is killed with the thread that started it, so that this one has to outlive its machines.
        while True:
            machine = waiting.get()
            for name, scenario in wanted[machine]:
                rows.append((name, machine, _result(kept, name, scenario, machine, pawl)))
            waiting.task_done()

    for _ in range(JOBS):
        threading.Thread(target=_or_end, args=[work], daemon=True).start()
    waiting.join()
    return rows


def _or_end(work):
    """A fault of the lab itself ends the lab; a thread alone would end in silence."""
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(70)


def _result(kept, name, scenario, machine, pawl):
    """The one that is kept, where it passed; otherwise the scenario is played."""
    result = kept.passed(name, machine)
    if result:
        return result
    print(f"{name} on {machine} …", flush=True)
    result = play(scenario, kinds.KINDS[machine], pawl, kept.folder / f"{name}-{machine}")
    kept.keep(name, machine, result)
    print(f"{name} on {machine}: {result['result']}, {result['seconds']} s. {result.get('fault', '')}", flush=True)
    return result


if __name__ == "__main__":
    main()
