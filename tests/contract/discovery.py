"""Google's discovery documents, as google-api-python-client ships them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import googleapiclient

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"


@dataclass(frozen=True, slots=True)
class Documented:
    """One method of a document."""

    id: str
    verb: str
    path: str
    """With `{+name}` variables, as printed."""
    parameters: dict[str, Any]
    request: str
    response: str

    def filled(self, values: dict[str, str]) -> str:
        """The path with its variables replaced."""
        path = "/" + self.path
        for name, value in values.items():
            path = path.replace(f"{{+{name}}}", value).replace(f"{{{name}}}", value)
        return path

    @property
    def patterns(self) -> dict[str, str]:
        """The pattern of each path variable, `*` for a segment: `projects/*/secrets/*`."""
        return {
            name: p.get("pattern", "*").strip("^$").replace("[^/]+", "*").replace(".*", "*")
            for name, p in self.parameters.items()
            if p["location"] == "path"
        }


def document(name: str) -> dict[str, Any]:
    """A document by name and version, e.g. `iam.v1`."""
    found: dict[str, Any] = json.loads((DOCUMENTS / f"{name}.json").read_text())
    return found


def methods(name: str) -> list[Documented]:
    """All methods of a document."""
    return list(_methods(document(name)))


def _methods(resource: dict[str, Any]) -> Iterator[Documented]:
    for method in resource.get("methods", {}).values():
        yield Documented(
            method["id"],
            method["httpMethod"],
            method["path"],
            method.get("parameters", {}),
            method.get("request", {}).get("$ref", ""),
            method.get("response", {}).get("$ref", ""),
        )
    for child in resource.get("resources", {}).values():
        yield from _methods(child)
