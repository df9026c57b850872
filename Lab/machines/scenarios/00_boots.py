"""The machine itself: it boots, Pawl runs in it, it restarts, and a power cut loses what was not flushed."""


def run(machine):
    old = machine.boot()
    first = machine.boot_id
    assert machine.succeed(["uname", "-r"]).strip() == old
    assert "default via" in machine.succeed(["ip", "route", "show", "default"]), "there is no default route"
    detected = machine.run(["pawl", "detect", "--json"])
    assert detected.status == 0, detected.errors
    assert old in detected.output, "pawl detect does not name the running kernel"

    assert machine.reboot() == old
    assert machine.boot_id != first, "the boot id is the same after a restart"
    assert machine.boots == 2, f"the console tells of {machine.boots} boots"

    machine.succeed(["dd", "if=/dev/zero", "of=/root/flushed", "bs=4096", "count=4", "conv=fsync"])
    machine.succeed(["dd", "if=/dev/zero", "of=/root/unflushed", "bs=4096", "count=4"])
    machine.cut_power()
    with machine.look() as disk:
        assert disk.kernels() == [old]
        assert disk.file("/root/flushed").stat().st_size == 16384, "what was flushed is lost"
        unflushed = disk.file("/root/unflushed")
        assert not unflushed.exists() or unflushed.stat().st_size == 0, "the cut was too gentle"

    assert machine.boot() == old
    assert machine.boots == 3, f"the console tells of {machine.boots} boots"
