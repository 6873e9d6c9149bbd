"""Keeps what was made, by content and within bounds, in SQLite; a cache that fails is gone without, never an error."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from palanca.core.errors import OutputError

NAME = "served.sqlite"
MOST_BYTES = 300_000_000
SCHEMA = """
create table if not exists results (
  key text primary key, made blob not null, size integer not null, used real not null
);
create index if not exists by_use on results (used);
create table if not exists jobs (
  id text primary key, owner text not null, host text not null, question text not null, case_name text not null,
  fields text not null, key text not null, status text not null, done integer not null, total integer not null,
  problem text not null, made real not null
);
"""
Returned = TypeVar("Returned")


class ResultStore:
    """One SQLite file for results and jobs; several threads may use it.

    Args:
        folder: Where the file lies; made if need be.
        most: Bytes of results kept; those not used for longest go first.

    Raises:
        OutputError: The folder or the disk refuses.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self.path, self.most = folder / NAME, most
        self._lock = threading.Lock()
        self.failures = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = self._opened()
        except (OSError, sqlite3.Error) as fault:
            raise OutputError(
                "the server cannot keep its results there",
                where=str(folder),
                found=str(fault),
                expected="a folder that takes files",
                way_out="Name another with --keep FOLDER.",
            ) from fault

    def _opened(self) -> sqlite3.Connection:
        """The file, made anew if it is no database."""
        try:
            return _connected(self.path)
        except sqlite3.DatabaseError as fault:
            if isinstance(fault, sqlite3.OperationalError):  # the disk, not the content
                raise
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            return _connected(self.path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, or nothing."""

        def read(base: sqlite3.Connection) -> bytes | None:
            row = base.execute("select made from results where key = ?", (key,)).fetchone()
            if row is None:
                return None
            base.execute("update results set used = ? where key = ?", (time.time(), key))
            return bytes(row[0])

        return self.attempt(read, None)

    def put(self, key: str, made: bytes) -> None:
        """Keep what was made, and let go of what was not used for longest."""

        def write(base: sqlite3.Connection) -> None:
            base.execute("insert or replace into results values (?, ?, ?, ?)", (key, made, len(made), time.time()))
            total = base.execute("select coalesce(sum(size), 0) from results").fetchone()[0]
            while total > self.most:
                old, size = base.execute("select key, size from results order by used limit 1").fetchone()
                base.execute("delete from results where key = ?", (old,))
                total -= size

        if len(made) <= self.most:
            self.attempt(write, None)

    def attempt(self, work: Callable[[sqlite3.Connection], Returned], otherwise: Returned) -> Returned:
        """Work on the file in one transaction; where the disk refuses, count that and go on."""
        with self._lock:
            try:
                with self._base:
                    return work(self._base)
            except sqlite3.Error:
                self.failures += 1
                return otherwise

    def must(self, work: Callable[[sqlite3.Connection], Returned]) -> Returned:
        """Work on the file in one transaction.

        Raises:
            OutputError: The disk refuses.
        """
        with self._lock:
            try:
                with self._base:
                    return work(self._base)
            except sqlite3.Error as fault:
                self.failures += 1
                raise OutputError("the server cannot keep this at the moment", way_out="Try again later.") from fault


def _connected(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, check_same_thread=False, timeout=5.0)
    try:
        base.execute("pragma journal_mode = wal")
        base.execute("pragma synchronous = normal")  # the last second may be lost, the file stays whole
        base.execute("pragma auto_vacuum = incremental")
        with base:
            base.executescript(SCHEMA)
    except sqlite3.Error:
        with closing(base):
            raise
    return base
