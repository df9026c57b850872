"""Waits until Pawl has come to an instant, and stops every process of it there, so that the power can
be cut at that instant and no other. Ends with 3 where the instant was over before Pawl stood still.

usage: watch.py '{"event": [KIND, STEP, WORD], "listed": [GLOB, …], "runs": "WORD WORD", "before": [KIND, STEP, WORD]}'
"""

import ctypes
import glob
import json
import os
import select
import signal
import sqlite3
import sys
import time

FOLDER = b"/var/lib/pawl"
JOURNAL = "file:/var/lib/pawl/journal.db?mode=ro"
READY = "/run/lab-watching"


class Journal:
    def __init__(self):
        self.connection = None
        self.opened = 0.0
        self.newest = 0
        self.events = []  # (kind, step, payload)

    def read(self):
        """True where there is something new."""
        # Opened anew now and then: a connection from before Pawl's own may never see what that writes.
        if self.connection and time.monotonic() - self.opened > 1:
            self.connection.close()
            self.connection = None
        try:
            if not self.connection:
                self.connection = sqlite3.connect(JOURNAL, uri=True, timeout=1)
                self.opened = time.monotonic()
            rows = self.connection.execute(
                "SELECT sequence, kind, step, CAST(payload AS TEXT) FROM event WHERE sequence > ? ORDER BY sequence",
                (self.newest,)).fetchall()
        except sqlite3.Error:
            return False
        for sequence, *event in rows:
            self.newest = sequence
            self.events.append(event)
        return bool(rows)

    def has(self, wanted):
        kind, step, word = wanted
        return any(kind == of and step in (None, at) and f'"{word}"' in payload for of, at, payload in self.events)


def processes():
    """Of Pawl, and what they started: process ids."""
    parents, found = {}, set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            if os.path.basename(os.readlink(f"/proc/{name}/exe")) == "pawl":
                found.add(int(name))
        except OSError:
            continue
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def send(which, to):
    for each in to:
        try:
            os.kill(each, which)
        except ProcessLookupError:
            pass


def stop():
    stopped = set()
    while more := processes() - stopped:
        send(signal.SIGSTOP, more)
        stopped |= more
    return stopped


def runs(words):
    """Whether a process has these words in its command line."""
    for place in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(place, "rb") as file:
                if words in file.read().replace(b"\0", b" ").decode(errors="replace"):
                    return True
        except OSError:
            continue
    return False


class Wake:
    """Sleeps until something is written to the journal: whoever looked all the time, before everything else,
    would leave a machine with one processor no time for what is watched."""

    MODIFIED, CREATED = 0x2, 0x100  # inotify(7)

    def __init__(self, polls):
        libc = ctypes.CDLL(None, use_errno=True)
        self.changes = libc.inotify_init1(os.O_NONBLOCK)
        if libc.inotify_add_watch(self.changes, FOLDER, self.MODIFIED | self.CREATED) < 0:
            raise OSError(ctypes.get_errno(), "the folder of the journal cannot be watched")
        self.timeout = 0.02 if polls else 1.0

    def wait(self, journal):
        """Until the journal has something new, or for a while."""
        ready, _, _ = select.select([self.changes], [], [], self.timeout)
        if ready:
            os.read(self.changes, 65536)
        # A commit can be read a sync after its bytes were written.
        for _ in range(100 if ready else 1):
            if journal.read():
                return
            time.sleep(0.002)


def come(journal, instant):
    if instant.get("runs") and not runs(instant["runs"]):
        return False
    if instant.get("event") and not journal.has(instant["event"]):
        return False
    return all(glob.glob(place) for place in instant.get("listed", []))


def main():
    instant = json.loads(sys.argv[1])
    journal = Journal()
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(20))
    with open(READY, "w", encoding="utf-8"):
        pass
    wake = Wake(polls=instant.get("runs") or instant.get("listed"))
    journal.read()
    while not come(journal, instant):
        wake.wait(journal)
    stopped = stop()
    journal.read()
    if instant.get("before") and journal.has(instant["before"]):
        send(signal.SIGCONT, stopped)
        sys.exit(3)
    print(json.dumps({"stopped": len(stopped), "last": journal.events[-1][:2] if journal.events else None}))


main()
