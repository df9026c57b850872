"""Disks looked at from outside: a copy of what the machine left, with its log replayed as at a boot."""

import contextlib
import json
import os
import pathlib
import shutil
import tempfile

from .cache import program


def partition(disk, number):
    table = json.loads(program("sfdisk", "--json", disk))["partitiontable"]
    return table["partitions"][number - 1]["start"] * 512


@contextlib.contextmanager
def mounted(disk, offset):
    """The lab's own mount namespace and the loop device's autoclear undo this, whatever ends it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pawl-look."))
    table = json.loads(program("sfdisk", "--json", disk))["partitiontable"]["partitions"]
    size = next(each["size"] for each in table if each["start"] * 512 == offset) * 512
    # Writable, since a read-only loop device does not let ext4 replay its log.
    program("mount", "-t", "ext4", "-o", f"loop,offset={offset},sizelimit={size}", disk, folder)
    try:
        yield folder
    finally:
        program("umount", folder)
        os.rmdir(folder)


def extracted(disk, offset, folder):
    """The files of a FAT file system. Read by a program: not every host's kernel knows FAT."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    program("mcopy", "-s", "-n", "-i", f"{disk}@@{offset}", "::/*", folder)
    return folder


class Looked:
    """The file systems of a machine that is off: `root`, and `esp` where there is one."""

    def __init__(self, root, esp):
        self.root, self.esp = root, esp

    def file(self, path):
        """A file by its path in the machine, whichever file system it is on."""
        if self.esp and path.startswith("/boot/efi/"):
            return self.esp / path.removeprefix("/boot/efi/")
        return self.root / path.lstrip("/")

    def names(self, path):
        return sorted(each.name for each in self.file(path + "/").iterdir())

    def grub(self):
        """GRUB's environment block; its size has to be exact, or GRUB does not write it."""
        block = self.file("/boot/grub/grubenv").read_bytes()
        assert len(block) == 1024, f"the environment block has {len(block)} bytes"
        lines = block.decode(errors="replace").split("\n")
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def kernels(self):
        return [name.removeprefix("vmlinuz-") for name in self.names("/boot") if name.startswith("vmlinuz-")]


@contextlib.contextmanager
def disk(overlay, kind):
    copy = overlay.with_name("looked-at.raw")
    program("qemu-img", "convert", "-O", "raw", overlay, copy)
    try:
        with contextlib.ExitStack() as stack:
            root = stack.enter_context(mounted(copy, partition(copy, kind.root_partition)))
            esp = extracted(copy, partition(copy, 1), overlay.with_name("esp")) if kind.uefi else None
            yield Looked(root, esp)
    finally:
        copy.unlink()
