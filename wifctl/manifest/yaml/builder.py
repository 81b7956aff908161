"""Parser events → data with positions, on an explicit stack and under limits."""

from __future__ import annotations

from typing import Any

import yaml

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.places import Origin, Places, both, key_of, pack
from wifctl.manifest.yaml import faults, findings
from wifctl.manifest.yaml.document import BROKEN, RawDocument
from wifctl.manifest.yaml.frames import MERGE, NO_KEY, Anchored, Frame, joined
from wifctl.manifest.yaml.scalars import is_octal, resolve

MOST_DEPTH = 60
MOST_NODES = 4_000_000
MOST_ALIASED = 100_000
"""Nodes all aliases of a text may stand for together."""


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
        self._watches_comments = " #" in text
        self._nodes = 0
        self._aliased = 0
        self._frame: Frame | None = None
        self._handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping_start,
            yaml.SequenceStartEvent: self._sequence_start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document_start,
            yaml.DocumentEndEvent: self._document_end,
        }

    def feed(self, event: Any) -> None:
        """Take one event. Raises LimitError when the text must not be read further."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def fault(self, error: yaml.MarkedYAMLError) -> int:
        """Note a syntax error, unless its trap was already named; its 0-based line."""
        line, column = faults.place_of(error)
        found = faults.finding(error, self._text.splitlines())
        place = pack(line + self._first_line, column)
        position = self._origin.position(place)
        if not any(_same_trap(told, found, position) for told in self.diagnostics):
            self._report(found, place, self._path_of_next())
        mark = error.problem_mark
        return self._first_line + (mark.line if mark is not None else line)

    def unreadable(self, reason: str) -> None:
        """Note that the parser cannot read the text at all."""
        self._report(findings.Finding("yaml-syntax", reason, fix="mend the text"), 0)

    def _document_start(self, event: Any) -> None:
        del event
        self._stack: list[Frame] = []
        self._frame = None
        self._packed: dict[str, int] = {}
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
        return pack(mark.line + self._first_line, mark.column)

    def _report(self, found: findings.Finding, place: int, path: str = "") -> None:
        self.diagnostics.append(found.at(self._origin, place, path))

    def _count(self, place: int) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._report(findings.too_many_nodes(MOST_NODES), place)
            raise LimitError

    def _path_of_next(self) -> str:
        return self._frame.path_of_next() if self._frame else ""

    def _scalar(self, event: Any) -> None:
        frame, value, place = self._frame, event.value, self._place(event)
        self._count(place)
        plain = event.implicit[0]
        if event.tag is not None and not plain and not event.implicit[1]:
            self._report(findings.tag(event.tag), place, self._path_of_next())
            value, plain = BROKEN, False
        if frame is not None and frame.is_map and frame.key is None:
            self._key(frame, value, place, plain, event.anchor)
            return
        if plain:
            value = self._plain(event, value, place)
        self._put(value, place, event.anchor, 1)

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

    def _key(self, frame: Frame, text: Any, place: int, plain: bool, anchor: str | None) -> None:
        frame.key, frame.key_place = text, place
        if plain and text == "<<":
            frame.key = MERGE
        elif text is BROKEN:
            frame.key = NO_KEY
        elif text == "" and plain:
            frame.key = NO_KEY
            self._report(findings.empty_key(), place, frame.path)
        elif text in frame.container:
            path = joined(frame.path, text)
            first = self._origin.position(key_of(self._packed[path]))
            self._report(findings.duplicate_key(text, first), place, path)
        if anchor:
            self._anchors[anchor] = Anchored(text, 1)

    def _put(self, value: Any, place: int, anchor: str | None, nodes: int) -> None:
        """Store a finished value where it belongs."""
        if anchor:
            self._anchors[anchor] = Anchored(value, nodes)
        frame = self._frame
        if frame is None:
            self._root = value
            self._start = place
        elif not frame.is_map:
            self._packed[f"{frame.path}[{len(frame.container)}]"] = place
            frame.container.append(value)
        elif frame.key is None:
            self._key(frame, value if isinstance(value, str) else BROKEN, place, False, None)
        else:
            self._store(frame, frame.key, value, place)

    def _store(self, frame: Frame, key: str, value: Any, place: int) -> None:
        frame.key = None
        if key == MERGE:
            frame.merges.append((value, place))
        elif key != NO_KEY:
            self._packed[joined(frame.path, key)] = both(frame.key_place, place)
            frame.container[key] = value

    def _mapping_start(self, event: Any) -> None:
        self._open(event, {})

    def _sequence_start(self, event: Any) -> None:
        self._open(event, [])

    def _open(self, event: Any, container: Any) -> None:
        frame, place = self._frame, self._place(event)
        self._count(place)
        path = self._path_of_next()
        if len(self._stack) >= MOST_DEPTH:
            self._report(findings.too_deep(MOST_DEPTH), place, path)
            raise LimitError
        if event.tag is not None and event.tag != "!":
            self._report(findings.tag(event.tag), place, path)
        if frame is not None and frame.is_map and frame.key is None:
            self._collection_as_key(frame, place)
        if event.anchor:
            self._anchors[event.anchor] = None
        if frame is not None:
            self._stack.append(frame)
        self._frame = Frame(container, path, place, self._nodes, event.anchor)

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
        nodes = self._nodes - frame.nodes + 1
        self._put(value, frame.place, frame.anchor, nodes)

    def _merge(self, frame: Frame, value: Any, place: int) -> None:
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                self._report(findings.merge(), place, frame.path)
                return
            for key, inner in part.items():
                if key not in frame.container:
                    frame.container[key] = inner
                    self._packed[joined(frame.path, key)] = both(place, place)

    def _alias(self, event: Any) -> None:
        place, path = self._place(event), self._path_of_next()
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            inside = event.anchor in self._anchors
            self._report(findings.bad_alias(event.anchor, inside), place, path)
            self._put(BROKEN, place, None, 1)
            return
        self._aliased += anchored.nodes
        if self._aliased > MOST_ALIASED:
            self._report(findings.alias_bomb(MOST_ALIASED), place, path)
            raise LimitError
        self._nodes += anchored.nodes
        self._put(anchored.value, place, None, anchored.nodes)


def _same_trap(told: Diagnostic, found: findings.Finding, position: Position) -> bool:
    return (
        told.code == found.code
        and told.position is not None
        and told.position.line == position.line
    )
