"""What the hook costs where no plan is open: no process is started for it."""

from machines import kinds

MACHINES = kinds.SYSTEMD_MACHINES


def run(machine):
    machine.boot()
    before = machine.succeed(["systemd-analyze", "time"]).split("\n")[0]
    machine.succeed(["pawl", "boot-hook", "install"])
    machine.reboot()
    after = machine.succeed(["systemd-analyze", "time"]).split("\n")[0]
    installed = machine.succeed(["sh", "-c", "cd /etc/systemd/system && ls pawl-*.service"]).split()
    assert len(installed) >= 3, installed
    for unit in installed:
        shown = machine.succeed(["systemctl", "show", unit, "--property=ConditionResult,ExecMainPID,ActiveState"])
        assert {"ConditionResult=no", "ExecMainPID=0", "ActiveState=inactive"} <= set(shown.split()), f"{unit}: {shown}"
    assert "pawl" not in machine.succeed(["systemd-analyze", "blame", "--no-pager"])
    assert machine.run(["pgrep", "pawl"]).status == 1, "a process of Pawl is running"
    machine.measured["systemd-analyze"] = {"without the hook": before, "with it": after}
