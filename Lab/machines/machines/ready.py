"""Machines that are kept as they run, memory and all, where many scenarios begin: it saves each of them a
boot and the making of a plan."""

import json
import shutil

from . import cache, image, qemu
from .cache import program

NAME = "ready"
SIZE = f"{qemu.PROCESSORS} {qemu.MEMORY}"  # memory that was kept fits no other machine


def _folder(machine, key):
    base = image.installed(machine.kind)
    name = cache.named(f"{machine.base.name} {machine.data.name} {SIZE} {key}")
    return base / f"ready-{name}"


def restore(machine, key):
    """Has the machine go on where it was kept; what was told of it then, or nil where none was kept."""
    kept = _folder(machine, key)
    if not (kept / "told.json").exists():
        return None
    told = json.loads((kept / "told.json").read_text())
    for file in machine.writable():
        program("cp", "--sparse=always", kept / file.name, file)
    machine.power_on(saved=NAME)
    machine.earlier_boots = 1
    machine.agent.boots.append(tuple(told["boot"]))
    return told["told"]


def keep(machine, key, told):
    """`told` is given back where the machine is restored."""
    kept = _folder(machine, key)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    fault = machine.qemu.command("human-monitor-command", **{"command-line": f"savevm {NAME}"})
    assert not fault, f"the machine cannot be kept: {fault}"
    machine.qemu.command("stop")
    for file in machine.writable():
        program("cp", "--sparse=always", file, kept / file.name)
    machine.qemu.command("cont")
    aside = kept / "told.new"
    aside.write_text(json.dumps({"boot": machine.agent.boots[-1], "told": told}))
    aside.rename(kept / "told.json")
