"""Effects other than a build: a source that is unpacked, an image that is installed."""

import hashlib
import os
import shutil
import subprocess
import time

from .plan import make_approved
from .tree import BUILDER, SOURCE


def source(lab, times):
    """Unpacked by the recipe's own step; cut in the middle, whole in the end."""
    home = lab.disk.path("unpacking")
    os.makedirs(home)
    os.chown(home, 65534, 65534)
    internal = [*BUILDER, lab.program.path, "internal"]
    subprocess.run([*internal, "workspace", "--at", f"{home}/work"], check=True)
    lab.disk.sync()
    target = f"{home}/work/source"
    words = [*internal, "source", "--from", SOURCE, "--into", target]
    for _ in range(times):
        process = subprocess.Popen(
            words, stdout=subprocess.DEVNULL, preexec_fn=lab.group.enter)
        wait_for_files(f"{target}.aside", lab.dice.randrange(5_000, 40_000), process)
        cut(lab)
        process.wait()
        if os.path.exists(target):
            lab.violation("half a source has the name of a whole one")
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    wrong = differences(SOURCE, target)
    if wrong:
        lab.violation(f"the source differs from its archive: {wrong[:3]}")
    print(f"{lab.kind}: source: cut {times} times while it was unpacked; {len(wrong)} files differ "
          "in the end", flush=True)
    shutil.rmtree(home)
    return times


def differences(archive, target):
    compared = subprocess.run(
        ["tar", "--compare", "--file", archive, "--strip-components=1", "--directory", target],
        capture_output=True, text=True)
    owners = ("Uid differs", "Gid differs", "Mode differs")
    # The first folder, of whose name nothing is left.
    stripped = "tar: : Warning: Cannot stat: No such file or directory"
    return [line for line in (compared.stdout + compared.stderr).splitlines()
            if not line.endswith(owners) and line != stripped]


def wait_for_files(folder, count, process):
    while process.poll() is None:
        if sum(len(names) for _, _, names in os.walk(folder)) >= count:
            return
        time.sleep(0.05)


def install(lab, times):
    """A command copies an image and syncs nothing, as `make install` does, and the power goes as
    soon as Pawl has said that it is done."""
    image = os.path.join(lab.folder, "image")
    with open(image, "wb") as file:
        file.write(os.urandom(8 << 20))
    os.chmod(image, 0o644)
    with open(image, "rb") as file:
        wanted = hashlib.file_digest(file, "sha256").hexdigest()
    torn = 0
    for _ in range(times):
        lab.new_journal()
        os.chmod(lab.program.root, 0o777)
        placed = os.path.join(lab.program.root, "vmlinuz")
        recipe = os.path.join(lab.folder, "install.yaml")
        with open(recipe, "w") as file:
            file.write(
                "name: install\ndescription: x\nrollback: {description: remove it}\nsteps:\n"
                "  - {id: install, label: Install, risk: high, effects: durable, "
                f"command: [cp, '{image}', '{placed}']}}\n")
        number = make_approved(lab.program, recipe)
        done = lab.program.ask("run", number)
        cut(lab)
        state = lab.program.show(number)["state"]
        if done.status != 0 or state != "succeeded":
            lab.violation(f"install: exit {done.status}, {state}: {done.errors()}")
        with open(placed, "rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == wanted
        if not whole:
            torn += 1
            lab.violation(f"vmlinuz is torn, and its step is {state}")
    print(f"{lab.kind}: install: cut {times} times right after it was done; {torn} torn", flush=True)
    return times


def cut(lab):
    lab.group.freeze(seconds=0.05)
    lab.lose_power()


CASES = {"source": source, "install": install}
