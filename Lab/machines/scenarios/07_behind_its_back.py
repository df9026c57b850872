"""What others do to the kernels of the boot menu between its writing and the restart: each is refused in
words before the one-shot is set, with the machine still in the old kernel, and taken back."""

from machines import kinds, menu
from machines.pawl import ROLLED_BACK, prepare_to_restart

MACHINES = kinds.MAIN
# Of which entry the image is harmed, and how.
HARMS = {"fallback-removed": ("fallback", ["rm"]), "image-truncated": ("trial", ["truncate", "-s", "4096"])}
VARIANTS = tuple(HARMS)


def run(machine, name):
    pawl, old, new = prepare_to_restart(machine)
    entry, harm = HARMS[name]
    image = menu.image_of(machine, entry)
    machine.succeed([*harm, image])
    menu.restart_refused(machine, pawl, new, image)

    pawl.rollback()
    if pawl.state() == "rollback-failed":
        # What is not as Pawl copied it is not Pawl's to remove.
        assert entry == "trial" and "remove it yourself" in pawl.history(), pawl.told()
        machine.succeed(["rm", image])
        assert pawl.rollback().status == ROLLED_BACK
    menu.rolled_back(machine, pawl, old, new)
    assert machine.reboot() == old
