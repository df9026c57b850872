"""What the steps themselves wrote down, outside the disk that is cut."""


class Ledger:
    def __init__(self, path):
        self.lines = []
        with open(path) as file:
            for line in file:
                what, name, attempt = line.split()
                self.lines.append((what, name, int(attempt)))

    def attempts(self, what, name):
        return [attempt for said, step, attempt in self.lines if (said, step) == (what, name)]

    def has_ended(self, name):
        return bool(self.attempts("end", name))

    def starts(self):
        return [(name, attempt) for what, name, attempt in self.lines if what == "start"]

    def outlived(self):
        """Attempts that ended before another step began: their outcome was durable by then."""
        found = []
        for index, (what, name, attempt) in enumerate(self.lines):
            later = self.lines[index + 1:]
            if what == "end" and any(w == "start" and n != name for w, n, _ in later):
                found.append((name, attempt))
        return found
