"""The side of Windows of a machine that stands in for one of WSL: a folder as drive C:, and what WSL makes of
`.wslconfig` when somebody opens it. A stand-in: the rules are those that WSL is documented to have."""

import hashlib
import json
import re
import shutil
import time

from . import cache
from .cache import program

HOME = "Users/Jürgen Müller"
ENDS = 300  # seconds
LINE = "root=/dev/vda1 rw console=ttyS0,115200 no_timer_check norandmaps"


class DoesNotStart(Exception):
    """What WSL says then; no distribution of it starts."""


class Windows:
    def __init__(self, machine, version="2.5.9.0", init=None):
        """`init`: what stands in for WSL's own, where the distribution has no systemd."""
        self.machine, self.init = machine, init
        self.attached = None  # a disk of drive C:, and its bytes
        self.folder = machine.folder / "drive"
        shutil.rmtree(self.folder, ignore_errors=True)
        system = self.folder / "Windows/System32"
        system.mkdir(parents=True)
        for name in ("wsl.exe", "cmd.exe"):
            (system / name).write_bytes(b"MZ stands in\n")
            (system / name).chmod(0o777)
        self.folder.chmod(0o777)
        self.update(version)
        self.home = self.folder / HOME
        self.home.mkdir(parents=True)
        self.home.chmod(0o777)
        machine.drive = self.folder

    def update(self, version):
        """Of WSL; what runs already stays as it is."""
        self.version = version
        (self.folder / "version").write_text(version, encoding="ascii")

    @property
    def settings(self):
        """The bytes of .wslconfig; None where there is none."""
        path = self.home / ".wslconfig"
        return path.read_bytes() if path.exists() else None

    def write_settings(self, content):
        (self.home / ".wslconfig").write_bytes(content)

    def open_wsl(self):
        """Starts the machine with the kernel that .wslconfig names; the release that came up."""
        return self.machine.boot(kernel=self.kernel())

    def power_on(self):
        """The same, and nobody waits for it."""
        self.machine.power_on(self.kernel())

    def wait_ended(self):
        """Until `wsl.exe --shutdown` is called in the machine, which is gone then at once."""
        end, order = time.monotonic() + ENDS, self.folder / "shutdown"
        while not order.exists():
            assert self.machine.alive(), "the machine went off by itself"
            assert time.monotonic() < end, f"nobody ended WSL within {ENDS} s"
            time.sleep(0.5)
        self.machine.cut_power()
        order.unlink()
        if self.attached:
            disk, digest = self.attached
            # Windows lets nobody do that: the plan would have failed there.
            assert disk.exists() and _digest(disk) == digest, f"{disk} was changed while WSL used it"

    def kernel(self):
        """As QEMU takes it; the disk with its modules is attached to the machine, too."""
        values = self._values()
        own = cache.FOLDER / "kernels/wsl-own"
        image = next(own.glob("boot/vmlinuz-*"))
        modules = self._own_modules(own)
        if "kernelmodules" in values and self._version() < (2, 5, 1):
            raise DoesNotStart(f"Invalid boolean value '{values['kernelmodules']}' for key 'wsl2.kernelModules'")
        if "kernel" in values:
            image = self._place(values["kernel"])
            modules = self._place(values["kernelmodules"]) if "kernelmodules" in values else None
            for file in filter(None, (image, modules)):
                if not file.is_file():
                    raise DoesNotStart("WSL_E_CUSTOM_KERNEL_NOT_FOUND")
        elif "kernelmodules" in values:
            raise DoesNotStart("Customised kernel modules were supplied without specifying a customised kernel")
        self._attach(modules)
        init = [f"init={self.init}"] if self.init else []
        return image, None, " ".join([LINE, *init, values.get("kernelcommandline", "")]).strip()

    def _own_modules(self, own):
        """The disk that WSL brings for a kernel of its own."""
        disk = self.machine.folder / "modules.ext4"
        if not disk.exists():
            program("mke2fs", "-q", "-t", "ext4", "-d", next(own.glob("lib/modules/*")), disk, "64M")
        return disk

    def _attach(self, disk):
        """Read-only, and found by its name, as WSL finds it by its place on a bus."""
        self.attached, self.machine.more = None, ()
        if not disk:
            return
        form = "raw"
        if self.folder in disk.parents:
            form = json.loads(program("qemu-img", "info", "--output=json", disk))["format"]
            if form != "vhdx":
                raise DoesNotStart(f"{disk} is no virtual disk, but {form}")
            program("qemu-img", "check", disk)
            self.attached = disk, _digest(disk)
        self.machine.more = ("-drive", f"if=none,id=modules,file={disk},format={form},readonly=on",
                             "-device", "virtio-blk-pci,drive=modules,serial=modules")

    def go_back(self, release):
        """What go-back.cmd does, line by line: there is no cmd.exe here to do it."""
        folder = self.home / "pawl" / release
        script = (folder / "go-back.cmd").read_bytes().decode("ascii")
        assert script.count("\r\n") == script.count("\n") > 10, script
        for line in ('copy /y "%~dp0wslconfig-before" "%settings%"', 'del "%settings%"', "wsl.exe --shutdown"):
            assert line in script, script
        if (folder / "wslconfig-before").exists():
            shutil.copyfile(folder / "wslconfig-before", self.home / ".wslconfig")
        else:
            (self.home / ".wslconfig").unlink(missing_ok=True)
        self.machine.cut_power()

    def _version(self):
        return tuple(int(part) for part in self.version.split("."))

    def _values(self):
        section, values = "", {}
        for line in (self.settings or b"").decode("utf-8").splitlines():
            line = line.partition("#")[0].strip()
            if match := re.fullmatch(r"\[(.*)\]", line):
                section = match[1].lower()
            elif "=" in line and section == "wsl2":
                name, _, value = line.partition("=")
                values[name.strip().lower()] = value.strip().replace("\\\\", "\\")
        return values

    def _place(self, path):
        drive, _, rest = path.partition(":\\")
        assert drive == "C", path
        return self.folder / rest.replace("\\", "/")


def _digest(file):
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
