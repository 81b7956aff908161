"""One shape for both sides: Google's JSON → mask path → value in normal form.

A value equal to Google's default is left out, so that `!=` on two such mappings is the whole
comparison. Output-only fields never enter: only paths that have a rule do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree as ET

from wifctl.api import Json
from wifctl.kinds.base import Kind
from wifctl.kinds.body import at
from wifctl.kinds.checks import parse_time
from wifctl.names import (
    PoolName,
    ProjectName,
    ProviderName,
    RepositoryName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
    ServiceName,
    parse_name,
)
from wifctl.resource import Fields, Later, Projects
from wifctl.schema import FieldRule, Shape


def normal_fields(kind: Kind, body: Json, projects: Projects) -> Fields:
    """The compared fields of one object."""
    return {
        path: value
        for path, (rule, raw) in _values(kind, body).items()
        if not _is_default(value := normal(rule.shape, raw, projects), rule)
    }


def raw_fields(kind: Kind, body: Json) -> Fields:
    """The same paths with their values as given; virtual fields left out."""
    return {path: raw for path, (rule, raw) in _values(kind, body).items() if not rule.virtual}


def _values(kind: Kind, body: Json) -> dict[str, tuple[FieldRule, Any]]:
    if kind.remote is None:
        return {}
    compared = kind.remote.compared(body)
    found = {path: (rule, at(compared, path)) for path, rule in kind.rules.items()}
    return {path: pair for path, pair in found.items() if pair[1] is not None}


def _is_default(value: Any, rule: FieldRule) -> bool:
    if value is False or value in (None, "", [], {}):
        return True
    return bool(rule.default is not None and value == rule.default)


def normal(shape: Shape, value: Any, projects: Projects) -> Any:
    """One value in the form its shape is compared in; holes stay holes."""
    if isinstance(value, Later):
        return value
    return _NORMAL[shape](value, projects)


def _plain(value: Any, projects: Projects) -> Any:
    del projects
    return value


def _deep(value: Any, projects: Projects) -> Any:
    """Blocks compared as a whole: names canonical, nothing empty but empty blocks."""
    if isinstance(value, Mapping):
        inner = {key: _deep(item, projects) for key, item in sorted(value.items())}
        return {key: item for key, item in inner.items() if item not in (None, "", [], False)}
    if isinstance(value, list | tuple):
        return [_deep(item, projects) for item in value]
    return canonical_name(value, projects) if isinstance(value, str) else value


def _set(value: Any, projects: Projects) -> Any:
    items = [_deep(item, projects) for item in value]
    unique = {json.dumps(item, sort_keys=True): item for item in items}
    return [unique[key] for key in sorted(unique)]


def _map(value: Any, projects: Projects) -> Any:
    del projects
    return dict(sorted(value.items()))


def _json_text(value: str, projects: Projects) -> str:
    del projects
    try:
        return json.dumps(json.loads(value), sort_keys=True, indent=1)
    except ValueError:
        return value


def _xml(value: str, projects: Projects) -> str:
    """Canonical XML; a text with a DOCTYPE is compared as it is, so that no entity expands."""
    del projects
    if "<!DOCTYPE" in value or "<!ENTITY" in value:
        return value
    try:
        return ET.canonicalize(value, strip_text=True)
    except ET.ParseError:
        return value.strip()


def _lines(value: str, projects: Projects) -> str:
    del projects
    return "\n".join(line.strip() for line in value.strip().splitlines())


_CEL_TOKEN = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\s+""")


def _cel(value: str, projects: Projects) -> str:
    """White space outside string literals means nothing in CEL."""
    del projects
    return _CEL_TOKEN.sub(lambda found: found[1] or " ", value).strip()


def _duration(value: str, projects: Projects) -> str:
    del projects
    try:
        return f"{Decimal(value.removesuffix('s')).normalize():f}s"
    except InvalidOperation:
        return value


def _time(value: str, projects: Projects) -> str:
    del projects
    moment = parse_time(value)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else value


def canonical_name(value: str, projects: Projects) -> str:
    """A resource name with its project by id where that is known; other texts unchanged."""
    name = parse_name(value) if value.startswith("projects/") else None
    match name:
        case None:
            return value
        case SecretVersionName(SecretName(project, secret, location), version):
            inner = SecretName(projects.canonical(project), secret, location)
            return str(SecretVersionName(inner, version))
        case SecretName(project, secret, location):
            return str(SecretName(projects.canonical(project), secret, location))
        case PoolName(project, pool):
            return str(PoolName(projects.canonical(project), pool))
        case ProviderName(project, pool, provider):
            return str(ProviderName(projects.canonical(project), pool, provider))
        case RepositoryName(project, location, repository):
            return str(RepositoryName(projects.canonical(project), location, repository))
        case ServiceAccountName(project, email):
            return str(ServiceAccountName(projects.canonical(project), email))
        case ServiceName(project, service):
            return str(ServiceName(projects.canonical(project), service))
        case ProjectName(project):
            return str(ProjectName(projects.canonical(project)))


def _name(value: str, projects: Projects) -> str:
    return canonical_name(value, projects)


_NORMAL: dict[Shape, Callable[[Any, Projects], Any]] = {
    Shape.PLAIN: _plain,
    Shape.SET: _set,
    Shape.MAP: _map,
    Shape.JSON: _deep,
    Shape.JSON_TEXT: _json_text,
    Shape.XML_TEXT: _xml,
    Shape.PEM_TEXT: _lines,
    Shape.CEL_TEXT: _cel,
    Shape.DURATION: _duration,
    Shape.TIME: _time,
    Shape.NAME: _name,
}
