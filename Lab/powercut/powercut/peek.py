"""The journal's bytes as the page cache has them, looked at from outside."""

import json
import os
import shutil
import sqlite3

from .events import Event, History


class Peek:
    def __init__(self, program, folder):
        self.program = program
        self.copy = os.path.join(folder, "peek.db")

    def look(self):
        found = []
        for suffix in ("", "-wal"):
            try:
                status = os.stat(self.program.journal + suffix)
                found.append((status.st_size, status.st_mtime_ns))
            except FileNotFoundError:
                found.append(None)
        return found

    def history(self):
        """A copy, outside: nothing of the lab's stays open on the disk that is cut."""
        for suffix in ("", "-wal", "-shm"):
            try:
                os.unlink(self.copy + suffix)
            except FileNotFoundError:
                pass
        try:
            for suffix in ("", "-wal"):
                shutil.copyfile(self.program.journal + suffix, self.copy + suffix)
            return self.read()
        except (FileNotFoundError, sqlite3.Error):
            return History([])

    def read(self):
        connection = sqlite3.connect(self.copy)
        try:
            rows = connection.execute(
                "SELECT sequence, hash, plan, step, attempt, kind, payload FROM event "
                "ORDER BY sequence").fetchall()
        finally:
            connection.close()
        return History([Event(*row[:6], json.loads(row[6])) for row in rows])
