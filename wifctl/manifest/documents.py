"""The envelope of a document: apiVersion, kind, metadata, spec, lifecycle."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wifctl.kinds import registry
from wifctl.manifest import fields, words
from wifctl.manifest.report import Report
from wifctl.manifest.settings import Settings
from wifctl.manifest.yaml.document import BROKEN, RawDocument
from wifctl.names import PROJECT_ID, is_project_number
from wifctl.resource import Lifecycle, OnDeleted, State

API_VERSION = "wifctl/v1"
HAS_UNIQUE_ID = "ServiceAccount"
"""The only kind with `metadata.uniqueId`."""
KEYS = ("apiVersion", "kind", "metadata", "spec", "lifecycle")
METADATA_KEYS = ("name", "id", "project", "uniqueId")
LIFECYCLE_KEYS = ("state", "onDeleted", "preventDestroy")
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_UNIQUE_ID = re.compile(r"[0-9]{10,30}")


@dataclass(slots=True)
class Document:
    """One document whose envelope was read; `report` tells whether all of it is right."""

    raw: RawDocument
    report: Report
    settings: Settings
    kind: str
    name: str = ""
    id: str = ""
    project: str = ""
    """Canonical; empty when neither the document nor the defaults say it."""
    unique_id: str = ""
    spec: dict[str, Any] = field(default_factory=dict)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    folder: Path = field(default_factory=Path)
    """Where relative paths in it start."""
    stack: str = ""
    """The name of the Stack it comes from."""

    @property
    def is_absent(self) -> bool:
        """Whether the document asks for a removal."""
        return self.lifecycle.state is State.ABSENT


def read(raw: RawDocument, settings: Settings, report: Report) -> Document | None:
    """The envelope of a document; None when not even its kind can be told."""
    data = raw.data
    if not isinstance(data, dict):
        report.wrong_type("", "a mapping with apiVersion, kind, metadata and spec", data)
        return None
    if data and not any(key in data for key in KEYS):
        _no_manifest(report, data)
        return None
    report.unknown_keys(data, KEYS, "")
    _check_version(report, data)
    kind = _kind(report, data)
    if not kind:
        return None
    document = Document(raw, report, settings, kind)
    _read_metadata(document, data)
    document.spec = _spec(document, data)
    document.lifecycle = _lifecycle(report, data)
    report.address = f"{kind}/{document.name}" if document.name else kind
    return document


def _no_manifest(report: Report, data: dict[str, Any]) -> None:
    report.value(
        "not-a-manifest",
        "",
        f"a mapping of {words.listed(map(words.quoted, data), 4)}",
        allowed="a mapping with apiVersion, kind, metadata and spec",
        fix="pass values with --values or name the file under `valuesFiles` in wifctl.yaml; "
        "move anything else elsewhere",
    )


def _check_version(report: Report, data: dict[str, Any]) -> None:
    value = data.get("apiVersion")
    if value == API_VERSION or value is BROKEN:
        return
    fix = f"write `apiVersion: {API_VERSION}`"
    if value is None:
        report.value("missing-field", "apiVersion", "is missing", allowed=API_VERSION, fix=fix)
        return
    message = f"found {words.found(value)}"
    report.value("wrong-api-version", "apiVersion", message, allowed=API_VERSION, fix=fix)


def _kind(report: Report, data: dict[str, Any]) -> str:
    name = data.get("kind")
    if isinstance(name, str) and name in registry.MODULES:
        return name
    if name is BROKEN:
        return ""
    allowed = words.listed(registry.MODULES, 20)
    if name is None:
        report.value(
            "missing-field", "kind", "is missing", allowed=allowed, fix="say what the document is"
        )
        return ""
    near = words.nearest(str(name), registry.MODULES)
    report.value(
        "unknown-kind",
        "kind",
        f"found {words.found(name)}",
        allowed=allowed,
        fix=f"did you mean {near}?" if near else "choose one of them",
    )
    return ""


def _read_metadata(document: Document, data: dict[str, Any]) -> None:
    report = document.report
    if data.get("metadata") is None:
        report.value("missing-field", "metadata", "is missing", fix="add `metadata: {name: …}`")
    metadata = fields.mapping(report, data, "metadata")
    report.unknown_keys(metadata, METADATA_KEYS, "metadata")
    document.name = _name(report, metadata, data)
    document.id = fields.text(report, metadata, "id", "metadata") or document.name
    document.unique_id = _unique_id(document, metadata)
    project = fields.text(report, metadata, "project", "metadata") or document.settings.project
    if "project" in metadata and project:
        check_project(report, "metadata.project", project)
    document.project = document.settings.projects.canonical(project) if project else ""


def _name(report: Report, metadata: dict[str, Any], data: dict[str, Any]) -> str:
    name = fields.text(report, metadata, "name", "metadata")
    if name and not NAME.fullmatch(name):
        report.value(
            "bad-name",
            "metadata.name",
            f"{words.quoted(name)} is no name",
            allowed="letters, digits, `-`, `_` and `.`, at most 128, a letter or digit at the ends",
            fix="choose a plain name; the resource id may differ: `metadata.id`",
        )
    elif "name" not in metadata and isinstance(data.get("metadata"), dict):
        report.value(
            "missing-field",
            "metadata.name",
            "is missing",
            allowed="a name that is unique among documents of this kind and project",
            fix="add `name:`",
        )
    return name


def _unique_id(document: Document, metadata: dict[str, Any]) -> str:
    unique_id = fields.text(document.report, metadata, "uniqueId", "metadata")
    if not unique_id:
        return ""
    path = "metadata.uniqueId"
    if document.kind != HAS_UNIQUE_ID:
        document.report.key(
            "unknown-field",
            path,
            "only service accounts have a unique id",
            allowed=words.listed(METADATA_KEYS[:3]),
            fix="remove it",
        )
    elif not _UNIQUE_ID.fullmatch(unique_id):
        document.report.value(
            "bad-id",
            path,
            f"{words.quoted(unique_id)} is no unique id",
            allowed="the digits `gcloud iam service-accounts describe` shows as uniqueId",
            fix="copy them, in quotes",
        )
    return unique_id


def check_project(report: Report, path: str, project: str) -> bool:
    """Report a project that is neither an id nor a number."""
    if PROJECT_ID.fullmatch(project) or is_project_number(project):
        return True
    report.value(
        "bad-project",
        path,
        f"{words.quoted(project)} is neither a project id nor a number",
        allowed="an id of 6 to 30 of a-z, 0-9 and -, a letter first; or a project number",
        fix="use the id `gcloud projects list` shows, not the display name",
    )
    return False


def _spec(document: Document, data: dict[str, Any]) -> dict[str, Any]:
    return fields.mapping(document.report, data, "spec")


def _lifecycle(report: Report, data: dict[str, Any]) -> Lifecycle:
    block = fields.mapping(report, data, "lifecycle")
    if not block:
        return Lifecycle()
    report.unknown_keys(block, LIFECYCLE_KEYS, "lifecycle")
    return Lifecycle(
        fields.choice(report, block, "state", "lifecycle", State.PRESENT, State),
        fields.choice(report, block, "onDeleted", "lifecycle", OnDeleted.UNDELETE, OnDeleted),
        fields.truth(report, block, "preventDestroy", "lifecycle"),
    )
