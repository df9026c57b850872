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
    to look at, with the old command beside it, and a checkpoint has made it durable."""
    def is_unfinished(words):
        try:
            with open(os.path.join(bench.tree.output, words[-2]), "rb") as file:
                return b".orc_unwind" not in file.read()
        except OSError:
            return False

    return in_flight_at_a_checkpoint(
        bench, builder, lambda words: os.path.basename(words[0]) == "objtool", is_unfinished)


def in_the_final_link(bench, builder, begin):
    """A checkpoint was recorded while vmlinux was being linked."""
    return in_flight_at_a_checkpoint(
        bench, builder, lambda words: words[0] == "ld" and any(
            word.startswith((".tmp_vmlinux", "vmlinux")) for word in words))


def in_flight_at_a_checkpoint(bench, builder, is_wanted, is_unfinished=lambda words: True):
    """Such programs are over sooner than a checkpoint comes: they are held until it has, and end
    held, with their group. One that had written all before it was held is let go."""
    before = []

    def condition():
        if not before:
            if hold(bench.lab.group, is_wanted, is_unfinished):
                before.append(len(builder.events("checkpoint")))
            return False
        return len(builder.events("checkpoint")) > before[0]

    return condition


def hold(group, is_wanted, is_unfinished):
    """The pids of those stopped."""
    held = []
    for pid, words in words_of(group).items():
        if is_wanted(words):
            try:
                os.kill(pid, signal.SIGSTOP)
                if is_unfinished(words):
                    held.append(pid)
                else:
                    os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
    return held


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
