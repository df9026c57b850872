"""An old copy of the journal is put in place of the present one just before the trial: Pawl does not
trust it, the boot completes, and the next one starts the old kernel."""

from machines import instants, kinds
from machines.instants import Watched
from machines.pawl import DATABASE, prepare_to_restart

MACHINES = kinds.MAIN


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    machine.succeed(["sh", "-c", f"cp -a {DATABASE}* /root/"])
    pawl.approve()
    rewind = f"rm -f {DATABASE}-*; cp -a /root/journal.db* /var/lib/pawl/; sync"
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start,
                  meanwhile=lambda: machine.succeed(["sh", "-c", rewind]))
    assert machine.boot() == new
    machine.console.note(f"told: {pawl.message()}\n{machine.run(['pawl', 'status']).errors}")
    assert "journal" in pawl.message().lower() or machine.run(["pawl", "status"]).status == 5
    assert machine.reboot() == old
