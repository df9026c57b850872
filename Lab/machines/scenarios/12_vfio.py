"""A device is handed to guests by vfio-pci, and kept so; taken back, its driver has it again. And the network card,
whose loss the host notices: back by itself, with the network."""

from machines import pawl as verbs
from machines.pawl import ROLLED_BACK

MACHINES = ("grub-bios",)
VARIANTS = ("kept", "network-card")
# An IOMMU, and a device that nothing needs: 1af4:1045, of the driver virtio_pci, which the disk has too.
HARDWARE = ("-device", "intel-iommu", "-device", "virtio-balloon-pci,disable-legacy=on,disable-modern=off")
KINDS = {"kept": {"0x1045"}, "network-card": {"0x1000", "0x1041"}}


def run(machine, name):
    machine.more = HARDWARE
    machine.boot()
    machine.succeed(["sed", "-i", r's/^GRUB_CMDLINE_LINUX="/&intel_iommu=on /', "/etc/default/grub"])
    machine.succeed(["update-grub"], timeout=300)
    old = machine.reboot()
    pawl, device = verbs.Pawl(machine), find(machine, KINDS[name])
    pawl.hook()
    before = driver(machine, device)
    assert before != "vfio-pci", before
    pawl.plan("vfio", devices=device, **verbs.TRIAL)
    pawl.approve()
    pawl.start()
    pawl.wait("succeeded" if name == "kept" else "rolled-back")
    if name == "kept":
        keeps(machine, pawl, device, before, old)
    else:
        comes_back(machine, pawl, device, before, old)
    pawl.verified()


def keeps(machine, pawl, device, before, old):
    assert driver(machine, device) == "vfio-pci"
    assert machine.reboot() == old
    assert driver(machine, device) == "vfio-pci", "a plain restart gave it back"
    assert "pawl.trial=" not in machine.succeed(["cat", "/proc/cmdline"])
    # Whoever makes the initramfs anew makes one like it.
    machine.succeed(["update-initramfs", "-u"], timeout=300)
    assert machine.reboot() == old
    assert driver(machine, device) == "vfio-pci", "an initramfs that was made anew gave it back"
    assert pawl.rollback().status == ROLLED_BACK
    assert machine.reboot() == old
    assert driver(machine, device) == before, "taken back, and it is not its driver's"
    assert machine.run(["grep", "-rl", "vfio", "/etc/modprobe.d", "/etc/initramfs-tools"]).output == ""


def comes_back(machine, pawl, device, before, old):
    pawl.explains("default route")
    assert driver(machine, device) == before
    assert "default" in machine.succeed(["ip", "route"])
    assert machine.reboot() == old
    assert driver(machine, device) == before


def find(machine, kinds):
    for path in machine.succeed(["sh", "-c", "grep -H . /sys/bus/pci/devices/*/device"]).split():
        place, _, kind = path.partition(":0x")
        if "0x" + kind in kinds:
            return place.split("/")[5]
    raise AssertionError(f"there is no device of the kinds {kinds}")


def driver(machine, device):
    link = machine.run(["readlink", f"/sys/bus/pci/devices/{device}/driver"]).output.strip()
    return link.rpartition("/")[2]
