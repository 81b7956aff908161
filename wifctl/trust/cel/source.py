"""Where a node's text begins and ends: CEL tells one position a node, brackets tell the rest."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from wifctl.trust.cel.ast import Span

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
    |(?:[rR][bB]?|[bB][rR])(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')
    |[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |`[^`\n]*`
    |0[xX][0-9a-fA-F]+[uU]?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[uU]?
    |[A-Za-z_]\w*
    |&&|\|\||[<>=!]=|\S""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_OPEN, _CLOSE = "([{", ")]}"

Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """An expression's text, its tokens' starts and ends, and which bracket closes which."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    closing: dict[int, int]
    """Start of an opening bracket → end of the closing one."""

    def token_end(self, start: int) -> int:
        """The end of the token that starts here."""
        return self.ends[self._index(start)]

    def next_end(self, start: int) -> int:
        """The end of the token after the one that starts here."""
        return self.ends[min(self._index(start) + 1, len(self.ends) - 1)]

    def previous_start(self, start: int) -> int:
        """The start of the token before the one that starts here."""
        return self.starts[max(self._index(start) - 1, 0)]

    def closed(self, start: int) -> int:
        """The end of the bracket pair that opens here."""
        return self.closing.get(start, len(self.text))

    def outer(self, extent: Extent) -> Extent:
        """The extent together with all the parentheses right around it."""
        start, end = extent
        before, after = self._index(start) - 1, bisect.bisect_left(self.starts, end)
        while before >= 0 and after < len(self.starts):
            if self.closing.get(self.starts[before]) != self.ends[after]:
                break
            start, end = self.starts[before], self.ends[after]
            before, after = before - 1, after + 1
        return start, end

    def span(self, extent: Extent) -> Span:
        """The extent with its text and its human position."""
        start, end = extent
        line = self.text.count("\n", 0, start) + 1
        column = start - self.text.rfind("\n", 0, start)
        return Span(start, end, line, column, self.text[start:end])

    def _index(self, start: int) -> int:
        return max(bisect.bisect_right(self.starts, start) - 1, 0)


def scan(text: str) -> Source:
    """Find the tokens and bracket pairs of an expression that compiles."""
    tokens = [found.span() for found in _TOKEN.finditer(text) if not found["comment"]]
    closing: dict[int, int] = {}
    opened: list[int] = []
    for start, end in tokens:
        bracket = text[start:end]
        if bracket in _OPEN:
            opened.append(start)
        elif bracket in _CLOSE and opened:
            closing[opened.pop()] = end
    return Source(text, tuple(t[0] for t in tokens), tuple(t[1] for t in tokens), closing)
