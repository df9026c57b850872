"""What the machine starts next, and what lies about of a kernel: read inside it, by a program of ours."""

import dataclasses
import json

from .cache import LAB

PROGRAM = LAB / "sent/menu.py"


@dataclasses.dataclass
class Menu:
    running: str
    default: str  # the release that a plain boot starts; `fallback` for Pawl's copy of the old one
    one_shot: str | None
    own: list  # ids of Pawl's entries
    left: list  # files of the new kernel, and of Pawl in the menu
    kernels: list
    command_line: str


def image_of(machine, entry):
    """The image that Pawl wants one of its own entries to start."""
    return json.loads(machine.succeed(["cat", "/boot/pawl/entries.json"]))[entry]["image"]


def read(machine, release):
    """`release`: of the new kernel."""
    done = machine.run(["python3", "-", machine.kind.loader, release], standard_input=PROGRAM.read_bytes())
    assert done.status == 0, f"the boot menu cannot be read: {done.errors}"
    return Menu(**done.json())


def rolled_back(machine, pawl, old, new):
    """Nothing is left of the new kernel, and a plain boot starts the old one as it did before."""
    pawl.wait("rolled-back")
    menu = read(machine, new)
    assert menu.running == old, f"{menu.running} is running, not the old kernel"
    assert menu.default == old, f"a plain boot starts {menu.default}"
    assert menu.one_shot is None, f"{menu.one_shot} is still set to be started once"
    assert not menu.own, f"Pawl's entries are still in the menu: {menu.own}"
    assert not menu.left, f"left over: {menu.left}"
    assert not pawl.runs(), "Pawl is still at work"
    pawl.verified()
    return menu


def tried_in_vain(machine, pawl, old, new, *words):
    """The restart that is left is approved; the new kernel comes up, then the old one, and all is taken back
    and explained, in these words too."""
    pawl.approve()
    pawl.start()
    machine.expect_console(rf"Linux version {new} ", 600)
    machine.expect_console(rf"Linux version {old} ", 600)
    rolled_back(machine, pawl, old, new)
    pawl.explains(new, old, *words)


def restart_refused(machine, pawl, new, *words):
    """The restart that is left is approved, and is not begun; history says why, in these words."""
    pawl.approve()
    pawl.start()
    pawl.wait("failed", "waiting/person")
    told = pawl.history()
    machine.console.note(f"refused: {told}")
    for word in words:
        assert word in told, f"it does not say {word!r}: {told}"
    assert machine.boots == 1, "it restarted all the same"
    assert read(machine, new).one_shot is None


def promoted(machine, pawl, old, new):
    """The new kernel is what a plain boot starts; the old one is still in the menu, first."""
    pawl.wait("succeeded")
    menu = read(machine, new)
    assert menu.running == new, f"{menu.running} is running, not the new kernel"
    assert menu.default == new, f"a plain boot starts {menu.default}"
    assert menu.one_shot is None, f"{menu.one_shot} is still set to be started once"
    assert menu.own == ["pawl-fallback"], f"Pawl's entries in the menu: {menu.own}"
    assert {old, new} <= set(menu.kernels), f"modules of {menu.kernels} only"
    assert not pawl.runs(), "Pawl is still at work"
    pawl.verified()
    return menu
