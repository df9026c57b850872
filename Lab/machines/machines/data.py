"""A second disk, read-only, that brings the kernels under trial into the machine."""

import os
import shutil

from . import cache
from .cache import LAB, program

DEVICE = "/dev/disk/by-label/lab"
PLACE = "/mnt/lab"
# Modules as `make modules_install` stages them without depmod: a machine lists its own.
OF_DEPMOD = shutil.ignore_patterns("modules.alias*", "modules.dep*", "modules.*.bin", "modules.devname",
                                   "modules.softdep", "modules.symbols*", "modules.weakdep")
KINDS = tuple(os.environ.get("KERNELS", "good no-root no-net drivers hang wsl-own wsl-new").split())


def disk(pawl):
    """Made anew where a kernel is; those that are missing are built by Pawl."""
    kernels = cache.FOLDER / "kernels"
    if not all((kernels / kind).is_dir() for kind in KINDS):
        print("Building the kernels of the lab.", flush=True)
        program(LAB / "kernels.sh", pawl, cache.FOLDER, *KINDS)
    files = [*(kernels / kind / "boot" for kind in KINDS), kernels / "hang/hang.ko"]
    made = cache.folder("data") / f"{cache.digest(*files)}.raw"
    if not made.exists():
        tree = cache.folder("data", "tree")
        for kind in KINDS:
            shutil.copytree(kernels / kind, tree / "kernels" / kind, symlinks=True, dirs_exist_ok=True, ignore=OF_DEPMOD)
        making = made.with_suffix(".new")
        making.unlink(missing_ok=True)
        program("mke2fs", "-q", "-t", "ext4", "-L", "lab", "-d", tree, making, "384M")
        making.rename(made)
        shutil.rmtree(tree)
    return made
