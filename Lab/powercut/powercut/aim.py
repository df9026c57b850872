"""Waits for an instant that a random cut would hardly ever hit."""

import os
import signal
import time


def words_of(group):
    """The command lines of all that runs, by process id."""
    found = {}
    for pid in group.processes():
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                found[pid] = file.read().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def is_running(group, name):
    return any(os.path.basename(words[0]) == name for words in words_of(group).values())


def reached(builder, condition, seconds=600):
    """False where the build ended, or the time did, before the condition held."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        if builder.is_over():
            return False
        time.sleep(0.001)
    return False


def between_compiler_and_objtool(bench, builder, begin):
    """The compiler is done with an object and objtool is not: the object is there, new and whole
    to look at, with the old command beside it."""
    return lambda: time.monotonic() - begin > 12 and is_running(bench.lab.group, "objtool")


def in_the_final_link(bench, builder, begin):
    """A checkpoint was recorded while vmlinux was being linked. The link is over sooner than a
    checkpoint comes: the linker is held until it has."""
    before = []

    def condition():
        if not before:
            if hold_the_linker(bench.lab.group):
                before.append(len(builder.events("checkpoint")))
            return False
        return len(builder.events("checkpoint")) > before[0]

    return condition


def hold_the_linker(group):
    """The pids of those stopped; what ends with its group ends stopped too."""
    linkers = [
        pid for pid, words in words_of(group).items()
        if words[0] == "ld" and any(word.startswith((".tmp_vmlinux", "vmlinux")) for word in words)]
    for pid in linkers:
        os.kill(pid, signal.SIGSTOP)
    return linkers


def after_the_configuration(bench, builder, begin):
    """syncconfig has spread the option, and nothing was compiled from it yet."""
    spread = os.path.join(bench.tree.output, "include/config/auto.conf")
    moment = time.time()

    def condition():
        try:
            return os.stat(spread).st_mtime > moment
        except FileNotFoundError:
            return False

    return condition


def between_steps(bench, builder, begin):
    """`make prepare` is recorded as done, and the build has begun."""
    def starts():
        return sum(event.step == "build" for event in builder.events("step start"))

    before = starts()
    return lambda: starts() > before
