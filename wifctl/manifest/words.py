"""How findings speak of values: what was found, and the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_SECRET_LIKE = re.compile(
    r"(?:password|passwd|secret|token|credentials?|payload|key|json|certificate|xml)$|version\.from"
)
_MOST = 60


def found(value: Any, path: str = "") -> str:
    """A value in words; the content of secret-like fields is never quoted."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {quoted(str(value), path, '')}".rstrip()
    if isinstance(value, str):
        return f"the text {quoted(value, path)}".rstrip()
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "something unreadable"


def quoted(text: str, path: str = "", mark: str = "'", most: int = _MOST) -> str:
    """A short text in quotes, cut when long; "" where the path says it may be a secret."""
    if _SECRET_LIKE.search(path.lower()):
        return ""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in short)
    return f"{mark}{safe}{mark}"


def nearest(name: str, names: Iterable[str]) -> str:
    """The valid name closest to a wrong one, or "". Case and hyphens do not count."""
    import difflib

    plain = {re.sub(r"[-_ ]", "", n).lower(): n for n in names}
    wanted = re.sub(r"[-_ ]", "", name).lower()
    close = difflib.get_close_matches(wanted, plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else ""


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in one line, the many cut short."""
    every = list(names)
    more = f", … ({len(every) - most} more)" if len(every) > most else ""
    return ", ".join(every[:most]) + more
