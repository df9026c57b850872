"""What a bad kernel would do, done to the trial of a good one: by units that no other boot starts."""

from . import data
from .cache import LAB

PACKAGE = LAB / "sent/package.py"
APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
UNIT = """[Unit]
Description=The lab's {name}
DefaultDependencies=no
{order}
ConditionKernelCommandLine=pawl.trial

[Service]
Type=oneshot
TimeoutStartSec=infinity
{commands}

[Install]
WantedBy={wanted_by}
"""
# Pawl has opened the watchdog: from now on somebody has to go on writing to it.
COUNTS = "/bin/sh -c 'until grep -q ^active /sys/class/watchdog/watchdog0/state; do sleep 1; done'"


def unit(machine, name, *commands, order="After=local-fs.target", wanted_by="sysinit.target"):
    lines = "\n".join(f"ExecStart={command}" for command in commands)
    text = UNIT.format(name=name, order=order, commands=lines, wanted_by=wanted_by)
    machine.write(f"/etc/systemd/system/{name}.service", text)
    machine.succeed(["systemctl", "enable", f"{name}.service"])
    machine.succeed(["sync"])


def hang(machine, how, *first):
    """The module hangs the kernel once the commands before it have ended."""
    machine.succeed(["cp", f"{data.PLACE}/kernels/hang/hang.ko", "/root/hang.ko"])
    unit(machine, "hang", *first, f"/sbin/insmod /root/hang.ko how={how}")


# Newer than any other, so that menus that are made anew begin with it.
PACKAGED = "6.1.0-999-cloud-amd64"


def package_run(machine, old):
    """apt installs a newer kernel, and removes the old one's package as far as it may."""
    machine.succeed(["python3", "-", old, PACKAGED, "/root/kernel.deb"],
                    standard_input=PACKAGE.read_bytes(), timeout=300)
    machine.succeed([*APT, "install", "/root/kernel.deb"], timeout=600)
    machine.run([*APT, "remove", "linux-image-cloud-amd64"], timeout=600)
    machine.run(["apt-mark", "auto", f"linux-image-{old}"])
    machine.run([*APT, "autoremove"], timeout=600)


def take_back_package_run(machine):
    machine.succeed([*APT, "purge", f"linux-image-{PACKAGED}"], timeout=600)
