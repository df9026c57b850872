"""The first serial port: a log with the seconds since power came on, and patterns waited for in it."""

import re
import threading
import time

ESCAPES = re.compile(rb"\x1b(\[[0-9;?=]*[A-Za-z]|[()][A-Za-z0-9]|[=>78c])")


class Console:
    def __init__(self, log):
        self.log = open(log, "a", encoding="utf-8", errors="replace", buffering=1)
        self.text = ""
        self.read_to = 0  # what was already matched is not matched again
        self.changed = threading.Condition()
        self.started = time.monotonic()
        self.connection = None

    def note(self, text):
        """A line of the lab's own, between those of the machine."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        self.log.write(f"[{self.seconds():8.2f}] == {text} at {stamp}\n")

    def seconds(self):
        return time.monotonic() - self.started

    def power_on(self):
        """What was printed before is not matched any more, and seconds count anew, in the same log."""
        self.started = time.monotonic()
        self.skip()

    def press(self, keys):
        self.connection.sendall(keys.encode())

    def follow(self, connection):
        self.connection = connection
        threading.Thread(target=self._follow, args=(connection,), daemon=True).start()

    def _follow(self, connection):
        line = held = b""
        while got := self._receive(connection):
            clean = ESCAPES.sub(b"", held + got)
            clean, held = self._hold(clean)
            with self.changed:
                self.text += clean.decode(errors="replace")
                self.changed.notify_all()
            *whole, line = (line + clean).replace(b"\r", b"").split(b"\n")
            for each in whole:
                self.log.write(f"[{self.seconds():8.2f}] {each.decode(errors='replace')}\n")
        if line:
            self.log.write(f"[{self.seconds():8.2f}] {line.decode(errors='replace')}\n")
        with self.changed:
            self.changed.notify_all()

    @staticmethod
    def _hold(text):
        """An escape sequence may come in two pieces: its beginning waits for its end."""
        at = text.rfind(b"\x1b")
        return (text[:at], text[at:]) if 0 <= at and len(text) - at < 16 else (text, b"")

    @staticmethod
    def _receive(connection):
        try:
            return connection.recv(65536)
        except OSError:
            return b""

    def expect(self, pattern, timeout, alive):
        """The match of the pattern in what was printed since the last one that was expected."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + timeout
        with self.changed:
            while not (found := wanted.search(self.text, self.read_to)):
                left = deadline - time.monotonic()
                if left <= 0 or not alive():
                    why = "within {:.0f} s".format(timeout) if left <= 0 else "before the machine was gone"
                    raise TimeoutError(f"the console did not print {pattern!r} {why}; its end: {self.text[-600:]!r}")
                self.changed.wait(min(left, 1))
            self.read_to = found.end()
            return found

    def skip(self):
        """What was printed so far is not matched any more."""
        with self.changed:
            self.read_to = len(self.text)

    def count(self, pattern):
        with self.changed:
            return len(re.findall(pattern, self.text))
