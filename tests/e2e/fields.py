"""Every field Google's discovery documents know of wifctl's kinds, and which class it is in.

`fields.yaml` holds a pair of values for each field wifctl offers, `not_offered.yaml` why it does
not offer the others; the fields themselves come from the documents alone.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.contract.discovery import document
from tests.e2e.texts import filled

HERE = Path(__file__).parent


class Class(enum.StrEnum):
    """What becomes of a field."""

    MUTABLE = "mutable"
    IMMUTABLE = "immutable"
    INPUT_ONLY = "input-only"
    GRANT = "grant"
    """Part of a policy: members come and go, nothing is ever replaced."""
    PAYLOAD = "payload"
    SERVICE = "service"
    OUTPUT_ONLY = "output-only"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True, slots=True)
class Documented:
    """One leaf field of a discovery document; `[]` and `{}` mark lists and maps on its way."""

    path: str
    is_list: bool = False
    is_map: bool = False
    says: Class | None = None
    """The class its description, or that of a block around it, speaks of."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Two values of a field, and what must stand around it."""

    kind: str
    path: str
    class_: Class
    values: tuple[Any, Any]
    around: Mapping[str, Any] = field(default_factory=dict)
    shows: str = ""
    """The path a plan shows, where a whole block is compared."""
    also: tuple[str, ...] = ()
    """Further paths that change with it."""
    instead: Mapping[str, Any] = field(default_factory=dict)
    """What takes the place of the field when the second value is null."""
    leaves: str = ""
    """The field an input-only one turns into."""
    required: bool = False
    why: str = ""
    """Why the class is not what the discovery document says."""

    def spec(self, index: int) -> dict[str, Any]:
        """A whole spec with one of the values."""
        found = copy.deepcopy(dict(self.around))
        if self.values[index] is None:
            return {**found, **copy.deepcopy(dict(self.instead))}
        put(found, self.path, self.values[index])
        return found

    def __str__(self) -> str:
        return f"{self.kind}.{self.path}"


def put(spec: dict[str, Any], path: str, value: Any) -> None:
    """Set a value deep inside, through the first item of lists and the key `one` of maps."""
    *parents, leaf = path.split(".")
    block = spec
    for parent in parents:
        name = parent.removesuffix("[]").removesuffix("{}")
        if parent.endswith("[]"):
            block = block.setdefault(name, [{}])[0]
        elif parent.endswith("{}"):
            block = block.setdefault(name, {}).setdefault("one", {})
        else:
            block = block.setdefault(name, {})
    block[leaf] = value


@cache
def schemas_of() -> dict[str, str]:
    """Kind → `document/schema`, as `fields.yaml` has it."""
    return {kind: entry["schema"] for kind, entry in _samples_file().items()}


@cache
def documented(kind: str) -> dict[str, Documented]:
    """Every leaf field Google documents for a kind."""
    name, _, schema = schemas_of()[kind].partition("/")
    return {found.path: found for found in _walk(document(name)["schemas"], schema, "", None, ())}


def _walk(
    schemas: Mapping[str, Any], name: str, prefix: str, says: Class | None, seen: tuple[str, ...]
) -> Iterator[Documented]:
    for key, prop in schemas[name].get("properties", {}).items():
        is_list, is_map = prop.get("type") == "array", "additionalProperties" in prop
        inner = prop.get("items") or prop.get("additionalProperties") or prop
        told = _says(prop) or says
        ref = inner.get("$ref", "")
        path = f"{prefix}{key}"
        if ref in schemas and ref not in seen and schemas[ref].get("properties"):
            mark = "[]" if is_list else "{}" if is_map else ""
            yield from _walk(schemas, ref, f"{path}{mark}.", told, (*seen, ref))
        else:
            yield Documented(path, is_list, is_map, told)


def _says(prop: Mapping[str, Any]) -> Class | None:
    text = prop.get("description", "")
    if prop.get("readOnly") or "Output only." in text:
        return Class.OUTPUT_ONLY
    if "Input only." in text:
        return Class.INPUT_ONLY
    return Class.IMMUTABLE if "Immutable." in text else None


@cache
def samples() -> tuple[Sample, ...]:
    """Every pair of values."""
    return tuple(
        _sample(kind, entry, path, given)
        for kind, entry in _samples_file().items()
        for path, given in entry["fields"].items()
    )


def _sample(kind: str, entry: Mapping[str, Any], path: str, given: Mapping[str, Any]) -> Sample:
    around = {} if given.get("alone") else entry.get("around", {})
    one, other = filled(given["values"])
    return Sample(
        kind,
        path,
        Class(given.get("class", "mutable")),
        (one, other),
        filled({**around, **given.get("with", {})}),
        given.get("shows", path),
        tuple(given.get("also", ())),
        given.get("instead", {}),
        given.get("leaves", ""),
        given.get("required", False),
        given.get("why", ""),
    )


def around(kind: str) -> dict[str, Any]:
    """The least spec of a kind."""
    found: dict[str, Any] = filled(copy.deepcopy(_samples_file()[kind].get("around", {})))
    return found


@cache
def not_offered() -> dict[tuple[str, str], str]:
    """(kind, field) → why; a field ending in `.*` stands for a whole block."""
    given = yaml.safe_load((HERE / "not_offered.yaml").read_text())
    return {(kind, path): why for kind, table in given.items() for path, why in table.items()}


@cache
def _samples_file() -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load((HERE / "fields.yaml").read_text())
    return given


def reason_of(kind: str, path: str) -> str:
    """Why a field is not offered; empty when nothing says so."""
    for (other, name), why in not_offered().items():
        block = name.removesuffix("*")
        inside = name.endswith(".*") and path.startswith(block)
        if other == kind and (path == name or inside):
            return why
    return ""


def class_of(kind: str, path: str) -> list[Class]:
    """The classes a documented field is in: exactly one, when all is well."""
    found = [s.class_ for s in samples() if (s.kind, s.path) == (kind, path)]
    if reason_of(kind, path):
        found.append(Class.NOT_OFFERED)
    if not found and documented(kind)[path].says is Class.OUTPUT_ONLY:
        found.append(Class.OUTPUT_ONLY)
    return found
