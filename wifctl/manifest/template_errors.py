"""What goes wrong in a template, in words and with its line. Imports Jinja2; import it late."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from jinja2.exceptions import (
    SecurityError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)

from wifctl.manifest import words
from wifctl.manifest.yaml.findings import Finding

_UNDEFINED = re.compile(r"'([^']*)' is undefined")
_NO_MEMBER = re.compile(r"has no (?:attribute|element) '?([^']*)'?")


def finding(error: BaseException, context: Mapping[str, Any]) -> Finding:
    """A failure in words; values are never quoted."""
    if isinstance(error, UndefinedError):
        return _undefined(error.message or "", context)
    if isinstance(error, TemplateSyntaxError):
        return Finding(
            "template-syntax",
            f"the template does not parse: {error.message}",
            "Jinja2 expressions and statements",
            "mend it; a literal {{ is written {{ '{{' }}",
        )
    if isinstance(error, TemplateNotFound):
        return Finding(
            "template-refused",
            "templates cannot include, import or extend others",
            "one self-contained template",
            "write it out, or make a stack of it",
        )
    if isinstance(error, SecurityError | OverflowError | RecursionError | MemoryError):
        return Finding(
            "template-refused",
            f"the sandbox refuses it: {error or 'it takes too much memory'}",
            "expressions on values, within bounds",
            "compute it outside and pass it as a value",
        )
    speaks = isinstance(error, TypeError | ZeroDivisionError)
    reason = f"{type(error).__name__}: {error}" if speaks else type(error).__name__
    return Finding("template-failed", f"the expression fails ({reason})", fix="check its values")


def _undefined(message: str, context: Mapping[str, Any]) -> Finding:
    found = _UNDEFINED.search(message) or _NO_MEMBER.search(message)
    name = found[1] if found else ""
    near = words.nearest(name, _names(context)) if name else ""
    return Finding(
        "unknown-value",
        f"no value {words.quoted(name)} is given" if name else message,
        words.listed(sorted(map(str, context))) or "no values are given at all",
        f"did you mean {near}?" if near else f"pass it: --set {name or 'NAME'}=VALUE",
    )


def _names(context: Mapping[str, Any]) -> list[str]:
    """All names a template could mean, those of nested mappings included."""
    names = [str(name) for name in context]
    for value in context.values():
        if isinstance(value, Mapping):
            names += _names(value)
    return names


def line_of(error: BaseException, file: str) -> int:
    """The template's line an error comes from, from 1."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno or 1
    line, trace = 1, error.__traceback__
    while isinstance(trace, TracebackType):
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
