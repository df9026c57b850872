"""Pawl's own program is gone when the new kernel starts: the boot completes, whoever logs in reads why nothing is
done, and the next start brings the old kernel. With the program there again the trial is taken back."""

from machines import instants, menu
from machines.instants import Watched
from machines.pawl import prepare_to_restart

MACHINES = ("grub-bios", "openrc")


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    pawl.approve()
    program = machine.succeed(["sh", "-c", "command -v pawl"]).strip()
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start,
                  meanwhile=lambda: machine.succeed(["sh", "-c", f"mv {program} /root/away && sync"]))
    assert machine.boot() == new
    told(machine, program)
    machine.cut_power()
    assert machine.boot() == old
    told(machine, program)
    machine.succeed(["mv", "/root/away", program])
    pawl.start()
    menu.rolled_back(machine, pawl, old, new)


def told(machine, program):
    for place in ("/run/motd.d/pawl", "/run/issue.d/pawl.issue"):
        text = machine.succeed(["cat", place])
        assert f"{program} is not there" in text, text
