"""The loader's own one-shot boot, without Pawl: a good kernel starts once; one that does not find the
disk starts once and panics, and the old one is back by itself."""

from machines import by_hand, efi

MACHINES = ("grub-bios", "grub-uefi", "systemd-boot", "openrc")


def run(machine):
    old = machine.boot()
    good = by_hand.install(machine, "good")
    by_hand.arm(machine, old, good)
    assert machine.reboot() == good, "the good kernel did not start once"
    assert "default via" in machine.succeed(["ip", "route", "show", "default"]), "no network on the good kernel"
    assert machine.succeed(["cat", "/sys/class/watchdog/watchdog0/identity"]).startswith("i6300ESB")
    assert machine.reboot() == old, "a one-shot boot was not the only one"

    bad = by_hand.install(machine, "no-root")
    by_hand.arm(machine, old, bad)
    seen = len(machine.agent.boots)
    machine.begin_reboot()
    machine.expect_console(rf"Linux version {bad} ")
    machine.expect_console(r"Kernel panic|Rebooting automatically due to panic=")
    assert machine.wait_up(seen) == old, "the old kernel did not come back"
    assert machine.boots == 5, f"the console tells of {machine.boots} boots"

    machine.power_off()
    with machine.look() as disk:
        assert disk.kernels() == sorted([old, good, bad])
        _nothing_armed(machine, disk, old)


def _nothing_armed(machine, disk, old):
    if machine.kind.loader == "grub":
        environment = disk.grub()
        assert not environment.get("next_entry"), environment
        assert old in environment["saved_entry"], environment
    else:
        variables = machine.efi()
        assert "LoaderEntryOneShot" not in variables, "the one-shot entry is still set"
        assert old in efi.text(variables["LoaderEntryDefault"])
