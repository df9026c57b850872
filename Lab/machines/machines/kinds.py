"""The kinds of machines: what is installed on each, how its disk is divided, and what makes it boot."""

import dataclasses

BASE = [
    "linux-image-cloud-amd64", "initramfs-tools", "zstd", "kmod", "udev", "apt", "python3",
    "e2fsprogs", "dosfstools", "iproute2", "procps", "libsqlite3-0", "zlib1g", "libstdc++6",
]
SYSTEMD = ["systemd-sysv", "dbus", "systemd-resolved"]
OPENRC = ["sysvinit-core", "openrc", "ifupdown", "isc-dhcp-client"]
# One id for all: the names of systemd-boot's entries begin with it.
MACHINE_ID = "b0075d1ab0075d1ab0075d1ab0075d1a"


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    loader: str  # grub, systemd-boot, extlinux; none where Windows starts the kernel
    uefi: bool
    packages: tuple
    init: str = "systemd"
    install: tuple = ()  # run in the machine, once, in this order
    secure: bool = False  # its firmware has Microsoft's keys, and starts only what is signed

    @property
    def root_partition(self):
        return 2 if self.uefi else 1


def _kind(name, loader, uefi, packages, install, init="systemd", secure=False):
    of_init = SYSTEMD if init == "systemd" else OPENRC
    return Kind(name, loader, uefi, tuple(BASE + of_init + packages), init, tuple(map(tuple, install)), secure)


# What building a driver needs, on a machine that is for that alone.
DRIVERS = ["dkms", "gcc", "make", "libc6-dev", "linux-headers-cloud-amd64"]
# shim brings mokutil's requests to a person, and openssl makes the key that DKMS signs with.
SECURE_BOOT = ["grub-efi-amd64", "grub-efi-amd64-signed", "shim-signed", "efibootmgr", "mokutil", "sbsigntool", "openssl"]
GRUB_BIOS = [["grub-install", "/dev/vda"], ["update-grub"]]
GRUB_UEFI = [["grub-install", "--target=x86_64-efi"], ["update-grub"]]

KINDS = {
    kind.name: kind
    for kind in [
        _kind("grub-bios", "grub", False, ["grub-pc"], GRUB_BIOS),
        _kind("grub-uefi", "grub", True, ["grub-efi-amd64", "efibootmgr"], GRUB_UEFI),
        _kind("systemd-boot", "systemd-boot", True, ["systemd-boot", "efibootmgr"],
              [["bootctl", "install"], ["/usr/local/sbin/lab-entries"]]),
        _kind("extlinux", "extlinux", False, ["extlinux", "syslinux-common"],
              [["/usr/local/sbin/lab-extlinux"]]),
        _kind("openrc", "grub", False, ["grub-pc"], GRUB_BIOS, init="openrc"),
        _kind("wsl", "none", False, ["qemu-utils"], []),
        _kind("drivers", "grub", False, ["grub-pc", *DRIVERS], GRUB_BIOS),
        _kind("secure-boot", "grub", True, [*SECURE_BOOT, *DRIVERS], GRUB_UEFI, secure=True),
    ]
}

# On which every scenario is played that names no machines.
ALL = tuple(name for name in KINDS if name not in ("drivers", "secure-boot", "wsl"))
SYSTEMD_MACHINES = tuple(name for name in ALL if KINDS[name].init == "systemd")
GRUB_MACHINES = tuple(name for name in ALL if KINDS[name].loader == "grub")
# On which every scenario is played that makes sense there; on the others the first, the second and the cuts.
MAIN = ("grub-bios", "grub-uefi", "systemd-boot")
