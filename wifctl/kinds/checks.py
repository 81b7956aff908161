"""Checks several kinds share: ids, durations, times, limits Google counts in bytes, CEL."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

from wifctl.kinds.base import Problem

_POOL_ID = re.compile(r"[a-z0-9-]{4,32}")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]{1,9})?)s")


def url_parts(text: str) -> SplitResult:
    """The parts of a URL; all empty where the text cannot be one."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def one_of(path: str, names: Iterable[str]) -> Problem:
    """Exactly one of several fields was wanted."""
    wanted = ", ".join(names)
    return Problem(
        "exactly-one-of",
        path,
        "none or several of the alternatives are given",
        allowed=f"exactly one of {wanted}",
        fix="keep the one you mean",
    )


def pool_id(text: str, path: str, what: str) -> Iterable[Problem]:
    """Ids of pools, providers and provider keys: 4 to 32 of `[a-z0-9-]`, not `gcp-…`."""
    if not _POOL_ID.fullmatch(text):
        yield Problem(
            "bad-id",
            path,
            f"{text!r} is no {what} id",
            allowed="4 to 32 of the characters a-z, 0-9 and -",
            fix="set `metadata.id`, which may differ from the name",
        )
    elif text.startswith("gcp-"):
        yield Problem(
            "bad-id",
            path,
            f"{text!r} starts with gcp-, which Google reserves",
            allowed=f"a {what} id without that prefix",
            fix="set `metadata.id` to another one",
        )


def seconds(text: str) -> float | None:
    """A JSON duration (`3600s`) in seconds, or None."""
    found = _DURATION.fullmatch(text)
    return float(found[1]) if found else None


def duration(text: str, path: str, least: float, most: float) -> Iterable[Problem]:
    """A duration between two bounds, both in seconds and both included."""
    value = seconds(text)
    if value is None:
        yield Problem(
            "bad-duration",
            path,
            f"{text!r} is no duration",
            allowed="seconds with an s behind them",
            fix="write e.g. `86400s`",
        )
    elif not least <= value <= most:
        yield Problem(
            "out-of-range",
            path,
            f"{text} is out of range",
            allowed=f"{least:.0f}s to {most:.0f}s",
            fix="choose a duration inside the range",
        )


def parse_time(text: str) -> datetime.datetime | None:
    """An RFC 3339 time with its zone, or None."""
    try:
        value = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None


def time(text: str, path: str) -> Iterable[Problem]:
    """An RFC 3339 time."""
    if parse_time(text) is None:
        yield Problem(
            "bad-time",
            path,
            f"{text!r} is no time",
            allowed="RFC 3339 with a zone",
            fix="write e.g. `2027-01-31T00:00:00Z`",
        )


def bytes_at_most(text: str | None, path: str, most: int) -> Iterable[Problem]:
    """A text whose limit Google counts in UTF-8 bytes."""
    size = len((text or "").encode())
    if size > most:
        yield Problem(
            "too-long",
            path,
            f"{size} bytes in UTF-8",
            allowed=f"at most {most} bytes",
            fix="shorten it; letters outside ASCII count as two to four bytes",
        )


_LABEL_KEY = re.compile(r"[^\W\d_A-Z][\w-]{0,62}")
_LABEL_VALUE = re.compile(r"[\w-]{0,63}")


def labels(found: Mapping[str, str | None] | None, path: str) -> Iterable[Problem]:
    """Labels: ≤ 64, keys start with a lower-case letter, values of the same characters."""
    if not found:
        return
    if len(found) > 64:
        yield too_many(path, len(found), 64, "labels")
    for key, value in found.items():
        if not _LABEL_KEY.fullmatch(key) or key != key.lower():
            yield _bad_label(f"{path}.{key}", f"{key!r} is no label key")
        if value is not None and (not _LABEL_VALUE.fullmatch(value) or value != value.lower()):
            yield _bad_label(f"{path}.{key}", f"{value!r} is no label value")


def _bad_label(path: str, message: str) -> Problem:
    return Problem(
        "bad-label",
        path,
        message,
        allowed="at most 63 of a-z, 0-9, _ and -; a key starts with a letter",
        fix="lower-case it and replace other characters by `-`",
    )


def too_many(path: str, count: int, most: int, what: str) -> Problem:
    """More items than Google takes."""
    return Problem(
        "too-many",
        path,
        f"{count} {what}",
        allowed=f"at most {most}",
        fix=f"remove {count - most}",
    )
