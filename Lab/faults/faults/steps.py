"""Steps whose effect is counted: each program says in a ledger when it begins and when it ends."""

import json
import os


class Ledger:
    """On a file system that no fault touches."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "ledger")
        self.clear()

    def clear(self):
        with open(self.path, "w"):
            os.chmod(self.path, 0o666)

    def lines(self):
        with open(self.path) as file:
            return file.read().splitlines()

    def begun(self):
        return [line.split()[1] for line in self.lines() if line.startswith("begin ")]

    def ended(self):
        return [line.split()[1] for line in self.lines() if line.startswith("end ")]


class Step:
    """One line of a recipe, and what proves that it was done."""

    def __init__(self, name, text, holds=None):
        self.name, self.text = name, text
        # What has to be true once it has succeeded; None where the ledger counts its ends.
        self.holds = holds

    @property
    def is_counted(self):
        return self.holds is None


def line(name, rest):
    return f"  - {{id: {name}, label: Do {name}, risk: low, {rest}}}\n"


def counted(folder, ledger, name, body="", backup=None, timeout="60s"):
    """A program that may not be done twice: its check finds the end of it in the ledger."""
    script = os.path.join(folder, name + ".sh")
    with open(script, "w") as file:
        file.write(
            f"echo 'begin {name}' >>{ledger.path}\n{body}\necho 'end {name}' >>{ledger.path}\n"
            "exit 0\n")
    os.chmod(script, 0o644)
    kept = f"backup: [{backup}], " if backup else ""
    return Step(name, line(
        name, f"effects: durable, interrupted: check, timeout: {timeout}, {kept}"
        f"check: [grep, -qx, 'end {name}', {ledger.path}], command: [sh, {script}]"))


def written(root, name, content):
    path = f"/{name}"
    text = line(name, f"write_file: {{path: {path}, content: {json.dumps(content)}, mode: '0644'}}")
    return Step(name, text, lambda: holds(root + path, content.encode()))


def copied(root, name, source, target):
    with open(root + source, "rb") as file:
        wanted = file.read()
    return Step(
        name, line(name, f"copy_file: {{from: {source}, to: {target}}}"),
        lambda: holds(root + target, wanted))


def holds(path, content):
    try:
        with open(path, "rb") as file:
            return file.read() == content
    except FileNotFoundError:
        return False


def recipe(steps):
    return (
        "name: faults\ndescription: Survive a fault\nrollback: {description: none}\nsteps:\n"
        + "".join(step.text for step in steps))
