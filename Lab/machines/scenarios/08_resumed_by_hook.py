"""A long step whose power is cut twice: the boot hook goes on with it, with nobody logged in."""

import json
import time

from machines import kinds

STEP = """#!/bin/sh
# Goes on where it was: a line a second, sixty in all.
while [ "$(wc -l </root/progress)" -lt 60 ]; do
  date +%s >>/root/progress
  sync /root/progress
  sleep 1
done
"""

RECIPE = """name: long-step
description: A step that takes a while, and one that nobody has approved
rollback: {description: nothing to take back}
steps:
  - id: long
    label: Take a while
    command: [/usr/local/bin/long-step]
    needs_sudo: true
    risk: medium
    interrupted: retry
    backup: [/root/progress]
  - id: next
    label: Leave a file
    needs_sudo: true
    risk: low
    write_file: {path: /root/next, content: "next\\n", mode: "0644"}
"""

MACHINES = kinds.MAIN


def run(machine):
    machine.boot()
    machine.write("/usr/local/bin/long-step", STEP)
    machine.write("/root/long.yaml", RECIPE)
    machine.write("/root/progress", "")
    machine.succeed(["chmod", "755", "/usr/local/bin/long-step"])
    machine.succeed(["pawl", "boot-hook", "install"])
    assert "is installed" in machine.succeed(["pawl", "boot-hook", "status"])
    plan = json.loads(machine.succeed(["pawl", "plan", "/root/long.yaml", "--json"]))
    step = plan["steps"][0]
    machine.succeed(["pawl", "approve", "1", "--step", "long", "--digest", step["digest"]])
    machine.succeed(["sync"])
    machine.start(["pawl", "resume", "1"])
    wait(machine, lambda: progress(machine) >= 5)

    for _ in range(2):
        machine.cut_power()
        machine.boot()
        before = progress(machine)
        # Nobody calls Pawl here: what goes on goes on by the hook.
        wait(machine, lambda: progress(machine) > before or before == 60)
        assert status(machine)["runner"], "nobody is at work"

    wait(machine, lambda: status(machine)["state"] != "running", seconds=200)
    now = status(machine)
    assert (now["state"], now["waiting_for"]) == ("waiting", "approval"), now
    assert progress(machine) == 60
    history = machine.succeed(["pawl", "history", "show", "1"])
    assert history.count("attempt 3") == 1 and "attempt 4" not in history, history
    machine.succeed(["pawl", "history", "verify"])

    machine.reboot()
    assert status(machine)["waiting_for"] == "approval"
    machine.succeed(["pawl", "boot-hook", "remove"])
    assert "not installed" in machine.succeed(["pawl", "boot-hook", "status"])


def progress(machine):
    return int(machine.succeed(["wc", "-l", "/root/progress"]).split()[0])


def status(machine):
    return json.loads(machine.succeed(["pawl", "status", "--json"]))


def wait(machine, condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come about in {seconds} s"
        time.sleep(0.5)
