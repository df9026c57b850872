"""One QEMU process: emulated, with a watchdog that resets, and everything it says on sockets of ours."""

import ctypes
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import threading

CODE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
EMPTY_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.fd"
# Only code in SMM writes to the flash of the one that checks what it starts; its keys are Microsoft's.
SECURE_CODE = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"
SECURE_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"
SECURE = ["-machine", "smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on",
          "-global", "ICH9-LPC.disable_s3=1"]
MEMORY = os.environ.get("MEMORY", "768")
PROCESSORS = os.environ.get("CPUS", "2")


def form(path):
    return "qcow2" if path.suffix == ".qcow2" else "raw"


def fresh_variables(path, secure=False):
    shutil.copyfile(SECURE_VARIABLES if secure else EMPTY_VARIABLES, path)


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: nothing is left when the lab is killed


def _hardware(disk, data, variables, drive, more, secure):
    argv = [
        "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
        "-machine", "q35", "-accel", "tcg,thread=multi", "-smp", PROCESSORS, "-m", MEMORY,
        "-drive", f"if=none,id=disk,file={disk},format={form(disk)},cache=writeback",
        "-device", "virtio-blk-pci,drive=disk,bootindex=1",
        "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
        "-device", "virtio-rng-pci",
        # Where the machine resets, QEMU ends: what it translated for the old kernel would make the next
        # boot crawl, since every store to such a page looks through all of it.
        "-device", "i6300esb", "-action", "watchdog=reset", "-action", "reboot=shutdown",
        "-chardev", "socket,id=console,fd={console}", "-serial", "chardev:console",
        "-chardev", "socket,id=agent,fd={agent}", "-serial", "chardev:agent",
        "-chardev", "socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control",
    ]
    if data:
        argv += ["-drive", f"if=none,id=data,file={data},format=raw,readonly=on",
                 "-device", "virtio-blk-pci,drive=data"]
    if drive:
        argv += ["-fsdev", f"local,id=drive,path={drive},security_model=none",
                 "-device", "virtio-9p-pci,fsdev=drive,mount_tag=C:\\"]
    if variables:
        argv += SECURE if secure else []
        argv += ["-drive", f"if=pflash,format=raw,readonly=on,file={SECURE_CODE if secure else CODE}",
                 # A flash chip keeps what was written; QEMU would keep where it lies in memory until a flush.
                 "-drive", f"if=pflash,format={form(variables)},file={variables},cache=writethrough"]
    return argv + list(more)


class Qemu:
    """Its sockets are pairs made before it starts, so that not a byte of the first boot is missed."""

    def __init__(self, disk, data=None, variables=None, kernel=None, said=None, clock=None, saved=None,
                 drive=None, more=(), secure=False):
        """`drive`: a folder that the machine sees as drive C: of Windows; `more`: QEMU's words for what else
        the machine has; `secure`: the firmware checks what it starts."""
        # No key of its own signed a kernel that QEMU brings along: the firmware that checks would refuse it.
        argv = _hardware(disk, data, variables, drive, more, secure and not kernel)
        if saved:
            argv += ["-loadvm", saved]
        if clock:
            argv += ["-rtc", f"base={clock}"]
        if kernel:
            image, initramfs, line = kernel
            argv += ["-kernel", str(image), "-append", line]
            argv += ["-initrd", str(initramfs)] if initramfs else []
        theirs = {}
        for name in ("console", "agent", "qmp"):
            mine, theirs[name] = socket.socketpair()
            setattr(self, name, mine)
        numbers = {name: end.fileno() for name, end in theirs.items()}
        argv = [word.format(**numbers) if word.startswith("socket,") else word for word in argv]
        self.process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, pass_fds=numbers.values(), preexec_fn=_die_with_parent)
        for end in theirs.values():
            end.close()
        self.said = said or (lambda event: None)
        self.answers = queue.Queue()
        self.resets = False  # it ended because the machine resets
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.command("qmp_capabilities")

    def _lines(self):
        try:
            yield from self.qmp.makefile()
        except OSError:
            return  # it was killed

    def _listen(self):
        for line in self._lines():
            if not line.endswith("\n"):
                return
            message = json.loads(line)
            event = message.get("event")
            if event == "SHUTDOWN":
                self.resets = message["data"]["reason"].endswith("-reset")
            if event in ("SHUTDOWN", "WATCHDOG", "GUEST_PANICKED", "POWERDOWN"):
                self.said({"event": "RESET"} if event == "SHUTDOWN" and self.resets else message)
            elif "return" in message or "error" in message:
                self.answers.put(message)

    def command(self, name, **arguments):
        self.qmp.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        answer = self.answers.get(timeout=120)
        if "error" in answer:
            raise RuntimeError(f"{name}: {answer['error']}")
        return answer["return"]

    def reset(self):
        self.command("system_reset")

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        """A power cut: no flush, no warning."""
        if self.alive():
            self.process.kill()
        self.process.wait()
