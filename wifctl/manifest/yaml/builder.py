"""Parser events → data with positions, on an explicit stack and under limits."""

from __future__ import annotations

from typing import Any

import yaml

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.places import BITS, HALF, MASK, Origin, Places, both, key_of, pack
from wifctl.manifest.yaml import faults, findings
from wifctl.manifest.yaml.document import BROKEN, RawDocument
from wifctl.manifest.yaml.frames import MERGE, NO_KEY, Anchored, Frame
from wifctl.manifest.yaml.scalars import MAY_BE_OTHER, is_octal, resolve

MOST_DEPTH = 60
MOST_ALIASED = 100_000
"""Nodes all aliases of a text may stand for together."""
_UNUSUAL_KEYS = frozenset({"", "<<"})


class LimitError(Exception):
    """The text is refused as a whole; the builder has noted why."""


class Builder:
    """Builds the documents of one text; feed it every event in order."""

    def __init__(self, origin: Origin, text: str, first_line: int = 0) -> None:
        self.documents: list[RawDocument] = []
        self.diagnostics: list[Diagnostic] = []
        self._origin = origin
        self._text = text
        self._lines: list[str] = []
        self._first_line = first_line
        self._base = pack(first_line, 0)
        self._watches_comments = " #" in text
        self._aliased = 0
        self._frame: Frame | None = None
        self._packed: dict[str, int] = {}
        self._handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping_start,
            yaml.SequenceStartEvent: self._sequence_start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document_start,
            yaml.DocumentEndEvent: self._document_end,
            yaml.StreamStartEvent: _ignore,
            yaml.StreamEndEvent: _ignore,
        }

    def consume(self, parser: Any) -> None:
        """Take all events. Raises LimitError when the text must not be read further."""
        handlers, next_event = self._handlers, parser.get_event
        while (event := next_event()) is not None:
            handlers[type(event)](event)

    def fault(self, error: yaml.MarkedYAMLError) -> int:
        """Note a syntax error, unless its trap was already named; its 0-based line."""
        line, column = faults.place_of(error)
        found = faults.finding(error, self._text.splitlines())
        place = pack(line + self._first_line, column)
        position = self._origin.position(place)
        if not any(_same_trap(told, found, position) for told in self.diagnostics):
            self._report(found, place, self._path_at(place))
        mark = error.problem_mark
        return self._first_line + (mark.line if mark is not None else line)

    def _path_at(self, place: int) -> str:
        """The path of the value a fault stands in or behind: the last one of its line."""
        if self._packed:
            path, last = next(reversed(self._packed.items()))
            if last >> BITS & MASK == place >> BITS:
                return path
        return self._path_of_next()

    def unreadable(self, reason: str) -> None:
        """Note that the parser cannot read the text at all."""
        self._report(findings.Finding("yaml-syntax", reason, fix="mend the text"), 0)

    def _document_start(self, event: Any) -> None:
        del event
        self._stack: list[Frame] = []
        self._frame = None
        self._packed = {}
        self._cut: set[str] = set()
        self._anchors: dict[str, Anchored | None] = {}
        self._root: Any = None
        self._start = 0

    def _document_end(self, event: Any) -> None:
        del event
        if self._root is not None:
            places = Places(self._origin, self._packed, self._start)
            self.documents.append(RawDocument(self._root, places, frozenset(self._cut)))

    def _place(self, event: Any) -> int:
        mark = event.start_mark
        return pack(mark.line, mark.column) + self._base

    def _report(self, found: findings.Finding, place: int, path: str = "") -> None:
        self.diagnostics.append(found.at(self._origin, place, path))

    def _path_of_next(self) -> str:
        return self._frame.path_of_next() if self._frame else ""

    def _scalar(self, event: Any) -> None:
        """The hot path: nearly every event of a manifest is a plain key or value."""
        mark = event.start_mark
        place = (mark.line << BITS | mark.column) + self._base
        if event.anchor is not None or event.tag is not None:
            self._unusual_scalar(event, place)
            return
        frame, value = self._frame, event.value
        if frame is None:
            self._put(self._plain(event, value, place) if event.implicit[0] else value, place)
        elif frame.expects_key:
            if value in frame.container or value in _UNUSUAL_KEYS:
                self._unusual_key(frame, value, place, event.implicit[0])
            else:
                frame.key, frame.key_place, frame.expects_key = value, place, False
        else:
            if event.implicit[0] and (self._watches_comments or value[:1] in MAY_BE_OTHER):
                value = self._plain(event, value, place)
            self._put(value, place)

    def _unusual_scalar(self, event: Any, place: int) -> None:
        """A scalar with a tag or an anchor."""
        frame, value, plain = self._frame, event.value, event.implicit[0]
        if event.tag is not None and not plain and not event.implicit[1]:
            self._report(findings.tag(event.tag), place, self._path_of_next())
            value, plain = BROKEN, False
        if frame is not None and frame.expects_key:
            self._unusual_key(frame, value, place, plain)
        else:
            value = self._plain(event, value, place) if plain else value
            self._put(value, place)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(value, 1)

    def _plain(self, event: Any, text: str, place: int) -> Any:
        if is_octal(text):
            self._report(findings.octal(text), place, self._path_of_next())
            return BROKEN
        if self._watches_comments and self._has_comment_behind(event.end_mark):
            self._cut.add(self._path_of_next())
        return resolve(text)

    def _has_comment_behind(self, mark: Any) -> bool:
        if not self._lines:
            self._lines = self._text.splitlines()
        rest = self._lines[mark.line][mark.column :] if mark.line < len(self._lines) else ""
        return rest.lstrip(" \t").startswith("#")

    def _unusual_key(self, frame: Frame, text: Any, place: int, plain: bool) -> None:
        """A key that merges, repeats another one, or is none."""
        frame.key, frame.key_place, frame.expects_key = text, place, False
        if text is BROKEN:
            frame.key = NO_KEY
        elif plain and text == "<<":
            frame.key = MERGE
        elif plain and text == "":
            frame.key = NO_KEY
            self._report(findings.empty_key(), place, frame.path)
        elif text in frame.container:
            path = f"{frame.prefix}{text}"
            first = self._origin.position(key_of(self._packed[path]))
            self._report(findings.duplicate_key(text, first), place, path)

    def _put(self, value: Any, place: int) -> None:
        """Store a finished value where it belongs."""
        frame = self._frame
        if frame is None:
            self._root = value
            self._start = place
        elif not frame.is_map:
            self._packed[f"{frame.path}[{len(frame.container)}]"] = place
            frame.container.append(value)
        elif frame.expects_key:
            self._unusual_key(frame, value if isinstance(value, str) else BROKEN, place, False)
        else:
            key = frame.key
            frame.expects_key = True
            if key[:1] != "\0":
                self._packed[f"{frame.prefix}{key}"] = frame.key_place << HALF | place
                frame.container[key] = value
            elif key == MERGE:
                frame.merges.append((value, place))

    def _mapping_start(self, event: Any) -> None:
        self._open(event, {})

    def _sequence_start(self, event: Any) -> None:
        self._open(event, [])

    def _open(self, event: Any, container: Any) -> None:
        frame, place = self._frame, self._place(event)
        path = self._path_of_next()
        if len(self._stack) >= MOST_DEPTH:
            self._report(findings.too_deep(MOST_DEPTH), place, path)
            raise LimitError
        if event.tag is not None and event.tag != "!":
            self._report(findings.tag(event.tag), place, path)
        if event.anchor:
            self._anchors[event.anchor] = None
        if frame is not None:
            if frame.expects_key:
                self._collection_as_key(frame, place)
            self._stack.append(frame)
        self._frame = Frame(container, path, place, self._nodes, event.anchor)
        self._frame.is_broken = event.tag is not None and event.tag != "!"

    @property
    def _nodes(self) -> int:
        """Values of this document so far, those aliases stand for included."""
        return len(self._packed) + self._aliased

    def _collection_as_key(self, frame: Frame, place: int) -> None:
        if not frame.container and place == frame.place + 1:
            self._report(findings.unquoted_template(), frame.place, frame.path)
            frame.is_broken = True
        elif not frame.is_broken:
            self._report(findings.collection_key(), place, frame.path)

    def _end(self, event: Any) -> None:
        del event
        frame = self._frame
        if frame is None:
            return
        for value, place in frame.merges:
            self._merge(frame, value, place)
        self._frame = self._stack.pop() if self._stack else None
        value = BROKEN if frame.is_broken else frame.container
        if frame.anchor:
            self._anchors[frame.anchor] = Anchored(value, self._nodes - frame.nodes + 1)
        self._put(value, frame.place)

    def _merge(self, frame: Frame, value: Any, place: int) -> None:
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                self._report(findings.merge(), place, frame.path)
                return
            for key, inner in part.items():
                if key not in frame.container:
                    frame.container[key] = inner
                    self._packed[f"{frame.prefix}{key}"] = both(place, place)

    def _alias(self, event: Any) -> None:
        place, path = self._place(event), self._path_of_next()
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            inside = event.anchor in self._anchors
            self._report(findings.bad_alias(event.anchor, inside), place, path)
            self._put(BROKEN, place)
            return
        self._aliased += anchored.nodes
        if self._aliased > MOST_ALIASED:
            self._report(findings.alias_bomb(MOST_ALIASED), place, path)
            raise LimitError
        self._put(anchored.value, place)


def _ignore(event: Any) -> None:
    del event


def _same_trap(told: Diagnostic, found: findings.Finding, position: Position) -> bool:
    return (
        told.code == found.code
        and told.position is not None
        and told.position.line == position.line
    )
