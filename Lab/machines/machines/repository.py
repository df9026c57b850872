"""The headers of a machine's kernel, as packages that apt has and the machine has not: an apt repository on a disk
of its own, read-only, label `headers`."""

import re
import shutil

from . import cache
from .cache import program

PLACE = "/mnt/headers"
SOURCES = "/etc/apt/sources.list.d/lab.list"


def release_of(machine):
    """Of the kernel that is on its disk; it has one, and is off."""
    with machine.look() as disk:
        [release] = disk.kernels()
    return release


def packages(release):
    """What apt installs for the headers of that kernel, the compiler left out."""
    first = f"linux-headers-{release}"
    depends = re.findall(r"Depends: (\S+)", program("apt-cache", "depends", first))
    return [first, *(name for name in depends if name.startswith(("linux-headers-", "linux-kbuild-")))]


def hardware(release):
    """QEMU's words for the disk, made where it is missing."""
    disk = cache.folder("headers") / f"{release}.raw"
    if not disk.exists():
        tree = cache.folder("headers", "tree")
        program("apt-get", "-o", "APT::Sandbox::User=root", "download", *packages(release), cwd=tree)
        (tree / "Packages").write_text(program("dpkg-scanpackages", "--multiversion", ".", cwd=tree))
        making = disk.with_suffix(".new")
        making.unlink(missing_ok=True)
        program("mke2fs", "-q", "-t", "ext4", "-L", "headers", "-d", tree, making, "64M")
        making.rename(disk)
        shutil.rmtree(tree)
    return ("-drive", f"if=none,id=headers,file={disk},format=raw,readonly=on",
            "-device", "virtio-blk-pci,drive=headers")


def take_headers(machine, release, offers=True):
    """The machine has no headers any more; apt has them, and nothing besides, where it `offers` any."""
    there = packages(release)
    machine.succeed(["apt-get", "purge", "-y", "linux-headers-cloud-amd64", *there], timeout=600)
    machine.succeed(["sh", "-c", "rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*"])
    machine.succeed(["mkdir", PLACE])
    machine.succeed(["sh", "-c", f"echo '/dev/disk/by-label/headers {PLACE} ext4 ro,nofail 0 0' >>/etc/fstab"])
    machine.succeed(["mount", PLACE])
    if offers:
        machine.write(SOURCES, f"deb [trusted=yes] file:{PLACE} ./\n")
    machine.succeed(["apt-get", "update"], timeout=300)
    left = installed(machine) & set(there)
    assert not left, f"still installed: {left}"
    assert machine.run(["ls", f"/lib/modules/{release}/build/Makefile"]).status != 0
    machine.succeed(["sync"])


def installed(machine):
    """Names of packages that are installed whole."""
    form = "${db:Status-Status} ${Package}\n"
    lines = machine.succeed(["dpkg-query", "--show", "--showformat", form]).splitlines()
    return {line.removeprefix("installed ") for line in lines if line.startswith("installed ")}


def states(machine):
    """All that dpkg has on record, for a comparison."""
    return machine.succeed(["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${db:Status-Abbrev}\n"])
