"""Where the lab keeps what it makes: outside the project, in a folder that can be set."""

import hashlib
import os
import pathlib
import subprocess

LAB = pathlib.Path(__file__).resolve().parent.parent
FOLDER = pathlib.Path(os.environ.get("PAWL_MACHINES", "/var/tmp/pawl-machines"))


def folder(*names):
    path = FOLDER.joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def program(*argv, **options):
    """Runs a program of the host; what it prints is shown only where it fails."""
    argv = [str(word) for word in argv]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def digest(*paths):
    """Of the contents of files, and of all files in folders."""
    total = hashlib.sha256()
    for path in map(pathlib.Path, paths):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.name).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def named(text):
    """A name for a text: the same one for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
