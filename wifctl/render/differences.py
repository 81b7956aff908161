"""What changed inside a field: short values on a line, maps by key, long texts by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from wifctl.plan.model import Change
from wifctl.render.lines import Line, Piece, line
from wifctl.render.palette import Tone
from wifctl.render.values import holds_later, inline, is_long, text_lines

CONTEXT = 2
"""Unchanged lines shown around a change of a long text."""
FIRST_LINES = 12
"""Lines of a long text shown where all of it is new or gone."""
WIDEST_NAME = 36


def change_lines(changes: Iterable[Change], depth: int, *, is_new: bool) -> Iterator[Line]:
    """All changes of one object, names aligned; of a new object the signs are left out."""
    found = tuple(changes)
    width = min(max((len(c.path) for c in found), default=0), WIDEST_NAME)
    for change in found:
        yield from _change(change, depth, width, is_new)


def _change(change: Change, depth: int, width: int, is_new: bool) -> Iterator[Line]:
    glyph = " " if is_new else _glyph(change.live, change.desired)
    name = f"{change.path:<{width}}  "
    gain = (Piece("  lets somebody in", Tone.WARNED),) if change.gains_access else ()
    if not change.observable:
        yield line(depth, glyph, name, Piece("(not observable)", Tone.FAINT), *gain)
    elif _is_map(change.live) and _is_map(change.desired) and (change.live or change.desired):
        yield line(depth, glyph, change.path, *gain)
        yield from _map_lines(change.live or {}, change.desired or {}, depth + 2, is_new)
    elif _is_list(change.live) and _is_list(change.desired) and not is_new:
        yield line(depth, glyph, change.path, *gain)
        yield from _list_lines(change.live or (), change.desired or (), depth + 2)
    elif is_long(change.live) or is_long(change.desired):
        yield line(depth, glyph, change.path, *gain)
        yield from _text_lines(change.live, change.desired, depth + 2, is_new)
    else:
        yield line(depth, glyph, name, *_arrow(change.live, change.desired), *gain)


def _glyph(live: Any, desired: Any) -> str:
    if live is None:
        return "+"
    return "-" if desired is None and live is not True else "~"


def _arrow(live: Any, desired: Any) -> tuple[Piece, ...]:
    if live is None:
        return (_value(desired, Tone.ADDED),)
    if desired is None and live is True:
        return _value(True, Tone.REMOVED), Piece(" → "), _value(False, Tone.ADDED)
    if desired is None:
        return (_value(live, Tone.REMOVED), Piece(" → (unset)", Tone.FAINT))
    return _value(live, Tone.REMOVED), Piece(" → "), _value(desired, Tone.ADDED)


def _value(value: Any, tone: Tone) -> Piece:
    return Piece(inline(value), Tone.FAINT if holds_later(value) else tone)


def _is_map(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and not any(isinstance(v, Mapping | list) for v in value.values())
    )


def _is_list(value: Any) -> bool:
    return value is None or (isinstance(value, list | tuple) and not _is_nested(value))


def _is_nested(values: Iterable[Any]) -> bool:
    return any(isinstance(value, Mapping | list) for value in values)


def _map_lines(
    live: Mapping[str, Any], desired: Mapping[str, Any], depth: int, is_new: bool
) -> Iterator[Line]:
    keys = [*desired, *(key for key in live if key not in desired)]
    changed = [key for key in keys if live.get(key) != desired.get(key)]
    width = min(max((len(key) for key in changed), default=0), WIDEST_NAME)
    for key in changed:
        change = Change(key, live.get(key), desired.get(key))
        yield from _change(change, depth, width, is_new)
    yield from _hidden(len(keys) - len(changed), "unchanged hidden", depth)


def _list_lines(live: Sequence[Any], desired: Sequence[Any], depth: int) -> Iterator[Line]:
    gone = [item for item in live if item not in desired]
    added = [item for item in desired if item not in live]
    for item in gone:
        yield line(depth, "-", Piece(inline(item), Tone.REMOVED))
    for item in added:
        yield line(depth, "+", Piece(inline(item), Tone.ADDED))
    if not gone and not added:
        yield line(depth, "~", "order: ", Piece(inline(list(desired)), Tone.ADDED))
    else:
        yield from _hidden(len(desired) - len(added), "unchanged hidden", depth)


def _text_lines(live: Any, desired: Any, depth: int, is_new: bool) -> Iterator[Line]:
    if live is not None and desired is not None:
        yield from _line_diff(text_lines(live), text_lines(desired), depth)
        return
    lines = text_lines(desired if live is None else live)
    sign, tone = ("+", Tone.ADDED) if live is None else ("-", Tone.REMOVED)
    for text in lines[:FIRST_LINES]:
        yield line(depth, " " if is_new else sign, Piece(text, tone))
    yield from _hidden(len(lines) - FIRST_LINES, "more lines", depth)


def _line_diff(live: list[str], desired: list[str], depth: int) -> Iterator[Line]:
    if live == desired:
        yield line(depth, "~", Piece("only white space differs", Tone.FAINT))
    shown = 0
    for group in SequenceMatcher(None, live, desired, False).get_grouped_opcodes(CONTEXT):
        yield from _hidden(group[0][1] - shown, "unchanged lines hidden", depth)
        for tag, i1, i2, j1, j2 in group:
            yield from _block(tag == "equal", live[i1:i2], desired[j1:j2], depth)
        shown = group[-1][2]
    if shown:
        yield from _hidden(len(live) - shown, "unchanged lines hidden", depth)


def _block(equal: bool, live: list[str], desired: list[str], depth: int) -> Iterator[Line]:
    if equal:
        yield from (line(depth, " ", Piece(text, Tone.FAINT)) for text in live)
        return
    yield from (line(depth, "-", Piece(text, Tone.REMOVED)) for text in live)
    yield from (line(depth, "+", Piece(text, Tone.ADDED)) for text in desired)


def _hidden(count: int, words: str, depth: int) -> Iterator[Line]:
    if count > 0:
        words = words.replace("lines", "line") if count == 1 else words
        yield line(depth, " ", Piece(f"… {count} {words}", Tone.FAINT))
