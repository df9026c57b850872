"""A kernel for WSL, on a machine whose side of Windows stands in for the real one: tried and kept, taken back
from within, and one that does not start, taken back from Windows; with its modules on a virtual disk, and in a
distribution in which nothing but the command of wsl.conf is started. Building is stood in for in the machine; the
kernels are real, built by Pawl before."""

import time

from machines import instants
from machines import pawl as verbs
from machines.instants import Watched
from machines.windows import Windows

MACHINES = ("wsl",)
VARIANTS = ("good", "no-settings", "does-not-start", "cut-while-armed", "no-journal", "drivers-on-disk",
            "boot-command", "boot-command-not-confirmed", "boot-command-no-program")
FOLDER = "/var/lib/pawl"
PROGRAM = "/usr/local/bin/pawl"
REFUSED = 6  # exit status
SETTINGS = "# Meine Einstellungen für WSL\r\n[wsl2]\r\nmemory=4GB\r\nkernelCommandLine = quiet\r\n\r\n[experimental]\r\nsparseVhd=true".encode()
# What is set in a plan besides.
SPECIAL = {"drivers-on-disk": {"drivers": "disk"},
           "boot-command-not-confirmed": {"confirm": "yes", "deadline": "60s"}}
CONF = "/etc/wsl.conf"
HOOK = "/usr/local/lib/pawl/wsl-boot"
# The last line has no end.
LINUX_SETTINGS = """# Mine
[automount]
options = "metadata,umask=22" # mine, too
[boot]
# nothing starts services here
protectBinfmt = true

[user]
default=root"""
MAKEFILE = "VERSION = {}\nPATCHLEVEL = {}\nSUBLEVEL = {}\nEXTRAVERSION =\n"


def run(machine, name):
    windows = Windows(machine, init="/usr/local/sbin/lab-init" if name.startswith("boot-command") else None)
    if name != "no-settings":
        # A quiet kernel prints nothing by which the cut could be timed.
        windows.write_settings(SETTINGS.replace(b"quiet", b"debug") if name == "cut-while-armed" else SETTINGS)
    before = windows.settings
    kind = "no-root" if name == "does-not-start" else "wsl-new"
    pawl, old, new = prepare(machine, windows, kind, **SPECIAL.get(name, {}))
    if name in ("no-journal", "boot-command-no-program"):
        without = without_journal if name == "no-journal" else without_program
        without(machine, windows, pawl, old, new, before)
        return pawl.verified()
    pawl.start()
    windows.wait_ended()
    armed = windows.settings
    assert b"pawl.trial=" in armed and new.encode() in armed, armed
    if name == "does-not-start":
        does_not_start(machine, windows, pawl, old, new)
    elif name == "boot-command-not-confirmed":
        not_confirmed(windows, pawl, old, new)
    else:
        if name == "cut-while-armed":
            windows.power_on()
            machine.expect_console("Linux version")
            machine.cut_power()
            assert windows.settings == armed
        looks = {"drivers-on-disk": (modules_are_on_the_disk,) * 2, "boot-command": (hook_left_nothing_open, None)}
        kept_and_taken_back(machine, windows, pawl, old, new, *looks.get(name, (None, None)))
    assert windows.settings == before
    assert not list((windows.home / "pawl").glob("*")), "something of Pawl's is left in Windows"
    # The empty folder is WSL's own: it makes it where it mounts the disk.
    assert not machine.run(["find", f"/lib/modules/{new}", "-mindepth", "1"]).output
    pawl.verified()
    if windows.init:
        machine.succeed(["pawl", "boot-hook", "remove"])
        assert machine.succeed(["cat", CONF]) == LINUX_SETTINGS


def kept_and_taken_back(machine, windows, pawl, old, new, look, look_later):
    """Both look at the machine: in the boot in which the new kernel was tried, and in the next."""
    assert windows.open_wsl() == new
    pawl.wait("succeeded")
    assert b"pawl.trial=" not in windows.settings and new.encode() in windows.settings
    if look:
        look(machine, new)
    shut_down(machine, windows)
    assert windows.open_wsl() == new
    if look_later:
        look_later(machine, new)
    # The kernel that is taken back runs: WSL is ended first, and the rest is undone under the old one.
    pawl.rollback_and_leave()
    windows.wait_ended()
    assert windows.open_wsl() == old
    pawl.wait("rolled-back")


def modules_are_on_the_disk(machine, new):
    """One that the host asks for at every boot is loaded by then, and one is loaded that nobody asked for; both lie
    on the disk alone. What root loads is root's."""
    folder = f"/lib/modules/{new}"
    asked, other = (machine.succeed(["modinfo", "-n", name]).strip() for name in ("dummy", "brd"))
    assert asked.startswith(folder) and other.startswith(folder), (asked, other)
    assert machine.succeed(["findmnt", "-n", "-o", "FSTYPE", "-T", other]).strip() == "overlay"
    assert "dummy " in machine.succeed(["cat", "/proc/modules"]), "nothing loaded it at boot"
    machine.succeed(["modprobe", "brd"])
    assert "brd " in machine.succeed(["cat", "/proc/modules"])
    assert not machine.succeed(["find", folder, "!", "-uid", "0", "-o", "!", "-gid", "0"])


