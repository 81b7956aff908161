"""Syntax errors of the YAML parser → findings that say which trap it was and how to get out."""

from __future__ import annotations

import re

import yaml

from wifctl.manifest.yaml.findings import Finding, unquoted_template

_BRACES = re.compile(r"(?:^|[:\-\[,{]\s)\s*\{\{")
_QUOTE_FIRST = re.compile(r"""(?:^|[:\-]\s)\s*(["']).*?\1\s*[^\s#,\]}]""")
_BANG = re.compile(r"[:\-]\s+![^\s]")
_OPENED = ("flow", "quoted scalar")
_CANNOT_START = "found character that cannot start any token"


def place_of(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """0-based line and column to point at: where an unclosed thing opened, else the fault."""
    mark = error.problem_mark or error.context_mark
    context = error.context or ""
    if error.context_mark is not None and any(word in context for word in _OPENED):
        mark = error.context_mark
    return (mark.line, mark.column) if mark is not None else (0, 0)


def finding(error: yaml.MarkedYAMLError, lines: list[str]) -> Finding:
    """The trap behind a syntax error, or the parser's own words."""
    mark = error.problem_mark or error.context_mark
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    column = mark.column if mark is not None else 0
    opened = lines[place_of(error)[0]] if place_of(error)[0] < len(lines) else ""
    problem = error.problem or ""
    if "\t" in line[: column + 1] and ("tab" in problem or problem == _CANNOT_START):
        return _TAB
    if _BRACES.search(line) or _BRACES.search(opened):
        return unquoted_template()
    if _BANG.search(line):
        return _BANG_FIRST
    if _QUOTE_FIRST.search(line[: column + 1]) and "did not find expected" in problem:
        return _QUOTED_START
    return _by_words(problem, error.context or "", line[column : column + 1])


def _by_words(problem: str, context: str, character: str) -> Finding:
    if problem == _CANNOT_START:
        return Finding(
            "yaml-syntax",
            f"a value cannot start with {character}",
            "a quoted text",
            "put the value in quotes",
        )
    if problem.startswith("mapping values are not allowed"):
        return Finding(
            "yaml-syntax",
            "a colon with a space behind it, where no key may stand",
            "`key: value`, once a line",
            "put a value that holds `: ` in quotes; or mend the indentation",
        )
    if "quoted scalar" in context and ("end of stream" in problem or "indicator" in problem):
        return Finding("yaml-syntax", "a quote that is never closed", fix="close it")
    if "flow" in context:
        return Finding(
            "yaml-syntax",
            "a bracket or brace that is not closed, or a comma that is missing inside",
            fix="close it, or put a text that holds brackets in quotes",
        )
    if "unknown escape" in problem or "hexdecimal" in problem:
        return Finding(
            "yaml-syntax",
            "an unknown escape in a double-quoted text",
            "the escapes of JSON, and a few more",
            "write \\\\ for a backslash, or use single quotes",
        )
    if "did not find expected" in problem and ("block" in context):
        return Finding(
            "yaml-syntax",
            "the indentation does not fit, or text follows a value that has ended",
            "keys of one mapping in one column, items of one list in one column",
            "line it up with its neighbours",
        )
    return Finding("yaml-syntax", f"{problem}{f' {context}' if context else ''}", fix="mend it")


_TAB = Finding(
    "yaml-tab",
    "a tab where YAML allows only spaces",
    "spaces for indentation",
    "replace the tab by spaces",
)
_BANG_FIRST = Finding(
    "yaml-leading-exclamation",
    "a value that starts with ! is a tag to YAML",
    "an expression in quotes, or in a block after `|-`",
    "put the whole expression in double quotes, or start a block with `>-` or `|-`",
)
_QUOTED_START = Finding(
    "yaml-leading-quote",
    "a value that starts with a quote ends at the next one, and text follows it",
    "an expression in quotes as a whole, or in a block after `|-`",
    "put the whole expression in quotes of the other kind, or start a block with `>-` or `|-`",
)
