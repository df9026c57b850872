"""A small ext4 on a loop device that can be filled, can fail, and can be repaired."""

import contextlib
import os
import subprocess
import threading
import time

from powercut.disk import run, unmount


class Disk:
    """An image in a folder of the lab's own, never a file system of the host. Nothing is kept back
    for root: full is full for the journal too."""

    def __init__(self, folder, name, mebibytes, options="defaults"):
        self.mountpoint = os.path.join(folder, name)
        self.image = self.mountpoint + ".img"
        self.options = options
        os.makedirs(self.mountpoint)
        with open(self.image, "wb") as image:
            image.truncate(mebibytes << 20)
        self.device = run("losetup", "--find", "--show", self.image)
        self.is_mounted = False
        try:
            run("mkfs.ext4", "-q", "-m", "0", "-J", "size=4", self.device)
            self.mount()
        except BaseException:
            self.close()
            raise
        os.chmod(self.mountpoint, 0o755)

    def mount(self):
        run("mount", "-t", "ext4", "-o", self.options, self.device, self.mountpoint)
        self.is_mounted = True

    def unmount(self):
        unmount(self.mountpoint)
        self.is_mounted = False

    def repair(self):
        """1: there was something to correct, and it was."""
        return run("e2fsck", "-fy", self.device, allowed=(0, 1))

    def fail(self):
        """The kernel itself finds a fault, and does what `errors=` says."""
        with open(f"/sys/fs/ext4/{os.path.basename(self.device)}/trigger_fs_error", "w") as trigger:
            trigger.write("1")

    def is_read_only(self):
        try:
            with open(self.path("probe"), "w"):
                return False
        except OSError:
            return True

    def path(self, *parts):
        return os.path.join(self.mountpoint, *parts)

    def folder(self, name):
        """One that every user may write to."""
        os.makedirs(self.path(name), exist_ok=True)
        os.chmod(self.path(name), 0o777)
        return self.path(name)

    def free(self):
        room = os.statvfs(self.mountpoint)
        return room.f_bavail * room.f_frsize

    def fill(self, leave):
        """`leave`: bytes that stay free, as nearly as the file system can tell."""
        with open(self.path("ballast"), "ab") as file:
            os.fsync(file.fileno())
            try:
                while (more := self.free() - leave) > 0:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, more)
            except OSError:
                self.fill_to_the_brim(file, leave)

    def fill_to_the_brim(self, file, leave):
        """The file system needs a few of its free blocks to note where the others are."""
        piece = 64 << 10
        while piece >= 4 << 10 and self.free() > leave:
            try:
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, piece)
            except OSError:
                piece //= 2

    @contextlib.contextmanager
    def kept_full(self):
        """Whatever becomes free meanwhile is taken at once."""
        over = threading.Event()

        def take():
            while not over.is_set():
                self.fill(0)

        self.fill(0)
        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def empty(self):
        os.unlink(self.path("ballast"))
        run("sync", "--file-system", self.mountpoint)

    def close(self):
        if self.is_mounted:
            self.unmount()
        # Other labs may run beside: only what is still this image is given back.
        if run("losetup", "--list", "--noheadings", "--output", "NAME", "--associated", self.image):
            run("losetup", "--detach", self.device)
        os.unlink(self.image)
