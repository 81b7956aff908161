"""`.yaml.j2`: a whole file rendered, then parsed; its lines lead back to the template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.places import Origin
from wifctl.manifest.yaml.findings import Finding
from wifctl.manifest.yaml.text import checked


def render_whole(text: str, origin: Origin, context: Mapping[str, Any]) -> Origin | Diagnostic:
    """The rendered text, in an origin that knows the template's lines; or why there is none.

    `origin` names the template: its file, or the fixed place that asked for it.
    """
    from wifctl.manifest.jinja import FAILURES, MOST_TEXT, environment
    from wifctl.manifest.template_errors import finding, line_of

    file = origin.file
    try:
        found = environment()
        code = found.compile(text, file, file)
        template = found.template_class.from_code(found, code, found.make_globals(None))
        rendered = template.render(context)
    except FAILURES as error:
        return _at(finding(error, context), origin, line_of(error, file))
    if len(rendered) > MOST_TEXT:
        too_long = Finding(
            "template-refused",
            "the rendered text is too long",
            f"at most {MOST_TEXT} characters",
            "split the template",
        )
        return _at(too_long, origin, 1)
    safe = checked(rendered, file)
    if isinstance(safe, Diagnostic):
        return safe
    lines = _line_map(text, rendered, context)
    return Origin(file, lines, origin.fixed, origin.about, rendered)


def _at(found: Finding, origin: Origin, line: int) -> Diagnostic:
    message = found.message
    if origin.fixed is not None:
        message = f"{message} ({origin.about} line {line})"
    position = origin.fixed or Position(origin.file, line)
    return Diagnostic(found.code, message, position=position, allowed=found.allowed, fix=found.fix)


def _line_map(text: str, rendered: str, context: Mapping[str, Any]) -> tuple[int, ...]:
    """Rendered line → template line, from a second rendering that carries line numbers.

    Where the marks change what the template does (it compares captured text), every line leads
    to the template's first.
    """
    from wifctl.manifest.jinja import FAILURES, MARK_END, MARK_START, environment

    if MARK_START in text or MARK_START in rendered:
        return (1,)
    mark = re.compile(f"{MARK_START}([0-9]+){MARK_END}(?=(\\S?))")
    try:
        marked = environment(marking=True).from_string(text).render(context)
    except FAILURES:
        return (1,)
    if mark.sub("", marked) != rendered:
        return (1,)
    lines, last = [], 1
    for line in marked.split("\n"):
        found = mark.findall(line)
        solid = [int(number) for number, behind in found if behind]
        lines.append(solid[0] if solid else int(found[0][0]) if found else last)
        last = int(found[-1][0]) if found else last
    return tuple(lines)
