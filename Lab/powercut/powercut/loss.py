"""What a cut costs a build: the work that was lost, and the time until it had been made again."""

import time


class Loss:
    """Follows one build over its attempts, by the times of its objects alone: both builders are
    measured in the same way."""

    def __init__(self, tree):
        self.tree = tree
        self.begin = time.time()
        self.known = set()
        self.cuts = []
        self.open_cut = None

    def attempt_begins(self):
        self.attempt = time.time()

    def attempt_ends(self, is_cut):
        """Called when everything is frozen, or has ended."""
        now = time.time()
        objects = self.tree.compiled_since(self.begin)
        fresh = {path: made for path, made in objects.items() if made >= self.attempt}
        if self.open_cut:
            self.settle(fresh, now)
        self.known |= set(objects)
        if is_cut:
            self.open_cut = (now, sorted(objects.values(), reverse=True))

    def settle(self, fresh, now):
        """The first object that no earlier attempt had made says that the lost ground is regained."""
        cut, times = self.open_cut
        again = sum(path in self.known for path in fresh)
        first_new = min((made for path, made in fresh.items() if path not in self.known), default=now)
        self.cuts.append(Cut(
            at=cut - self.begin, again=again, rebuilt=first_new - self.attempt,
            # As many of the newest objects as had to be made again.
            lost=cut - times[min(again, len(times)) - 1] if again and times else 0.0))
        self.open_cut = None


class Cut:
    def __init__(self, at, again, rebuilt, lost):
        # Seconds since the build began.
        self.at = at
        self.again, self.rebuilt, self.lost = again, rebuilt, lost

    def __str__(self):
        return f"{self.again} objects again, {self.lost:.0f} s lost, {self.rebuilt:.0f} s to regain"
