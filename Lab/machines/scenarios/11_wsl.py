"""A kernel for WSL, on a machine whose side of Windows stands in for the real one: tried and kept, taken back
from within, and one that does not start, taken back from Windows. Building is stood in for in the machine; the
kernels are real, built by Pawl before."""

import time

from machines import instants
from machines import pawl as verbs
from machines.instants import Watched
from machines.windows import Windows

MACHINES = ("wsl",)
VARIANTS = ("good", "no-settings", "does-not-start", "cut-while-armed", "no-journal")
FOLDER = "/var/lib/pawl"
SETTINGS = "# Meine Einstellungen für WSL\r\n[wsl2]\r\nmemory=4GB\r\nkernelCommandLine = quiet\r\n\r\n[experimental]\r\nsparseVhd=true".encode()
MAKEFILE = "VERSION = {}\nPATCHLEVEL = {}\nSUBLEVEL = {}\nEXTRAVERSION =\n"


def run(machine, name):
    windows = Windows(machine)
    if name != "no-settings":
        # A quiet kernel prints nothing by which the cut could be timed.
        windows.write_settings(SETTINGS.replace(b"quiet", b"debug") if name == "cut-while-armed" else SETTINGS)
    before = windows.settings
    pawl, old, new = prepare(machine, windows, "no-root" if name == "does-not-start" else "wsl-new")
    if name == "no-journal":
        without_journal(machine, windows, pawl, old, new, before)
        return pawl.verified()
    pawl.start()
    windows.wait_ended()
    armed = windows.settings
    assert b"pawl.trial=" in armed and new.encode() in armed, armed
    if name == "does-not-start":
        does_not_start(machine, windows, pawl, old, new)
    else:
        if name == "cut-while-armed":
            machine.power_on(windows.kernel())
            machine.expect_console("Linux version")
            machine.cut_power()
            assert windows.settings == armed
        kept_and_taken_back(machine, windows, pawl, old, new)
    assert windows.settings == before
    assert not list((windows.home / "pawl").glob("*")), "something of Pawl's is left in Windows"
    pawl.verified()


def kept_and_taken_back(machine, windows, pawl, old, new):
    assert windows.open_wsl() == new
    pawl.wait("succeeded")
    assert b"pawl.trial=" not in windows.settings and new.encode() in windows.settings
    shut_down(machine, windows)
    assert windows.open_wsl() == new
    # The kernel that is taken back runs: WSL is ended first, and the rest is undone under the old one.
    pawl.rollback_and_leave()
    windows.wait_ended()
    assert windows.open_wsl() == old
    pawl.wait("rolled-back")


def without_journal(machine, windows, pawl, old, new, before):
    """The journal is not there when the new kernel comes up: the settings themselves tell what to take back."""
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start,
                  meanwhile=lambda: machine.succeed(["sh", "-c", f"mv {FOLDER} /root/away && sync"]))
    assert b"pawl.trial=" in windows.settings
    assert windows.open_wsl() == new
    end = time.monotonic() + 300
    while windows.settings != before:
        assert time.monotonic() < end, f"it was not taken back: {windows.settings}"
        time.sleep(2)
    assert "journal" in pawl.message().lower(), "nothing is told of the journal"
    machine.cut_power()
    assert windows.open_wsl() == old
    machine.succeed(["sh", "-c", f"rm -rf {FOLDER} && mv /root/away {FOLDER} && sync"])
    pawl.start()
    pawl.wait("rolled-back")
    assert windows.settings == before


def does_not_start(machine, windows, pawl, old, new):
    machine.power_on(windows.kernel())
    machine.expect_console("Kernel panic")
    windows.go_back(new)
    assert windows.open_wsl() == old
    pawl.wait("rolled-back")
    pawl.explains(new, old)


def prepare(machine, windows, kind):
    old = windows.open_wsl()
    pawl = verbs.Pawl(machine)
    pawl.hook()
    stage = verbs.stage_of(machine, kind)
    new = machine.succeed(["ls", f"{stage}/lib/modules"]).strip()
    version, _, local = new.partition("-")
    machine.succeed(["mkdir", "-p", "/srv/source"])
    machine.write("/srv/source/Makefile", MAKEFILE.format(*version.split(".")))
    machine.write("/srv/source/Kconfig", "")
    machine.write("/etc/lab-kernel", kind)
    have_packages(machine)
    pawl.plan("wsl-kernel", source="/srv/source", localversion=f"-{local}", **verbs.TRIAL)
    pawl.approve()
    return pawl, old, new


def have_packages(machine):
    """The stand-in for make needs none of what a real build needs, and the machine has no mirror."""
    names = "build-essential bc bison flex libelf-dev libssl-dev openssl dwarves libdw-dev python3 perl rsync cpio " \
            "kmod xz-utils zstd gawk debhelper"
    for package in names.split():
        if machine.run(["dpkg", "-s", package]).status != 0:
            stanza = f"Package: {package}\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: all\\n" \
                     "Maintainer: lab\\nDescription: stands in\\n\\n"
            machine.succeed(["sh", "-c", f"printf '{stanza}' >>/var/lib/dpkg/status"])


def shut_down(machine, windows):
    machine.succeed(["sync"])
    machine.start(["/mnt/c/Windows/System32/wsl.exe", "--shutdown"])
    windows.wait_ended()
