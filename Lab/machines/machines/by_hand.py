"""What a person would type to install a kernel, pin the old one and start the new one once, without Pawl."""

import re

from . import data

PIN = "GRUB_DEFAULT=saved\n"
TRIAL = 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX panic=5"\n'


def install(machine, kind):
    """The kernel of this kind, with its modules, its initramfs and its boot entry. Its release."""
    source = f"{data.PLACE}/kernels/{kind}"
    machine.run(["mkdir", "-p", data.PLACE])
    if machine.run(["mountpoint", "--quiet", data.PLACE]).status != 0:
        machine.succeed(["mount", "-o", "ro", data.DEVICE, data.PLACE])
    release = machine.succeed(["ls", f"{source}/lib/modules"]).strip()
    files = machine.succeed(["ls", f"{source}/boot"]).split()
    machine.succeed(["cp", "-a", *(f"{source}/boot/{name}" for name in files), "/boot/"])
    machine.succeed(["cp", "-a", f"{source}/lib/modules/{release}", "/lib/modules/"])
    machine.succeed(["update-initramfs", "-c", "-k", release], timeout=600)
    return release


def entries(machine):
    """The id of the boot entry of each release, as the loader wants it."""
    if machine.kind.loader == "systemd-boot":
        listed = machine.succeed(["ls", "/boot/efi/loader/entries"]).split()
        return {name.split("-", 1)[1].removesuffix(".conf"): name for name in listed}
    menu = machine.succeed(["cat", "/boot/grub/grub.cfg"])
    above = re.search(r"submenu .*\$menuentry_id_option '([^']+)'", menu).group(1)
    found = re.findall(r"menuentry .*\$menuentry_id_option '(gnulinux-(\S+)-advanced-[^']+)'", menu)
    return {release: f"{above}>{name}" for name, release in found}


def arm(machine, old, new):
    """The old kernel is what starts by itself; the new one starts once, and a panic ends it."""
    if machine.kind.loader == "systemd-boot":
        _arm_systemd_boot(machine, old, new)
    else:
        _arm_grub(machine, old, new)
    machine.succeed(["sync"])


def _arm_grub(machine, old, new):
    machine.write("/etc/default/grub.d/trial.cfg", PIN + TRIAL)
    machine.succeed(["update-grub"], timeout=300)
    known = entries(machine)
    machine.succeed(["grub-set-default", known[old]])
    machine.succeed(["grub-reboot", known[new]])


def _arm_systemd_boot(machine, old, new):
    line = machine.succeed(["cat", "/etc/kernel/cmdline"]).strip()
    machine.write("/etc/kernel/cmdline", line.removesuffix(" panic=5") + " panic=5\n")
    machine.succeed(["kernel-install", "add", new, f"/boot/vmlinuz-{new}", f"/boot/initrd.img-{new}"], timeout=300)
    known = entries(machine)
    machine.succeed(["bootctl", "set-default", known[old]])
    machine.succeed(["bootctl", "set-oneshot", known[new]])
