"""Waits for an instant that a random cut would hardly ever hit."""

import os
import time


def is_running(group, name):
    """A program of that name is at work: its file's name, as proc(5) has it."""
    for pid in group.processes():
        try:
            with open(f"/proc/{pid}/comm") as file:
                if file.read().strip() == name:
                    return True
        except (FileNotFoundError, ProcessLookupError):
            pass
    return False


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
    """A checkpoint was recorded while vmlinux was being linked."""
    seen = []

    def condition():
        # The script that links; the linker itself also links small things.
        if not any("link-vmlinux" in words for words in command_lines(bench.lab.group)):
            return False
        seen.append(len(builder.events("checkpoint")))
        return seen[-1] > seen[0]

    return condition


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


def command_lines(group):
    for pid in group.processes():
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                yield file.read()
        except (FileNotFoundError, ProcessLookupError):
            pass
