"""A ` #` behind an expression: YAML cuts the expression off there."""

from __future__ import annotations

import re

from wifctl.diagnostics import Severity
from wifctl.manifest.documents import Document

_EXPRESSION = re.compile(
    r"spec\.(?:attributeCondition|attributeMapping\..+|(?:.+\.)?condition\.expression)"
)
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


def check_comments(document: Document) -> frozenset[str]:
    """Report expressions that lost their end to a comment, or may have; the paths of the former."""
    torn: set[str] = set()
    for path in sorted(document.raw.cut):
        if not _EXPRESSION.fullmatch(path):
            continue
        text = _value(document, path)
        is_torn = any(quote in _STRINGS.sub("", text) for quote in "'\"")
        document.report.value(
            "yaml-comment-in-expression",
            path,
            "` #` starts a comment in YAML: the expression ends before it"
            + (", inside a quoted text" if is_torn else ""),
            allowed="an expression in quotes, or in a block after `|-`",
            fix="quote the whole expression, or move the comment to a line of its own",
            severity=Severity.ERROR if is_torn else Severity.WARNING,
        )
        torn |= {path} if is_torn else set()
    return frozenset(torn)


def _value(document: Document, path: str) -> str:
    """The text at a path, whose keys may hold dots themselves."""
    data = document.raw.data
    rest = path
    while rest:
        if isinstance(data, list):
            index, _, rest = rest.removeprefix("[").partition("]")
            data, rest = data[int(index)], rest.removeprefix(".")
            continue
        if not isinstance(data, dict):
            return ""
        key = next((k for k in data if rest == k or rest.startswith((f"{k}.", f"{k}["))), None)
        if key is None:
            return ""
        data, rest = data[key], rest[len(key) :].removeprefix(".")
    return data if isinstance(data, str) else ""
