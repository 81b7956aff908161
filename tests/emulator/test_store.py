"""The store: collections, transactions, and the one file it is written through to."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from wifctl.diagnostics import WifctlError
from wifctl.emulator.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state.db"


def test_a_collection_lists_its_own_objects_oldest_first() -> None:
    store = Store()
    for name in ("a/x/2", "a/x/1", "a/y/3", "a/x/1/b/4"):
        store.put("thing", name, {"name": name})
    store.put("thing", "a/x/2", {"changed": True})
    assert [name for name, _value in store.list("thing", "a/x")] == ["a/x/2", "a/x/1"]


def test_kinds_do_not_see_each_other() -> None:
    store = Store()
    store.put("one", "a/1", {})
    assert store.get("two", "a/1") is None


def test_what_is_below_an_object_can_be_removed_with_it() -> None:
    store = Store()
    for name in ("a/1/b/1", "a/1/b/2", "a/11/b/1"):
        store.put("thing", name, {})
    store.delete_below("thing", "a/1")
    assert [name for name, _value in store.walk("thing")] == ["a/11/b/1"]


def test_a_failed_transaction_leaves_no_trace() -> None:
    store = Store()
    store.put("thing", "a/1", {"v": 1})
    store.put("thing", "a/2", {"v": 2})
    with contextlib.suppress(KeyError), store.transaction():
        store.put("thing", "a/1", {"v": 9})
        store.put("thing", "a/3", {"v": 3})
        store.delete("thing", "a/2")
        raise KeyError
    assert {name: value["v"] for name, value in store.walk("thing")} == {"a/1": 1, "a/2": 2}


def test_a_committed_object_is_there_after_reopening(file: Path) -> None:
    store = Store(file)
    with store.transaction():
        store.put("thing", "a/2", {"v": "ü"})
        store.put("thing", "a/1", {"v": 1})
    with contextlib.suppress(KeyError), store.transaction():
        store.put("thing", "a/9", {})
        raise KeyError
    store.close()
    again = Store(file)
    assert again.list("thing", "a") == [("a/2", {"v": "ü"}), ("a/1", {"v": 1})]
    again.close()


def test_the_state_file_is_private(file: Path) -> None:
    Store(file).close()
    assert file.stat().st_mode & 0o077 == 0


def test_a_second_opener_is_refused_in_words(file: Path) -> None:
    store = Store(file)
    with pytest.raises(WifctlError, match="in use by another wifctl process"):
        Store(file)
    store.close()


def test_a_file_of_somebody_else_is_refused_in_words(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("no database, but a long enough text to be looked at as one\n" * 40)
    with pytest.raises(WifctlError, match="cannot be used"):
        Store(file)