def hook_left_nothing_open(machine, _):
    """WSL starts the command with permissions for everybody on all that it makes."""
    assert not machine.succeed(["find", "/run/motd.d/pawl", "/var/lib/pawl", CONF, "-perm", "/o+w", "!", "-type", "l"])


def not_confirmed(windows, pawl, old, new):
    """The hook ends WSL by itself, without a session of anybody."""
    assert windows.open_wsl() == new
    windows.wait_ended()
    assert windows.open_wsl() == old
    pawl.wait("rolled-back")
    pawl.explains("nobody confirmed it", new, old)


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


def without_program(machine, windows, pawl, old, new, before):
    """Nobody can take the setting back, and each start is one of the new kernel, until somebody does it in Windows:
    that is told, by what nobody else may write."""
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start,
                  meanwhile=lambda: machine.succeed(["sh", "-c", f"mv {PROGRAM} /root/away && sync"]))
    for _ in range(2):
        assert windows.open_wsl() == new
        end = time.monotonic() + 60
        while not (told := pawl.message()):
            assert time.monotonic() < end, "nobody says that the program is not there"
            time.sleep(1)
        assert f"{PROGRAM} is not there" in told and "go-back.cmd" in told, told
        assert not machine.succeed(["find", "/run/motd.d", "/run/issue.d", "-perm", "/o+w"])
        machine.cut_power()
    windows.go_back(new)
    assert windows.open_wsl() == old
    machine.succeed(["mv", "/root/away", PROGRAM])
    pawl.start()
    pawl.wait("rolled-back")
    assert windows.settings == before


def does_not_start(machine, windows, pawl, old, new):
    windows.power_on()
    machine.expect_console("Kernel panic")
    windows.go_back(new)
    assert windows.open_wsl() == old
    pawl.wait("rolled-back")
    pawl.explains(new, old)


def prepare(machine, windows, kind, **special):
    old = windows.open_wsl()
    pawl = verbs.Pawl(machine)
    if windows.init:
        hook_by_command(machine, pawl)
    else:
        pawl.hook()
    stage = verbs.stage_of(machine, kind)
    new = machine.succeed(["ls", f"{stage}/lib/modules"]).strip()
    version, _, local = new.partition("-")
    machine.succeed(["mkdir", "-p", "/srv/source"])
    machine.write("/srv/source/Makefile", MAKEFILE.format(*version.split(".")))
    machine.write("/srv/source/Kconfig", "")
    machine.write("/etc/lab-kernel", kind)
    have_packages(machine)
    settings = {"source": "/srv/source", "localversion": f"-{local}"} | verbs.TRIAL | special
    if special.get("drivers") == "disk":
        wants_a_module(machine)
        older_has_no_disk(machine, windows, settings)
    pawl.plan("wsl-kernel", **settings)
    pawl.approve()
    return pawl, old, new


def hook_by_command(machine, pawl):
    """Where systemd does not run; a command of somebody's own stays, and so does the rest of the file."""
    assert machine.run(["test", "-e", "/run/systemd/system"]).status != 0
    taken = LINUX_SETTINGS.replace("[boot]\n", "[boot]\ncommand = service cron start\n")
    machine.write(CONF, taken)
    refused = machine.run(["pawl", "boot-hook", "install"])
    assert refused.status == REFUSED and "service cron start" in refused.errors, refused
    assert machine.succeed(["cat", CONF]) == taken
    assert "not installed" in machine.succeed(["pawl", "boot-hook", "status"])
    machine.write(CONF, taken.replace("cron start\n", f"cron start; {HOOK}\n"))
    pawl.hook()
    machine.succeed(["pawl", "boot-hook", "remove"])
    machine.write(CONF, LINUX_SETTINGS)
    pawl.hook()
    assert machine.succeed(["cat", CONF]) == LINUX_SETTINGS.replace("= true\n", f"= true\ncommand={HOOK}\n")
    assert "for WSL" in machine.succeed(["pawl", "boot-hook", "status"])


def wants_a_module(machine):
    """At every boot, and had it before: a new kernel without it would not be well."""
    machine.write("/etc/modules-load.d/lab.conf", "dummy\n")
    machine.succeed(["modprobe", "dummy"])


def older_has_no_disk(machine, windows, settings):
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    version = windows.version
    windows.update("2.4.13.0")
    refused = machine.run(["pawl", "plan", "wsl-kernel", *words])
    windows.update(version)
    assert refused.status == REFUSED and "2.4.13.0" in refused.errors and "2.5.1" in refused.errors, refused


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
