"""The folder of the journal is not there when the new kernel starts, as where its disk does not come up: Pawl
makes no journal, the boot completes, and a power cut later the old kernel is back. Once the journal is
there, the trial is taken back, through another power cut."""

from machines import instants, kinds, menu
from machines.instants import Watched
from machines.pawl import prepare_to_restart

MACHINES = kinds.MAIN
FOLDER = "/var/lib/pawl"
UNDOES = Watched(("step.changed", "install-kernel", "begin-undo"), before=("plan.changed", None, "finishRollback"))


def run(machine):
    pawl, old, new = prepare_to_restart(machine)
    pawl.approve()
    instants.play(machine, Watched(("trial", None, "oneShotSet")), new, pawl.start,
                  meanwhile=lambda: machine.succeed(["sh", "-c", f"mv {FOLDER} /root/away && sync"]))
    assert machine.boot() == new
    told = pawl.message()
    machine.console.note(f"told: {told}")
    assert "journal" in told.lower(), "nothing is told of the journal"
    assert machine.run(["test", "-e", f"{FOLDER}/journal.db"]).status == 1, "a journal was made"
    machine.cut_power()

    assert machine.boot() == old
    assert menu.read(machine, new).one_shot is None
    machine.succeed(["sh", "-c", f"rm -rf {FOLDER} && mv /root/away {FOLDER} && sync"])
    instants.play(machine, UNDOES, new, pawl.start)
    assert machine.boot() == old
    if pawl.rest() != "rolled-back":
        pawl.start()
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
