"""Makes the disk of each kind of machine from packages alone; its loader installs itself, in the machine."""

import hashlib
import os
import pathlib
import shutil
import uuid

from . import cache, kinds, look, qemu
from .cache import LAB, program
from .machine import Machine

SIZE = "4G"
SECTOR = 512
ESP = (2048, 262144)  # first sector and number of sectors: 128 MiB, two kernels with their initramfs
FIRST_MBR = 2048
# Without the check: on a host that is busy, the timer of an emulated machine may seem not to work. Programs lie
# where they lay the last time: QEMU 7.2 translates the same code once more for each other address, which took
# two thirds of all time.
COMMAND_LINE = "console=ttyS0,115200 no_timer_check norandmaps"
FILES = {
    "etc/hostname": "machine\n",
    "etc/hosts": "127.0.0.1 localhost machine\n",
    "etc/systemd/network/80-lab.network": "[Match]\nType=ether\n\n[Network]\nDHCP=yes\n",
    "etc/systemd/system/serial-getty@ttyS0.service.d/lab.conf":
        "[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root --keep-baud 115200 - $TERM\n",
    # The kernels under trial are small: they take no larger number.
    "etc/sysctl.d/50-pid-max.conf": "kernel.pid_max = 32768\n",
    "etc/initramfs-tools/conf.d/lab": "COMPRESSLEVEL=1\n",
    "etc/network/interfaces": "auto lo\niface lo inet loopback\n\nauto /en*=wired\niface wired inet dhcp\n",
    "etc/default/grub.d/lab.cfg":
        'GRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX="{line}"\nGRUB_CMDLINE_LINUX_DEFAULT=""\n'
        'GRUB_TERMINAL=serial\nGRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"\n',
}
# What would only cost time, or change the disk on its own.
MASKED = ["apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer", "e2scrub_reap.service",
          "systemd-timesyncd.service", "fstrim.timer"]


def recipe(kind):
    """What the disk of this kind is made of; another one is made where that changes."""
    return hashlib.sha256(f"{kind}{cache.digest(*guest(kind), __file__)}".encode()).hexdigest()[:16]


def guest(kind):
    """The folders with what is put into a machine of this kind, besides packages."""
    return [LAB / "guest", *([LAB / "windows"] if kind.name == "wsl" else [])]


def installed(kind):
    """The folder with the disk of this kind, made where it is missing or was made otherwise."""
    folder = cache.folder("images", kind.name)
    stamp = folder / "recipe"
    if not stamp.exists() or stamp.read_text() != recipe(kind):
        stamp.unlink(missing_ok=True)
        _make(kind, folder)
        stamp.write_text(recipe(kind))
    return folder


def with_pawl(kind, pawl):
    """A disk on which Pawl lies where `make install` puts it; one for each binary, the newest kept."""
    folder = installed(kind)
    disk = folder / f"pawl-{cache.digest(pawl)}-{recipe(kind)}.raw"
    if not disk.exists():
        for old in folder.glob("pawl-*.raw"):
            old.unlink()
        for old in folder.glob("ready-*"):
            shutil.rmtree(old)
        making = folder / "making.raw"
        program("cp", "--sparse=always", folder / "disk.raw", making)
        with look.mounted(making, root_offset(making, kind)) as root:
            program("install", "-D", "-m", "0755", pawl, root / "usr/local/bin/pawl")
        making.rename(disk)
    return disk


def root_offset(disk, kind):
    return look.partition(disk, kind.root_partition)


