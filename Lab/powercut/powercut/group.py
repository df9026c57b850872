"""Everything that runs on the disk that is cut, in one control group: frozen and ended as one."""

import glob
import os
import signal
import time


def mounted(kind, option=None):
    """Where a control group hierarchy is mounted; None where it is not."""
    with open("/proc/mounts") as mounts:
        for line in mounts:
            _, folder, found, options = line.split()[:4]
            if found == kind and (option is None or option in options.split(",")):
                return folder
    return None


def make(name):
    """The unified hierarchy where it can be written, else the old freezer."""
    for kind, option, group in (("cgroup2", None, Unified), ("cgroup", "freezer", Freezer)):
        base = mounted(kind, option)
        if base is None:
            continue
        sweep(base)
        folder = os.path.join(base, f"{name}-{os.getpid()}")
        try:
            os.mkdir(folder)
        except OSError:
            continue
        return group(folder)
    raise RuntimeError("no control group hierarchy that can freeze is writable here")


def sweep(base):
    """What a lab that was killed itself has left behind."""
    for folder in glob.glob(os.path.join(base, "pawl-powercut-*")):
        if not os.path.exists(f"/proc/{folder.rsplit('-', 1)[1]}"):
            try:
                os.rmdir(folder)
            except OSError:
                pass


class Group:
    def __init__(self, folder):
        self.folder = folder

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def enter(self):
        """Called in a child before its program begins."""
        self.write("cgroup.procs", str(os.getpid()))

    def processes(self):
        return [int(pid) for pid in self.read("cgroup.procs").split()]

    def freeze(self, seconds=0.003):
        """Stops everything. What sleeps in a sync of its own cannot stop before the disk answers,
        and must not be waited for: a power cut does not wait either. It does not get back to its
        program, for it is stopped on the way out of the kernel."""
        self.stop()
        end = time.monotonic() + seconds
        while not self.is_frozen() and time.monotonic() < end:
            pass

    def wait_until_empty(self):
        end = time.monotonic() + 10
        while self.processes():
            if time.monotonic() > end:
                raise RuntimeError(f"processes outlived the cut: {self.processes()}")
            time.sleep(0.001)

    def close(self):
        self.kill()
        os.rmdir(self.folder)


class Unified(Group):
    def stop(self):
        self.write("cgroup.freeze", "1")

    def thaw(self):
        self.write("cgroup.freeze", "0")

    def is_frozen(self):
        return "frozen 1" in self.read("cgroup.events")

    def kill(self):
        self.write("cgroup.kill", "1")
        self.thaw()
        self.wait_until_empty()


class Freezer(Group):
    def stop(self):
        self.write("freezer.state", "FROZEN")

    def thaw(self):
        self.write("freezer.state", "THAWED")

    def is_frozen(self):
        return self.read("freezer.state").strip() == "FROZEN"

    def kill(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.thaw()
        self.wait_until_empty()
