"""An evaluated condition as a tree: every operand with its answer and the values it saw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from wifctl.render.escape import printable
from wifctl.render.palette import Palette, Tone
from wifctl.render.verdicts import mark
from wifctl.trust.cel.problem import CelResult
from wifctl.trust.cel.tree import LOGIC, Evaluated
from wifctl.trust.verdict import Outcome

_MISSING = re.compile(r"\bno such key\b|Key not found in map")
"""CEL's words for a claim that is not there."""
_BREAKS = re.compile(r"\s*\n\s*")


def condition_lines(tree: Evaluated, palette: Palette, depth: int = 1) -> Iterator[str]:
    """The tree, one operand a line; leaves stand behind the operand that uses them."""
    yield _line(tree, palette, depth)
    if tree.operator in LOGIC:
        for part in tree.parts:
            yield from condition_lines(part, palette, depth + 1)
        return
    for leaf in _leaves(tree):
        value = palette(Tone.CHANGED, value_text(leaf.result))
        yield f"{'  ' * (depth + 1)}  {printable(one_line(leaf.text))} = {value}"


def outcome_of(result: CelResult) -> Outcome:
    """What an operand contributes: only the boolean true helps a condition."""
    return Outcome.PASS if result.accepts else Outcome.FAIL


def value_text(result: CelResult) -> str:
    """A value as JSON has it, or why there is none."""
    if result.failed:
        missing = _MISSING.search(result.error)
        return "absent" if missing else f"error: {printable(result.error)}"
    return printable(json.dumps(result.value, ensure_ascii=False, default=str))


def one_line(text: str) -> str:
    """An expression without its line breaks."""
    return _BREAKS.sub(" ", text)


def _line(tree: Evaluated, palette: Palette, depth: int) -> str:
    text = printable(one_line(tree.text))
    own = "" if _speaks_for_itself(tree) else palette(Tone.FAINT, f"   {value_text(tree.result)}")
    return f"{'  ' * depth}{mark(outcome_of(tree.result), palette)} {text}{own}"


def _speaks_for_itself(tree: Evaluated) -> bool:
    """Whether the sign says all: an answer, or an error that a value below explains."""
    return tree.result.type == "BOOL" or any(leaf.result.failed for leaf in _leaves(tree))


def _leaves(tree: Evaluated) -> Iterator[Evaluated]:
    """The values below an operand, in reading order; what they are put together to is not said."""
    for part in tree.parts:
        if part.parts:
            yield from _leaves(part)
        else:
            yield part