def _make(kind, folder):
    print(f"Making the disk of {kind.name}.", flush=True)
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    sources = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
    program("mmdebstrap", "--variant=minbase", "--quiet", f"--include={','.join(kind.packages)}", "bookworm",
            tree, sources if sources.exists() else "/etc/apt/sources.list")
    root, esp = str(uuid.uuid4()), uuid.uuid4().hex[:8].upper()
    _configure(kind, tree, root, esp)
    disk = folder / "disk.raw"
    _partition(kind, disk)
    if kind.uefi:
        # Clusters of 1 KiB: with fewer of them than FAT32 has at least, OVMF takes it for no file system.
        program("mkfs.vfat", "-F", "32", "-s", "2", "-i", esp, "--offset", ESP[0], disk, ESP[1] // 2)
    _fill(kind, disk, tree, root)
    for name in ("vmlinuz", "initrd.img"):
        shutil.copyfile(next((tree / "boot").glob(f"{name}-*")), folder / name)
    shutil.rmtree(tree)
    _install(kind, folder, root)


def _configure(kind, tree, root, esp):
    for name, text in FILES.items():
        _write(tree / name, text.replace("{line}", COMMAND_LINE))
    _write(tree / "etc/machine-id", kinds.MACHINE_ID + "\n")
    _write(tree / "etc/kernel/cmdline", f"root=UUID={root} ro {COMMAND_LINE}\n")
    table = f"UUID={root} / ext4 errors=remount-ro 0 1\n"
    if kind.uefi:
        (tree / "boot/efi").mkdir(exist_ok=True)
        table += f"UUID={esp[:4]}-{esp[4:]} /boot/efi vfat umask=0077 0 1\n"
    _write(tree / "etc/fstab", table)
    for script in (script for folder in guest(kind) for script in folder.glob("lab-*")):
        place = "etc/systemd/system" if script.suffix == ".service" else "usr/local/sbin"
        program("install", "-D", "-m", "0644" if script.suffix else "0755", script, tree / place / script.name)
    program("chroot", tree, "passwd", "--delete", "root")
    if kind.name == "wsl":
        program("systemctl", f"--root={tree}", "enable", "lab-wsl.service")
        # It forgets what lab-wsl has had started by the stand-in.
        program("systemctl", f"--root={tree}", "mask", "systemd-binfmt.service")
        (tree / "usr/bin/wslpath").symlink_to("/usr/local/sbin/lab-wslpath")
        (tree / "usr/local/bin/make").symlink_to("/usr/local/sbin/lab-make")
    if kind.init == "systemd":
        program("systemctl", f"--root={tree}", "enable", "lab-agent.service", "systemd-networkd.service")
        program("systemctl", f"--root={tree}", "mask", *MASKED)
    else:
        with open(tree / "etc/inittab", "a", encoding="utf-8") as inittab:
            inittab.write("T0:2345:respawn:/sbin/agetty --autologin root 115200 ttyS0 vt100\n"
                          "la:S2345:respawn:/usr/local/sbin/lab-agent\n")


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _partition(kind, disk):
    disk.unlink(missing_ok=True)
    program("truncate", "-s", SIZE, disk)
    if kind.uefi:
        table = f"label: gpt\nstart={ESP[0]}, size={ESP[1]}, type=uefi\nstart={sum(ESP)}, type=linux\n"
    else:
        table = f"label: dos\nstart={FIRST_MBR}, type=83, bootable\n"
    program("sfdisk", "--quiet", disk, input=table)


def _fill(kind, disk, tree, root):
    features = ["-O", "^64bit,^metadata_csum"] if kind.loader == "extlinux" else []
    offset = root_offset(disk, kind)
    # The backup table of GPT is behind the file system.
    blocks = (os.path.getsize(disk) - offset - (1 << 20)) // 4096
    program("mke2fs", "-q", "-t", "ext4", "-b", "4096", *features, "-U", root, "-L", "root", "-d", tree,
            "-E", f"offset={offset},lazy_itable_init=0", disk, blocks)


def _install(kind, folder, root):
    """The machine starts once without its loader, and installs it as a person would."""
    (folder / "console.log").unlink(missing_ok=True)
    variables = folder / "variables.fd" if kind.uefi else None
    if variables:
        qemu.fresh_variables(variables, kind.secure)
    line = f"root=UUID={root} ro {COMMAND_LINE} panic=10"
    machine = Machine(kind, folder, folder / "disk.raw", variables)
    with machine:
        machine.boot(kernel=(folder / "vmlinuz", folder / "initrd.img", line))
        for argv in kind.install:
            machine.succeed(argv, timeout=900)
        machine.power_off()
