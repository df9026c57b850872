"""No space left where the kernel is to go: the plan stops and says so, the machine starts as it did, and
all can be taken back."""

import re

from machines import kinds, menu
from machines.pawl import ROLLED_BACK, prepare

MACHINES = kinds.MAIN
LEFT = 3 << 20  # less than the image has
RESERVED = 4096  # blocks that ext4 keeps for itself (s_resv_clusters), and counts as free


def run(machine):
    pawl, old, new = prepare(machine)
    on_fat = machine.kind.loader == "systemd-boot"
    filler = "/boot/efi/filler" if on_fat else "/filler"
    free, size = map(int, machine.succeed(["stat", "-f", "-c", "%f %S", filler.rpartition("/")[0] or "/"]).split())
    mebibytes = ((free - (0 if on_fat else RESERVED)) * size - LEFT) >> 20
    machine.succeed(["dd", "if=/dev/zero", f"of={filler}", "bs=1M", "conv=fsync", f"count={mebibytes}"] if on_fat
                    else ["fallocate", "-l", f"{mebibytes}MiB", filler], timeout=900)
    pawl.start()
    state = pawl.wait("waiting/resources", "waiting/person", "failed", "rolled-back")
    assert re.search(r"MiB (are )?free", pawl.history()), pawl.history()
    assert machine.boots == 1
    machine.succeed(["rm", filler])
    if state == "rolled-back" or pawl.rollback().status == ROLLED_BACK:
        menu.rolled_back(machine, pawl, old, new)
    else:
        _ended_with_nothing_done(machine, pawl, old, new)
    assert machine.reboot() == old


def _ended_with_nothing_done(machine, pawl, old, new):
    refused = pawl.rollback()
    assert "has changed nothing" in refused.errors, refused.errors
    machine.succeed(["pawl", "cancel", pawl.number])
    pawl.wait("abandoned")
    now = menu.read(machine, new)
    assert now.default == old and not now.own and not now.left, now
