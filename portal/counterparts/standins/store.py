"""Where the stand-ins keep what they know: SQLite in memory, or in a folder that outlives the process.

Rows are JSON documents found by kind and key, in the order they first came.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

from portal.counterparts.standins import environment

Row = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, UNIQUE (kind, key)
);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, due REAL NOT NULL, ref TEXT, row TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS rows_letter ON rows (kind, json_extract(row, '$.letter'));
CREATE INDEX IF NOT EXISTS rows_order_key ON rows (kind, json_extract(row, '$.key'));
CREATE INDEX IF NOT EXISTS rows_received ON rows (kind, json_extract(row, '$.received'));
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (what, due);
CREATE INDEX IF NOT EXISTS jobs_ref ON jobs (ref);
"""


class Store:
    """One database for all stand-ins. Hold it (`with store.held():`) around read-then-write."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if folder is None else str(folder / "standins.sqlite3")
        self._lock = RLock()
        self._database = sqlite3.connect(place, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(SCHEMA)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other thread out, and write all of it or none of it."""
        with self._lock:
            if self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def put(self, kind: str, key: str, row: Row) -> None:
        """Write a document; one that is there keeps its place in the order."""
        text = "INSERT INTO rows (kind, key, row) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row"
        self._run(text, kind, key, json.dumps(row))

    def rename(self, kind: str, key: str, new_key: str) -> None:
        """Move a document to another key; it keeps its place in the order."""
        self._run("UPDATE rows SET key = ? WHERE kind = ? AND key = ?", new_key, kind, key)

    def append(self, kind: str, row: Row) -> None:
        """Write a document without a key of its own at the end."""
        self.put(kind, uuid4().hex, row)

    def after(self, kind: str, place: int, limit: int) -> list[tuple[int, Row]]:
        """Up to `limit` documents after a place in the order, with their own."""
        text = "SELECT seq, row FROM rows WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ?"
        return [(number, json.loads(row)) for number, row in self._run(text, kind, place, limit)]

    def last(self, kind: str) -> int:
        """The place of the newest document of a kind; zero where there is none."""
        place: int = self._run("SELECT coalesce(max(seq), 0) FROM rows WHERE kind = ?", kind)[0][0]
        return place

    def get(self, kind: str, key: str) -> Row | None:
        """A document, or None."""
        found = self._run("SELECT row FROM rows WHERE kind = ? AND key = ?", kind, key)
        return json.loads(found[0][0]) if found else None

    def rows(self, kind: str, *, newest_first: bool = False, limit: int = -1) -> list[Row]:
        """All documents of a kind, oldest first unless told otherwise; `limit` -1 is all of them."""
        return [json.loads(text) for text in self.texts(kind, newest_first=newest_first, limit=limit)]

    def texts(self, kind: str, *, newest_first: bool = False, limit: int = -1) -> list[str]:
        """As `rows`, unread."""
        order = "DESC" if newest_first else "ASC"
        found = self._run(f"SELECT row FROM rows WHERE kind = ? ORDER BY seq {order} LIMIT ?", kind, limit)  # noqa: S608 (one of two constants)
        return [text for (text,) in found]

    def by_letter(self, kind: str, letter: str) -> list[Row]:
        """Documents that name a letter."""
        text = "SELECT row FROM rows WHERE kind = ? AND json_extract(row, '$.letter') = ? ORDER BY seq"
        return [json.loads(row) for (row,) in self._run(text, kind, letter)]

    def by_order_key(self, kind: str, key: str) -> list[Row]:
        """Documents that carry a sender's key."""
        text = "SELECT row FROM rows WHERE kind = ? AND json_extract(row, '$.key') = ? ORDER BY seq"
        return [json.loads(row) for (row,) in self._run(text, kind, key)]

    def between(self, kind: str, start: float, end: float, *, after: int, limit: int) -> list[tuple[int, Row]]:
        """Up to `limit` documents whose `received` lies in [start, end), after a place in the order, with their own."""
        text = """SELECT seq, row FROM rows WHERE kind = ? AND json_extract(row, '$.received') >= ?
                  AND json_extract(row, '$.received') < ? AND seq > ? ORDER BY seq LIMIT ?"""
        return [(number, json.loads(row)) for number, row in self._run(text, kind, start, end, after, limit)]

    def put_file(self, name: str, data: bytes) -> None:
        """Keep a file under a name."""
        self._run("INSERT OR REPLACE INTO files VALUES (?, ?)", name, data)

    def file(self, name: str) -> bytes | None:
        """The file under a name, or None."""
        found = self._run("SELECT data FROM files WHERE name = ?", name)
        return found[0][0] if found else None

    def add_job(self, what: str, due: float, ref: str, row: Row) -> None:
        """Remember to do something at an instant (seconds since 1970 on the shared clock)."""
        self._run("INSERT INTO jobs (what, due, ref, row) VALUES (?, ?, ?, ?)", what, due, ref, json.dumps(row))

    def due_jobs(self, what: str, now: float, limit: int) -> list[tuple[int, Row]]:
        """What is due, longest due first."""
        text = "SELECT id, row FROM jobs WHERE what = ? AND due <= ? ORDER BY due, id LIMIT ?"
        found = self._run(text, what, now, limit)
        return [(number, json.loads(row)) for number, row in found]

    def postpone_job(self, number: int, due: float, row: Row) -> None:
        """Do it later."""
        self._run("UPDATE jobs SET due = ?, row = ? WHERE id = ?", due, json.dumps(row), number)

    def drop_job(self, number: int) -> None:
        """It is done."""
        self._run("DELETE FROM jobs WHERE id = ?", number)

    def drop_jobs(self, ref: str) -> None:
        """Nothing more is to be done about this."""
        self._run("DELETE FROM jobs WHERE ref = ?", ref)

    def empty(self) -> None:
        """Forget everything."""
        with self.held():
            for table in ("rows", "files", "jobs"):
                self._run(f"DELETE FROM {table}")  # noqa: S608 (constants above)

    def _run(self, text: str, *values: object) -> list[Any]:
        with self._lock:
            return self._database.execute(text, values).fetchall()


@cache
def store() -> Store:
    """This process's store."""
    return Store(environment.STATE)
