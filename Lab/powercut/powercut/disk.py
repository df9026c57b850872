"""A file system on a loop device whose power can be cut."""

import os
import subprocess
import time

SIZES = {"ext4": 256 << 20, "xfs": 320 << 20}


def run(*argv, allowed=(0,)):
    """Runs a tool; its complaint is the error's text."""
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode not in allowed:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip()}")
    return done.stdout.strip()


def unmount(mountpoint):
    """Nothing lazy: somebody may still be on the way out of it, and who stays is a mistake of the
    lab."""
    end = time.monotonic() + 5
    while True:
        try:
            return run("umount", mountpoint)
        except RuntimeError:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)


class Disk:
    """An image in a folder of the lab's own, never a file system of the host.

    The loop device stays the same from mount to mount: a plan is bound to where it was made.
    """

    def __init__(self, kind, folder, cutter, size=None):
        self.kind = kind
        self.mountpoint = os.path.join(folder, "disk")
        self.image = os.path.join(folder, kind + ".img")
        self.cutter = cutter
        os.makedirs(self.mountpoint, exist_ok=True)
        with open(self.image, "wb") as image:
            image.truncate(size or SIZES[kind])
        self.device = run("losetup", "--find", "--show", self.image)
        self.is_mounted = False
        # Of the next mount.
        self.options = ""
        run("mkfs." + kind, "-q", self.device)
        self.mount()

    def mount(self):
        """Replays the log where there is one to replay."""
        words = ["-o", self.options] if self.options else []
        run("mount", "-t", self.kind, *words, self.device, self.mountpoint)
        self.is_mounted = True

    def unmount(self):
        """Drops what the page cache holds of it."""
        unmount(self.mountpoint)
        self.is_mounted = False

    def cut(self):
        run(self.cutter, self.mountpoint)

    def sync(self):
        """What the lab itself puts there is no subject of the cut."""
        run("sync", "--file-system", self.mountpoint)

    def close(self):
        if self.is_mounted:
            self.unmount()
        run("losetup", "--detach", self.device)
        os.unlink(self.image)

    def path(self, *parts):
        return os.path.join(self.mountpoint, *parts)
