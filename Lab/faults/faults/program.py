"""Pawl as a person or a script calls it; every call and what it said is kept."""

import json
import os
import subprocess


class Answer:
    def __init__(self, words, status, output, errors):
        self.words, self.status = words, status
        self.output, self.errors = output, errors

    def json(self):
        return json.loads(self.output)

    @property
    def said(self):
        """Its sentences in one line, whichever way they were printed."""
        lines = (self.errors or self.output).splitlines()
        return " ".join(line.strip() for line in lines if line.strip())

    def __str__(self):
        return f"pawl {' '.join(self.words[:3])} exited with {self.status}: {self.said}"


class Program:
    def __init__(self, path, journal, root, folder):
        self.path, self.journal, self.root = path, journal, root
        self.log = os.path.join(folder, "calls")

    def argv(self, words):
        return [self.path, *words, "--journal", self.journal, "--root", self.root]

    def ask(self, *words, environment=None, seconds=120):
        """A call to its end. `environment`: of the call and of the runner that it may be."""
        return self.finish(self.start(*words, environment=environment), words, seconds)

    def start(self, *words, environment=None):
        return subprocess.Popen(
            self.argv(words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd="/", env={**os.environ, **(environment or {})})

    def finish(self, process, words, seconds=120):
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            errors += b"\n(the lab ended it: it did not come to an end)"
        answer = Answer(
            words, process.returncode, output.decode(errors="replace"),
            errors.decode(errors="replace"))
        with open(self.log, "a") as log:
            log.write(f"$ {' '.join(self.argv(words))}\n{answer.output[:4000]}"
                      f"{answer.errors[:4000]}-> {answer.status}\n")
        return answer
