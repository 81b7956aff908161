"""All state: JSON values by kind and name, in memory, written through to one SQLite file.

WAL with synchronous=NORMAL loses no acknowledged write when the process is killed; the exclusive
lock keeps a second emulator from serving the same file from its own memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic, WifctlError

Json = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  UNIQUE (kind, name))
"""
_PUT = """
INSERT INTO object (kind, name, value) VALUES (?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value
"""


class Store:
    """Values by (kind, canonical name); the collection of a name is what stands before its last /.

    Returned dicts are shared with the store: read them, never edit them; `put` a new one.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open `file`, or keep everything in memory. Raises WifctlError when it is in use."""
        self._kinds: dict[str, dict[str, dict[str, Json]]] = {}
        self._undo: list[tuple[str, str, Json | None]] = []
        self._database = _open(file) if file else None
        if self._database:
            rows = self._database.execute("SELECT kind, name, value FROM object ORDER BY number")
            for kind, name, value in rows:
                self._collection(kind, name)[name] = json.loads(value)

    def get(self, kind: str, name: str) -> Json | None:
        """The value under a name, or None."""
        return self._kinds.get(kind, {}).get(_parent(name), {}).get(name)

    def list(self, kind: str, parent: str) -> list[tuple[str, Json]]:
        """Names and values of one collection (`projects/1/secrets`), oldest first."""
        return list(self._kinds.get(kind, {}).get(parent, {}).items())

    def walk(self, kind: str, prefix: str = "") -> Iterator[tuple[str, Json]]:
        """Names and values of a kind in all collections, or those whose name starts so."""
        for collection in list(self._kinds.get(kind, {}).values()):
            for name, value in list(collection.items()):
                if name.startswith(prefix):
                    yield name, value

    def kinds(self) -> tuple[str, ...]:
        """Every kind that was ever stored."""
        return tuple(self._kinds)

    def put(self, kind: str, name: str, value: Json) -> None:
        """Store a value under a name; an existing one keeps its place in the list."""
        self._undo.append((kind, name, self.get(kind, name)))
        self._collection(kind, name)[name] = value
        if self._database:
            self._database.execute(_PUT, (kind, name, json.dumps(value, separators=(",", ":"))))

    def delete(self, kind: str, name: str) -> None:
        """Remove a value, if there is one."""
        before = self._collection(kind, name).pop(name, None)
        if before is None:
            return
        self._undo.append((kind, name, before))
        if self._database:
            self._database.execute("DELETE FROM object WHERE kind = ? AND name = ?", (kind, name))

    def delete_below(self, kind: str, name: str) -> None:
        """Remove everything of a kind whose name starts with `name/`."""
        for child, _value in list(self.walk(kind, f"{name}/")):
            self.delete(kind, child)

    def clear(self) -> None:
        """Remove everything."""
        for kind in list(self._kinds):
            for name, _value in list(self.walk(kind)):
                self.delete(kind, name)
        self._kinds.clear()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One request: all its writes are committed together, or taken back when it fails."""
        self._undo.clear()
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        if self._undo and self._database:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")
        self._undo.clear()

    def close(self) -> None:
        """Give the file free."""
        if self._database:
            self._database.execute("COMMIT")
            self._database.close()
            self._database = None

    def _collection(self, kind: str, name: str) -> dict[str, Json]:
        return self._kinds.setdefault(kind, {}).setdefault(_parent(name), {})

    def _roll_back(self) -> None:
        for kind, name, before in reversed(self._undo):
            if before is None:
                self._collection(kind, name).pop(name, None)
            else:
                self._collection(kind, name)[name] = before
        if self._undo and self._database:
            self._database.execute("ROLLBACK")
            self._database.execute("BEGIN")
        self._undo.clear()


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _open(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Secret payloads are in it: for the owner's eyes only.
    file.touch(mode=0o600)
    database = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA locking_mode=exclusive")
        database.execute("PRAGMA journal_mode=wal")
        database.execute("PRAGMA synchronous=normal")
        database.execute("BEGIN IMMEDIATE")
        database.execute(_SCHEMA)
        database.execute("COMMIT")
        database.execute("BEGIN")
    except sqlite3.Error as error:
        database.close()
        raise WifctlError(_refusal(file, error)) from error
    return database


def _refusal(file: Path, error: sqlite3.Error) -> Diagnostic:
    if "locked" in str(error):
        return Diagnostic(
            "emulator-state-in-use",
            f"the state file {file} is in use by another wifctl process",
            fix="wait for it to end, or name another file",
        )
    return Diagnostic(
        "emulator-state-unreadable",
        f"the state file {file} cannot be used: {error}",
        fix="it must be a file written by wifctl; remove it to start with an empty state",
    )
