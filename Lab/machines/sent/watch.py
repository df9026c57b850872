"""Waits until Pawl has come to an instant, and stops every process of it there, so that the power can
be cut at that instant and no other. Ends with 3 where the instant was over before Pawl stood still.

usage: watch.py '{"event": [KIND, STEP, WORD], "listed": [GLOB, …], "runs": "WORD WORD", "before": [KIND, STEP, WORD]}'
"""

import glob
import json
import os
import signal
import sqlite3
import sys
import time

JOURNAL = "file:/var/lib/pawl/journal.db?mode=ro"
READY = "/run/lab-watching"


class Journal:
    def __init__(self):
        self.connection = None
        self.opened = 0.0
        self.newest = 0
        self.events = []  # (kind, step, payload)

    def read(self):
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
            return
        for sequence, *event in rows:
            self.newest = sequence
            self.events.append(event)

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


def come(journal, instant):
    journal.read()
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
    while not come(journal, instant):
        time.sleep(0.001)
    stopped = stop()
    journal.read()
    if instant.get("before") and journal.has(instant["before"]):
        send(signal.SIGCONT, stopped)
        sys.exit(3)
    print(json.dumps({"stopped": len(stopped), "last": journal.events[-1][:2] if journal.events else None}))


main()
