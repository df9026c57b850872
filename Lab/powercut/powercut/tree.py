"""The kernel tree that is built on the disk that is cut, and images of it to begin from."""

import hashlib
import os
import subprocess

from .disk import run

SOURCE = "/usr/src/linux-source-6.1.tar.xz"
# Without these no two builds are the same, cut or not.
FIXED = {
    "KBUILD_BUILD_TIMESTAMP": "Thu Jan  1 00:00:00 UTC 2026", "KBUILD_BUILD_USER": "pawl",
    "KBUILD_BUILD_HOST": "pawl", "KBUILD_BUILD_VERSION": "1", "LOCALVERSION": ""}
BUILDER = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
# What a header's change makes make compile again: a good part of the tree, not all of it.
HEADERS = ("include/linux/interrupt.h", "include/linux/vmalloc.h")
# Taken back, from y to n: more than half of the objects know of it.
OPTION = "DEVTMPFS"
IMAGES = ("vmlinux", "bzImage")


class Tree:
    def __init__(self, disk, config, targets, jobs):
        self.disk = disk
        self.home = disk.path("home")
        self.work = f"{self.home}/work"
        self.source, self.output = f"{self.work}/source", f"{self.work}/build"
        self.targets = targets
        self.config = config
        self.argv = ["make", "-C", self.source, f"O={self.output}", f"-j{jobs}"]
        self.hashed = {}

    def unpack(self, pawl):
        """The folder is one of Pawl's own: only there does it repair anything."""
        os.makedirs(self.home)
        os.chown(self.home, 65534, 65534)
        self.as_builder(pawl, "internal", "workspace", "--at", self.work)
        os.makedirs(self.source)
        run("tar", "--extract", "--xz", "--file", SOURCE, "--strip-components", "1",
            "--directory", self.source)
        os.makedirs(self.output, exist_ok=True)
        run("cp", self.config, f"{self.output}/.config")
        run("chown", "--recursive", "65534:65534", self.source, self.output)
        self.as_builder(*self.argv, "olddefconfig")
        self.disk.sync()

    def as_builder(self, *argv):
        run(*BUILDER, "env", *[f"{name}={value}" for name, value in FIXED.items()],
            "HOME=/nonexistent", *argv)

    def build(self):
        self.as_builder(*self.argv, *self.targets)
        self.disk.sync()

    # What is changed before a rebuild.

    def touch_headers(self):
        for header in HEADERS:
            os.utime(os.path.join(self.source, header))
        self.disk.sync()

    @property
    def change_option(self):
        """As a person does it by hand: every build begins with it."""
        config = f"{self.output}/.config"
        return (f"sed -i 's/^CONFIG_{OPTION}=y/# CONFIG_{OPTION} is not set/' {config} && "
                f"{' '.join(self.argv)} olddefconfig")

    # What is there.

    def files(self, wanted):
        for folder, _, names in os.walk(self.output):
            for name in names:
                path = os.path.join(folder, name)
                # arch/x86_64/boot/bzImage leads to where there may be nothing.
                if wanted(name) and not os.path.islink(path):
                    yield path

    def compiled_since(self, moment):
        """Objects by path, with the time of each in seconds."""
        times = {path: os.stat(path).st_mtime for path in self.files(is_object)}
        return {path: time for path, time in times.items() if time >= moment}

    def digest(self, path):
        status = os.stat(path)
        key = (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
        if self.hashed.get(path, (None,))[0] != key:
            with open(path, "rb") as file:
                self.hashed[path] = (key, hashlib.file_digest(file, "sha256").hexdigest())
        return self.hashed[path][1]

    def hash_ahead(self):
        """So that little is left to be read once everything is frozen."""
        for path in self.files(is_product):
            try:
                self.digest(path)
            except FileNotFoundError:
                pass

    def covered(self, cutoff):
        """What was last changed before the cutoff, in nanoseconds, with its digest."""
        found = {}
        for path in self.files(is_product):
            status = os.stat(path)
            if max(status.st_mtime_ns, status.st_ctime_ns) < cutoff:
                found[path] = self.digest(path)
        return found

    def is_intact(self, path, digest):
        try:
            with open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False

    def results(self):
        """What a build is for: the images and modules, or, of a part of the tree, every object."""
        self.hashed = {}
        found = {path: self.digest(path) for path in self.files(is_product)}
        whole = {path: digest for path, digest in found.items()
                 if os.path.basename(path) in IMAGES or path.endswith(".ko")}
        return whole or found


def is_object(name):
    return name.endswith(".o") and not name.startswith(".")


def is_product(name):
    return os.path.splitext(name)[1] in (".ko", ".o", ".a") or name in IMAGES


def save(disk, name):
    """A copy of the image, unmounted and whole, to begin other builds from."""
    disk.unmount()
    subprocess.run(["cp", "--sparse=always", disk.image, f"{disk.image}.{name}"], check=True)
    disk.mount()


def restore(disk, name):
    disk.unmount()
    # In place: a loop device that is let go of may be somebody else's a moment later.
    subprocess.run(["cp", "--sparse=always", f"{disk.image}.{name}", disk.image], check=True)
    run("blockdev", "--flushbufs", disk.device)
    # What the copy left to be written must not slow down who builds first.
    run("sync", "--file-system", os.path.dirname(disk.image))
    disk.mount()
