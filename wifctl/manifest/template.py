"""`{{ … }}` in string values, rendered after parsing so that positions stay exact."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wifctl.manifest.report import Report
from wifctl.manifest.settings import Settings
from wifctl.manifest.yaml.document import BROKEN
from wifctl.manifest.yaml.findings import Finding

if TYPE_CHECKING:
    from jinja2 import Template

OPENING = "{{"


def context_of(settings: Settings) -> dict[str, Any]:
    """What a template sees: the values by name and as `values`, and the defaults."""
    values = dict(settings.values)
    return {
        "project": settings.project,
        "location": settings.location,
        **values,
        "values": values,
    }


@dataclass(slots=True)
class Renderer:
    """Renders the values of documents under one set of values; equal texts only once."""

    context: Mapping[str, Any]
    _known: dict[str, Any] = field(default_factory=dict)

    def render(self, data: Any, report: Report, path: str = "") -> Any:
        """The data with every template in it rendered; failures are reported and left broken."""
        if isinstance(data, str):
            return self._text(data, report, path) if OPENING in data else data
        if isinstance(data, dict):
            prefix = f"{path}." if path else ""
            return {k: self.render(v, report, f"{prefix}{k}") for k, v in data.items()}
        if isinstance(data, list):
            return [self.render(item, report, f"{path}[{i}]") for i, item in enumerate(data)]
        return data

    def _text(self, text: str, report: Report, path: str) -> Any:
        if text not in self._known:
            self._known[text] = _rendered(text, self.context)
        result = self._known[text]
        if isinstance(result, Finding):
            report.value(result.code, path, result.message, allowed=result.allowed, fix=result.fix)
            return BROKEN
        return result


def _rendered(text: str, context: Mapping[str, Any]) -> Any:
    from wifctl.manifest.jinja import FAILURES, MOST_TEXT
    from wifctl.manifest.template_errors import finding

    try:
        result = _compiled(text)(context)
    except FAILURES as error:
        return finding(error, context)
    if not _is_plain(result) or (isinstance(result, str) and len(result) > MOST_TEXT):
        return Finding(
            "template-failed",
            "the expression gives no plain value",
            "a text, a number, true or false, null, a list or a mapping",
            "let it give one of these",
        )
    return result


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool)


@functools.lru_cache(maxsize=10_000)
def _compiled(text: str) -> Callable[[Mapping[str, Any]], Any]:
    from wifctl.manifest.jinja import environment

    found = environment()
    expression = _only_expression(text)
    if expression is None:
        template: Template = found.from_string(text)
        return lambda context: template.render(context)
    compiled = found.compile_expression(expression, undefined_to_none=False)
    return lambda context: _defined(compiled(**context))


def _defined(value: Any) -> Any:
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        str(value)
    return list(value) if isinstance(value, tuple | range) else value


def _only_expression(text: str) -> str | None:
    """The inside of a text that is exactly one `{{ … }}`, else None."""
    from wifctl.manifest.jinja import environment

    tokens = list(environment().lex(text.strip()))
    kinds = [kind for _, kind, _ in tokens]
    if not tokens or kinds[0] != "variable_begin" or kinds.count("variable_begin") != 1:
        return None
    if kinds[-1] != "variable_end" or "block_begin" in kinds:
        return None
    return "".join(value for _, _, value in tokens[1:-1])
