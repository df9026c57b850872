"""A silent hang before any watchdog counts: nothing can end it, as was said before the restart; a power
cycle brings the old kernel back, and all is taken back."""

import time

from machines import kinds, menu
from machines.pawl import prepare

# No grep: that of an initramfs without busybox is missing.
HANG = """#!/bin/sh
[ "$1" = prereqs ] && exit 0
read -r line </proc/cmdline
case $line in *pawl.trial=*) ;; *) exit 0 ;; esac
echo "a silent hang" >/dev/console
while :; do sleep 1000; done
"""
SCRIPT = "/etc/initramfs-tools/scripts/init-top/hang"

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare(machine)
    machine.write(SCRIPT, HANG)
    machine.succeed(["chmod", "755", SCRIPT])
    told = machine.succeed(["pawl", "show", pawl.number, "--step", "restart"])
    assert "needs a power cycle" in told, f"nothing told of the power cycle: {told}"
    pawl.start()
    machine.expect_console("a silent hang", 600)
    boots = machine.boots
    time.sleep(120)  # a minute more than any deadline of the kernel's own
    assert machine.boots == boots, "something ended the hang"
    machine.cut_power()
    assert machine.boot() == old
    menu.rolled_back(machine, pawl, old, new)
    pawl.explains(new, old)
