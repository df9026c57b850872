"""What others do to the boot menu and its files between the menu's writing and the restart: each is
refused in words before the one-shot is set, with the machine still in the old kernel, and taken back."""

from machines import kinds, menu
from machines.pawl import ROLLED_BACK, prepare_to_restart

MACHINES = kinds.MAIN
ENVIRONMENT = "/boot/grub/grubenv"
VARIANTS = ("fallback-removed", "image-truncated", "environment-damaged")


def run(machine, name):
    if name == "environment-damaged" and machine.kind.loader != "grub":
        return  # there is none
    pawl, old, new = prepare_to_restart(machine)
    images = {entry: menu.image_of(machine, entry) for entry in ("fallback", "trial")}
    harm, words = {
        "fallback-removed": (["rm", images["fallback"]], "no longer there"),
        "image-truncated": (["truncate", "-s", "4096", images["trial"]], "not what it was"),
        "environment-damaged": (["truncate", "-s", "512", ENVIRONMENT], ENVIRONMENT),
    }[name]
    machine.succeed(harm)
    pawl.approve()
    pawl.start()
    pawl.wait("failed", "waiting/person")
    told = pawl.history()
    machine.console.note(f"refused: {told}")
    assert words in told, f"it does not say {words!r}: {told}"
    assert machine.boots == 1, "it restarted all the same"
    assert menu.read(machine, new).one_shot is None

    if name == "environment-damaged":
        machine.succeed(["rm", ENVIRONMENT])
        machine.succeed(["grub-editenv", ENVIRONMENT, "create"])
    pawl.rollback()
    if pawl.state() == "rollback-failed":
        # What is not as Pawl copied it is not Pawl's to remove.
        assert name == "image-truncated" and "remove it yourself" in pawl.history(), pawl.told()
        machine.succeed(["rm", images["trial"]])
        assert pawl.rollback().status == ROLLED_BACK
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
