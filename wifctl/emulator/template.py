"""Path templates of google.api.http, taken apart: `/v1/{name=projects/*/secrets/*}:addVersion`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\{([\w.]+)(?:=([^}]*))?\}|[^/{}]+|/")
CUSTOM_VERB = re.compile(r":([A-Za-z]\w*)$")


@dataclass(frozen=True, slots=True)
class Variable:
    """Segments of a path that fill a field of the request."""

    name: str
    """The dotted path of the field, in camelCase."""
    start: int
    end: int | None
    """None: to the end of the path."""


@dataclass(frozen=True, slots=True)
class Template:
    """The segments of a path (`*` any one, `**` the rest), its variables, its custom verb."""

    segments: tuple[str, ...]
    variables: tuple[Variable, ...]
    custom_verb: str


def parse_template(text: str) -> Template:
    """The parts of a template."""
    custom = CUSTOM_VERB.search(text)
    if custom:
        text = text[: custom.start()]
    segments: list[str] = []
    variables = []
    for token in _TOKEN.finditer(text):
        if token[1]:
            start, pattern = len(segments), (token[2] or "*").split("/")
            segments += pattern
            end = None if pattern[-1] == "**" else len(segments)
            variables.append(Variable(_camel(token[1]), start, end))
        elif token[0] != "/":
            segments.append(token[0])
    return Template(tuple(segments), tuple(variables), custom[1] if custom else "")


def _camel(path: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), path)
