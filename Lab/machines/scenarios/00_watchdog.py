"""The emulated hardware watchdog, without Pawl: a machine that stands still after it was opened is reset by it.
Debian's cloud kernel has no driver for it; the good kernel has."""

import json
import time

from machines import by_hand

MACHINES = ("grub-bios", "grub-uefi", "systemd-boot", "openrc")


def run(machine):
    old = machine.boot()
    good = by_hand.install(machine, "good")
    by_hand.arm(machine, old, good)
    assert machine.reboot() == good, "the good kernel did not start once"
    identity = machine.succeed(["cat", "/sys/class/watchdog/watchdog0/identity"])
    assert identity.startswith("i6300ESB"), identity
    seen = len(machine.agent.boots)
    machine.write("/proc/sys/kernel/panic", "0")  # a panic alone would stand still for ever
    machine.write("/proc/sys/kernel/sysrq", "1")
    # Opened and never closed: whoever holds it has to go on writing to it, and does not.
    machine.start(["python3", "-c", "import time; file = open('/dev/watchdog', 'wb', 0); time.sleep(3600)"])
    while machine.succeed(["cat", "/sys/class/watchdog/watchdog0/state"]).strip() != "active":
        time.sleep(0.2)  # a panic before it is opened stands still for ever
    timeout = machine.succeed(["cat", "/sys/class/watchdog/watchdog0/timeout"])
    machine.start(["tee", "/proc/sysrq-trigger"], standard_input=b"c")
    machine.expect_console("Kernel panic - not syncing: sysrq triggered crash")
    panicked = machine.console.seconds()
    assert machine.wait_up(seen) == old
    resets = [event for event in machine.events if event["event"] == "WATCHDOG"]
    assert len(resets) == 1, f"the watchdog did not reset the machine: {json.dumps(machine.events)}"
    machine.console.note(f"a watchdog of {timeout.strip()} s; the panic was {panicked:.0f} s after power on")
