"""A machine, and the verbs that scenarios are written in."""

import json
import threading
import time

from . import agent, console, efi, look, qemu
from .cache import program

BOOT = 300  # seconds; a boot takes about a tenth of it on an idle host
POWER_ON = r"Linux version (\S+)"


class Machine:
    Restarted = agent.Restarted

    def __init__(self, kind, folder, disk, variables=None, base=None, data=None):
        """`base`: the disk that `disk` is an overlay of."""
        self.kind, self.folder = kind, folder
        self.disk, self.variables, self.base, self.data = disk, variables, base, data
        self.console = console.Console(folder / "console.log")
        self.agent = agent.Agent(self.alive)
        self.qemu = None
        self.power = threading.Lock()
        self.is_on = False
        self.drive = None  # a folder that it sees as drive C: of Windows
        self.more = ()  # what else it has, in QEMU's words
        self.clock = None  # what the machine's own clock begins with at power on; else the time that it is
        self.durations = []  # of boots, to the agent and to the end of the boot
        self.earlier_boots = 0  # before it was kept
        self.measured = {}  # what a scenario found out, for the result
        self.events = []  # resets and the like, as QEMU tells of them

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._kill()

    # Power

    def writable(self):
        return [file for file in (self.disk, self.variables) if file]

    def power_on(self, kernel=None, saved=None):
        assert not self.is_on, "the machine is on"
        self.console.power_on()
        with self.power:
            self.is_on = True
            self._start(kernel, saved)
        threading.Thread(target=self._supervise, daemon=True).start()
        self.console.note("power on" if not saved else "goes on where it was kept")

    def _start(self, kernel=None, saved=None):
        self.qemu = qemu.Qemu(self.disk, self.data, self.variables, kernel, self._event, self.clock, saved,
                              self.drive, self.more, self.kind.secure)
        self.console.follow(self.qemu.console)
        self.agent.follow(self.qemu.agent)

    def _supervise(self):
        """Starts another QEMU where one ended because the machine resets; ends when the machine is off."""
        while True:
            current = self.qemu
            current.process.wait()
            current.listener.join()
            with self.power:
                if current is not self.qemu:
                    return  # another power-on came first
                self.is_on = self.is_on and current.resets
                if not self.is_on:
                    return
                self._start()

    def alive(self):
        return self.is_on

    def _event(self, event):
        self.events.append(event)
        self.console.note(f"{event['event']} {json.dumps(event.get('data', {}), sort_keys=True)}")

    def cut_power(self):
        self.console.note("power cut")
        self._kill()

    def _kill(self):
        with self.power:
            self.is_on = False
            if self.qemu:
                self.qemu.kill()

    def press_reset(self):
        self.console.note("reset button")
        self.qemu.reset()

    def power_off(self):
        """Shuts down as it should be done, and waits for it."""
        self.start(["systemctl", "poweroff"] if self.kind.init == "systemd" else ["poweroff"])
        end = time.monotonic() + BOOT
        while self.is_on:
            if time.monotonic() > end:
                raise TimeoutError(f"the machine did not go off within {BOOT} s")
            time.sleep(0.1)

    # Boots

    def boot(self, kernel=None, timeout=BOOT):
        """Power on, until all services are up. The release that came up."""
        seen = len(self.agent.boots)
        self.power_on(kernel)
        return self.wait_up(seen, timeout)

    def power_cycle(self):
        self.cut_power()
        return self.boot()

    def reboot(self):
        """A plain restart from within."""
        seen = len(self.agent.boots)
        self.begin_reboot()
        return self.wait_up(seen)

    def begin_reboot(self):
        self.start(["systemctl", "reboot"] if self.kind.init == "systemd" else ["reboot"])

    def wait_up(self, seen, timeout=BOOT):
        """The release of the boot after the first `seen` ones, once that has come to its end."""
        began = time.monotonic()
        self.agent.wait_hello(seen, timeout)
        answering = time.monotonic() - began
        self.settle(timeout)
        self.durations.append((round(answering, 1), round(time.monotonic() - began, 1)))
        release = self.agent.boots[-1][1]
        self.console.note(f"up: {release}")
        return release

    def settle(self, timeout=BOOT):
        if self.kind.init == "systemd":
            self.run(["systemctl", "is-system-running", "--wait"], timeout)
        else:
            self.console.expect(r"login: ", timeout, self.alive)

    @property
    def boots(self):
        """How many times a kernel started, as far as the console tells: also those that came to nothing."""
        return self.earlier_boots + self.console.count(POWER_ON)

    @property
    def boot_id(self):
        return self.agent.boots[-1][0]

    # Commands

    def start(self, argv, standard_input=None):
        """Runs a command without waiting; `finish` waits for its answer."""
        return self.agent.send(argv, standard_input)

    def finish(self, number, timeout=120):
        return self.agent.answer(number, timeout)

    def run(self, argv, timeout=120, standard_input=None):
        return self.finish(self.agent.send(argv, standard_input, timeout), timeout + 30)

    def succeed(self, argv, timeout=120, standard_input=None):
        done = self.run(argv, timeout, standard_input)
        assert done.status == 0, f"{argv} ended with {done.status}: {done.output}{done.errors}"
        return done.output

    def expect_console(self, pattern, timeout=BOOT):
        return self.console.expect(pattern, timeout, self.alive)

    def press(self, keys):
        """Types on the console, as a person at the machine does."""
        self.console.press(keys)

    def write(self, path, text):
        self.succeed(["tee", path], standard_input=text.encode())

    # From outside

    def look(self):
        """A context with the file systems of the machine, which has to be off."""
        assert not self.is_on, "the machine is on: its disk cannot be looked at"
        return look.disk(self.disk, self.kind)

    def efi(self):
        plain = self.folder / "looked-at.fd"
        program("qemu-img", "convert", "-O", "raw", self.variables, plain)
        return efi.variables(plain)
