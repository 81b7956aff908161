"""List filters: the operators, their precedence, and that no text ever breaks them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wifctl.emulator.errors import ApiError
from wifctl.emulator.filters import MAX_DEPTH, MAX_LENGTH, Dialect, Predicate, parse_filter

SECRET: dict[str, Any] = {
    "name": "projects/1/secrets/pypi-token",
    "createTime": "2026-01-02T03:04:05.678901Z",
    "labels": {"team": "CI", "my_key": "1"},
    "state": "ENABLED",
    "topics": [{"name": "projects/p/topics/rotations"}],
    "size": "100",
}

HOLDS = [
    "",
    "name:pypi",
    "name:PYPI",
    "pypi-token",
    "name=projects/1/secrets/pypi-*",
    'name="projects/1/secrets/pypi-token"',
    "labels.team=ci",
    "labels.team:*",
    "labels:team",
    "labels.my_key=1",
    "topics.name:* OR topics:rotations",
    "state:ENABLED AND NOT name:other",
    "state:ENABLED -name:other",
    "name:other OR name:pypi",
    "state=DISABLED OR state=ENABLED AND name:pypi",
    "NOT (state=DISABLED OR name:other)",
    "create_time>2026-01-01T00:00:00Z",
    "createTime<=2026-01-02T03:04:05.678901Z",
    'create_time < "2026-06-01"',
    "size>20",
    "size<=100",
    "state!=DISABLED",
    "missing!=x",
]
FAILS = [
    "name:other",
    "name=pypi-token",
    "labels.absent:*",
    "state:ENABLED AND name:other",
    "state:ENABLED name:other",
    "name:other OR state=DISABLED",
    "NOT state=ENABLED",
    "create_time<2026-01-01T00:00:00Z",
    "size>100",
    "missing=x",
    "missing>1",
    "nowhere-at-all",
]


@pytest.mark.parametrize("text", HOLDS)
def test_a_filter_that_fits_holds(text: str) -> None:
    assert parse_filter(text)(SECRET)


@pytest.mark.parametrize("text", FAILS)
def test_a_filter_that_does_not_fit_fails(text: str) -> None:
    assert not parse_filter(text)(SECRET)


UNREADABLE = ["(", ")", "name:", "name=", "a AND", "OR b", "NOT", "()", "a)", '"open', ":x", "= x"]
TOO_MUCH = ["(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), "a" * (MAX_LENGTH + 1)]


@pytest.mark.parametrize("text", [*UNREADABLE, *TOO_MUCH])
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_filter(text)
    assert caught.value.status == "INVALID_ARGUMENT"


def test_resource_managers_dialect_takes_any_field_and_whole_words() -> None:
    dialect = Dialect(adjacent="OR", contains=False)
    assert parse_filter("state:enabled name:other", dialect)(SECRET)
    assert not parse_filter("name:pypi", dialect)(SECRET)
    assert parse_filter("name:*pypi*", dialect)(SECRET)


def read(text: str) -> Predicate | None:
    try:
        return parse_filter(text)
    except ApiError:
        return None


@given(st.text(alphabet='ab.:=<>!()-" *ANDORNT_01', max_size=40))
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    predicate = read(text)
    assert predicate is None or predicate(SECRET) in (True, False)
