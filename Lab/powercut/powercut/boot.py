"""Another boot id after each cut, by a file bound over the kernel's own.

Only in a mount namespace of the lab's: `lab.sh` makes it.
"""

import os
import uuid

from .disk import run

KERNELS_OWN = "/proc/sys/kernel/random/boot_id"


class Boot:
    def __init__(self, folder, dice):
        if os.readlink("/proc/self/ns/mnt") == os.environ["HOST_MOUNTS"]:
            raise RuntimeError("the lab needs a mount namespace of its own: start it by lab.sh")
        self.path = os.path.join(folder, "boot_id")
        self.dice = dice
        self.again()
        run("mount", "--bind", self.path, KERNELS_OWN)

    def again(self):
        """The host comes up once more. Written in place: the binding is to this very file."""
        with open(self.path, "w") as file:
            file.write(f"{uuid.UUID(int=self.dice.getrandbits(128), version=4)}\n")

    def close(self):
        run("umount", KERNELS_OWN)
