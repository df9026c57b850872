"""The second serial port: commands as argument lists, answered by the agent in the machine."""

import base64
import dataclasses
import json
import threading
import time


class Restarted(Exception):
    """The machine began another boot, or was gone, before the command was answered."""


@dataclasses.dataclass
class Done:
    status: int
    output: str
    errors: str

    def json(self):
        return json.loads(self.output)


class Agent:
    def __init__(self, alive):
        """`alive`: whether the machine is on, also where it just resets."""
        self.alive = alive
        self.changed = threading.Condition()
        self.connection = None
        self.boots = []  # (boot id, release), in the order in which they said hello
        self.answers = {}
        self.asked = 0

    def follow(self, connection):
        self.connection = connection
        threading.Thread(target=self._follow, args=(connection,), daemon=True).start()

    def _follow(self, connection):
        pending = b""
        while True:
            try:
                got = connection.recv(65536)
            except OSError:
                got = b""
            if not got:
                break
            *lines, pending = (pending + got).split(b"\n")
            for line in lines:
                self._take(line.strip())
        with self.changed:
            if self.connection is connection:
                self.connection = None
            self.changed.notify_all()

    def _take(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            return  # firmware and loaders may print here too
        if not isinstance(message, dict):
            return
        with self.changed:
            if "hello" in message:
                boot = (message["hello"], message["release"])
                if boot not in self.boots[-1:]:  # an agent that was started again is no boot
                    self.boots.append(boot)
            elif "status" in message or "fault" in message:
                # Anything else with an id is a command of ours, echoed by a boot that no agent reads yet.
                self.answers[message["id"]] = message
            self.changed.notify_all()

    def wait_hello(self, after, timeout):
        """The boot that follows the first `after` ones: its id and the release of its kernel."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while len(self.boots) <= after:
                left = deadline - time.monotonic()
                if self.connection is None and not self.alive():
                    raise Restarted("the machine is gone")
                if left <= 0:
                    raise TimeoutError(f"nothing answered within {timeout:.0f} s of the boot")
                self.changed.wait(min(left, 1))
            return self.boots[-1]

    def send(self, argv, standard_input=None, timeout=None):
        with self.changed:
            if self.connection is None:
                raise Restarted("the machine is gone")
            self.asked += 1
            message = {"id": self.asked, "argv": [str(word) for word in argv], "timeout": timeout}
            if standard_input is not None:
                message["input"] = base64.b64encode(standard_input).decode()
            self.connection.sendall(json.dumps(message).encode() + b"\n")
            return self.asked

    def answer(self, number, timeout):
        deadline = time.monotonic() + timeout
        with self.changed:
            booted = len(self.boots)
            while number not in self.answers:
                left = deadline - time.monotonic()
                if self.connection is None or len(self.boots) != booted:
                    raise Restarted("the machine restarted before the command was answered")
                if left <= 0:
                    raise TimeoutError(f"a command was not answered within {timeout:.0f} s")
                self.changed.wait(min(left, 1))
            message = self.answers.pop(number)
        if "fault" in message:
            raise RuntimeError(message["fault"])
        texts = [base64.b64decode(message[name]).decode(errors="replace") for name in ("output", "errors")]
        return Done(message["status"], *texts)
