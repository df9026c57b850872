"""A generator makes extlinux's menu anew, as Alpine's does whenever a kernel comes or goes: while a trial is armed,
and after a promotion. The real menu.c32 reads what comes of it; the generator stands in for Alpine's."""

from machines import menu
from machines import pawl as verbs

MACHINES = ("extlinux",)
VARIANTS = ("does-not-start", "promoted")
STOPPED_AT_RESTART = 102  # exit status
MODULES = "/usr/lib/syslinux/modules/bios"
GENERATOR = """#!/bin/sh -eu
boot=/boot/extlinux
uuid=$(findmnt -no UUID /)
{
  printf 'SERIAL 0 115200\\nDEFAULT menu.c32\\nPROMPT 0\\nMENU HIDDEN\\nTIMEOUT 10\\n'
  number=0
  for kernel in $(find /boot -name 'vmlinuz-*' -type f); do
    release=${kernel##*/vmlinuz-}
    label=$number
    case $release in *-cloud-*) label=lts ;; esac
    printf 'LABEL %s\\n' "$label"
    [ "$label" != lts ] || echo '  MENU DEFAULT'
    printf '  MENU LABEL Linux %s\\n  LINUX /boot/vmlinuz-%s\\n' "$release" "$release"
    [ ! -f "/boot/initrd.img-$release" ] || printf '  INITRD /boot/initrd.img-%s\\n' "$release"
    printf '  APPEND root=UUID=%s ro console=ttyS0,115200 no_timer_check\\n\\n' "$uuid"
    number=$((number + 1))
  done
  for entry in /etc/update-extlinux.d/*; do
    [ ! -f "$entry" ] || { cat "$entry"; echo; }
  done
  echo 'MENU SEPARATOR'
} >"$boot/extlinux.conf.new"
mv "$boot/extlinux.conf.new" "$boot/extlinux.conf"
extlinux --update "$boot"
sync
"""


def run(machine, name):
    old = machine.boot()
    install(machine)
    machine.settle()
    assert machine.reboot() == old, "menu.c32 does not start the kernel that is marked"
    before = config(machine)
    pawl = verbs.Pawl(machine)
    pawl.hook()
    new = pawl.kernel("no-root" if name == "does-not-start" else "good")
    pawl.approve()
    ended = machine.run(["pawl", "resume", pawl.number, "--no-reboot"], timeout=900)
    assert ended.status == STOPPED_AT_RESTART, ended
    assert menu.read(machine, new).one_shot == "pawl-trial"
    generate(machine)
    found = menu.read(machine, new)
    machine.console.note(f"made anew while armed: {found}")
    assert found.default == "fallback", f"a plain boot starts {found.default}"
    assert found.one_shot == "pawl-trial", "it is forgotten what is to be started once"
    machine.begin_reboot()
    machine.expect_console(rf"Linux version {new} ", 600)
    if name == "promoted":
        return promoted(machine, pawl, old, new)
    machine.expect_console(rf"Linux version {old} ", 600)
    menu.rolled_back(machine, pawl, old, new)
    generate(machine)
    assert config(machine) == before, config(machine)


def promoted(machine, pawl, old, new):
    menu.promoted(machine, pawl, old, new)
    generate(machine)
    found = menu.read(machine, new)
    assert found.default == new, f"a plain boot starts {found.default}"
    machine.settle()
    assert machine.reboot() == new, "the promoted kernel is not what is started"
    pawl.verified()


def install(machine):
    machine.write("/sbin/update-extlinux", GENERATOR)
    machine.succeed(["chmod", "0755", "/sbin/update-extlinux"])
    for program in ("menu.c32", "libutil.c32", "libcom32.c32"):
        machine.succeed(["cp", f"{MODULES}/{program}", "/boot/extlinux/"])
    generate(machine)


def generate(machine):
    machine.succeed(["update-extlinux"], timeout=120)


def config(machine):
    return machine.succeed(["cat", "/boot/extlinux/extlinux.conf"])
