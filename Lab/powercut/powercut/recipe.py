"""Plans of fast steps of every kind, and what each step's effect looks like on the disk."""

import os

COUNT = 40
# Two of five are commands that may not be repeated unseen; a third are file actions of Pawl's own.
KINDS = (
    "retry", "ask", "write", "check", "file-retry", "append", "file-ask", "copy", "file-check",
    "remove", "sync-retry", "ask", "check", "skip")
LINES = 400


class Step:
    def __init__(self, name, kind, place):
        self.name = name
        self.kind = kind
        self.place = place
        self.inner = f"/work-{place.plan}/{name}"
        self.path = place.root + self.inner

    @property
    def may_repeat(self):
        return self.policy == "retry"

    @property
    def policy(self):
        return self.kind.split("-")[-1] if self.runs_program else "retry"

    @property
    def runs_program(self):
        return self.kind not in ("write", "append", "copy", "remove", "skip")

    @property
    def writes_file(self):
        return self.kind not in ("retry", "ask", "check", "skip", "volatile-check", "sync-retry")

    @property
    def original(self):
        """What stands at its path before the plan; None where nothing does."""
        return f"before {self.name}\n" if self.kind in ("append", "remove") else None

    @property
    def done(self):
        """What has to stand there once the journal says that the step has succeeded."""
        return {
            "write": f"written {self.name}\n" * 50,
            "append": f"before {self.name}\nline {self.name}\n",
            "copy": self.place.source,
            "remove": None,
        }.get(self.kind, f"{self.name}\n" * LINES)

    def is_at(self, wanted):
        try:
            with open(self.path) as file:
                return file.read() == wanted
        except FileNotFoundError:
            return wanted is None
        except UnicodeDecodeError:
            return False

    def text(self, millis):
        head = f"  - {{id: {self.name}, label: {self.name}, risk: low, "
        return head + getattr(self, "text_" + self.kind.split("-")[0])(millis) + "}\n"

    def command(self, millis, *rest):
        words = [self.place.step, self.place.ledger, self.name, str(millis), *rest]
        return "command: [" + ", ".join(f'"{word}"' for word in words) + "]"

    def text_retry(self, millis):
        return "effects: none, interrupted: retry, " + self.command(millis)

    def text_ask(self, millis):
        return "effects: none, interrupted: ask, " + self.command(millis)

    def text_sync(self, millis):
        """Durable without a file of its own: its outcome waits for a sync all the same."""
        return "effects: durable, interrupted: retry, " + self.command(millis)

    def text_check(self, millis, effects="none"):
        check = f'check: [grep, -q, "^end {self.name} ", "{self.place.ledger}"]'
        return f"effects: {effects}, interrupted: check, {check}, " + self.command(millis)

    def text_volatile(self, millis):
        return self.text_check(millis, "volatile")

    def text_file(self, millis):
        check = f'check: ["{self.place.step}", whole, "{self.path}", "{self.name}"], '
        return (
            f"effects: durable, interrupted: {self.policy}, backup: [{self.inner}], "
            + (check if self.policy == "check" else "") + self.command(millis, self.path))

    def text_skip(self, _):
        return "effects: none, check: [/bin/true], command: [/bin/false]"

    def text_write(self, _):
        content = self.done.replace("\n", "\\n")
        return f'write_file: {{path: {self.inner}, content: "{content}", mode: "0644"}}'

    def text_append(self, _):
        return f'append_line: {{path: {self.inner}, line: "line {self.name}"}}'

    def text_copy(self, _):
        return f"copy_file: {{from: /work-{self.place.plan}/source, to: {self.inner}}}"

    def text_remove(self, _):
        return f"remove_file: {{path: {self.inner}}}"


class Place:
    """Where one plan's files are, on the disk that is cut, and its ledger, on one that is not."""

    def __init__(self, plan, root, folder):
        self.plan = plan
        self.root = root
        self.step = os.path.join(folder, "step")
        self.ledger = os.path.join(folder, f"ledger-{plan}")
        self.source = "source\n" * 3000

    def prepare(self, steps):
        """The host as the plan finds it; steps run as nobody and write there."""
        work = f"{self.root}/work-{self.plan}"
        os.makedirs(work)
        os.chmod(work, 0o777)
        files = {work + "/source": self.source}
        files |= {step.path: step.original for step in steps if step.original}
        for path, text in files.items():
            with open(path, "w") as file:
                file.write(text)
            os.chown(path, 65534, 65534)
        with open(self.ledger, "w"):
            os.chmod(self.ledger, 0o666)


def make(place, dice, count=COUNT, extra=()):
    """Steps of a plan and its recipe's text. `extra`: lines of steps without a ledger, at its end."""
    kinds = [KINDS[index % len(KINDS)] for index in range(count)]
    if count > 10:
        # Each is looked at again after every boot.
        kinds[3] = kinds[count // 2] = "volatile-check"
    steps = [Step(f"s{index}-p{place.plan}", kind, place) for index, kind in enumerate(kinds)]
    text = "name: ledger\ndescription: Keep a ledger\nrollback: {description: none}\nsteps:\n"
    for step in steps:
        text += step.text(dice.choice((0, 1, 3, 12)))
    return steps, text + "".join(extra)
