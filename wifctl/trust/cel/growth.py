"""How far an expression can blow its claims up: nested `replace` multiplies, and memory ends.

The library has no limit of its own: three nested replacements of a 3,000-character claim ask for
27 GB. So the claims an expression may see are bounded by what it can make of them.
"""

from __future__ import annotations

import functools
import re

from wifctl.trust.cel.data import MAX_TEXT

MAX_RESULT = 64_000_000
"""Code points an expression may build from its claims at worst."""
_STRING = r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_GROWING = re.compile(r"\.\s*(?:replace|join)\s*\(")
_BOUNDED = re.compile(
    rf"\.\s*(?:replace\s*\(\s*{_STRING}\s*,|join\s*\()\s*(?P<by>{_STRING})\s*[,)]"
    rf"|\.\s*join\s*\(\s*\)"
)


@functools.lru_cache(maxsize=2048)
def room_for(text: str) -> int:
    """How many code points of claims an expression may be evaluated on.

    A replacement by a literal grows a text by that literal's length at most, one by a claim by
    the length of all the claims.
    """
    found = len(_GROWING.findall(text))
    literals = [match["by"] or "" for match in _BOUNDED.finditer(text)]
    worst = MAX_RESULT
    for literal in literals:
        worst //= max(len(literal) - 1, 1)
    return min(MAX_TEXT, int(worst ** (1 / (found - len(literals) + 1))))
