"""YAML text → documents with positions; after a syntax error the next document is read again."""

from __future__ import annotations

import re
from typing import Any

import yaml

from wifctl.diagnostics import Diagnostic
from wifctl.manifest.places import Origin
from wifctl.manifest.yaml.builder import Builder, LimitError
from wifctl.manifest.yaml.document import Stream

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_MOST_FAULTS = 50


def parse(text: str, origin: Origin, loader: Any = _LOADER) -> Stream:
    """All documents of a text that `text.decoded` let through."""
    documents, diagnostics = [], []
    start, first_line, whole = 0, 0, True
    for _ in range(_MOST_FAULTS):
        builder = Builder(origin, text[start:] if start else text, first_line)
        fault = _run(builder, text[start:] if start else text, loader)
        documents += builder.documents
        diagnostics += builder.diagnostics
        if fault is None:
            break
        whole = False
        if fault < 0:
            break
        again = _DOCUMENT.search(text, _line_start(text, fault))
        if again is not None and again.start() <= start:
            again = _DOCUMENT.search(text, again.end())
        if again is None:
            break
        start = again.start()
        first_line = len(text[:start].splitlines())
    return Stream(tuple(documents), tuple(diagnostics), whole)


def _line_start(text: str, line: int) -> int:
    """The index at which a 0-based line starts."""
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[:line]))


def _run(builder: Builder, text: str, loader: Any) -> int | None:
    """Feed the builder; the line (0-based, of the whole text) of a fault, -1 when it is final."""
    try:
        builder.consume(loader(text))
    except yaml.MarkedYAMLError as error:
        return builder.fault(error)
    except LimitError:
        return -1
    except yaml.YAMLError as error:
        builder.unreadable(str(error))
        return -1
    return None


def single(text: str, origin: Origin) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The data of a text that holds at most one document, e.g. a values file; None when empty."""
    stream = parse(text, origin)
    if len(stream.documents) > 1:
        second = stream.documents[1].places
        extra = Diagnostic(
            "one-document",
            "a second document",
            position=second.position,
            allowed="one document in this file",
            fix="remove the `---` line",
        )
        return None, (*stream.diagnostics, extra)
    data = stream.documents[0].data if stream.documents else None
    return data, stream.diagnostics
