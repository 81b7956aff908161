"""The base of all specs, the markers fields carry, and the field rules read from them.

Attribute names are snake_case, YAML and JSON names Google's camelCase. Markers stand in
`Annotated[...]`; what they mean for comparing and writing is collected once into `FieldRule`s.
"""

from __future__ import annotations

import enum
import functools
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Spec(BaseModel):
    """The base of every spec and of every block inside one: strict, frozen, no unknown fields."""

    model_config = ConfigDict(
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


class Shape(enum.StrEnum):
    """How two values of a field are brought to one form before they are compared."""

    PLAIN = "plain"
    SET = "set"
    """A list whose order means nothing."""
    MAP = "map"
    JSON = "json"
    """A block compared as a whole, JSON as JSON."""
    JSON_TEXT = "json-text"
    """A string that holds JSON."""
    XML_TEXT = "xml-text"
    PEM_TEXT = "pem-text"
    CEL_TEXT = "cel-text"
    DURATION = "duration"
    TIME = "time"
    NAME = "name"
    """A resource name whose project may be spelled by id or by number."""


class Carry(enum.StrEnum):
    """What omission leaves alone: `null` removes instead."""

    NO = ""
    VALUE = "value"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Immutable:
    """Google cannot change the field in place; `way_out` is the sentence that says what to do."""

    way_out: str
    unless: Callable[[Any, Any], bool] | None = None
    """(live, desired) → whether this one change can be made all the same."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {**handler(schema), "x-wifctl-immutable": True}


@dataclass(frozen=True, slots=True)
class ServerDefault:
    """What Google fills in when the field is omitted; equal to omission on both sides."""

    value: Any


class InputOnly:
    """Google never returns the field: sent at create, shown as `(not observable)`."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {**handler(schema), "writeOnly": True}


class MayHide:
    """Google may leave the field out of its answers: absence in live says nothing."""


class AfterCreate:
    """Google takes the field in an update only, e.g. aliases of versions that must exist first."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Omission leaves the live value (or the live keys) alone, `null` removes."""

    carry: Carry = Carry.VALUE


@dataclass(frozen=True, slots=True)
class Compared:
    """The shape under which the field is compared."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Reference:
    """The field names a document of one of these kinds, or a full resource name."""

    kinds: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {**handler(schema), "x-wifctl-reference": list(self.kinds)}


class Ours:
    """A short form or instruction of wifctl's: no field of Google's, never compared or sent."""


class FromFile:
    """A text that may also be given as `{file: path}`; the loader puts the file's text in."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        file = {
            "type": "object",
            "properties": {"file": {"type": "string", "description": "A path to read it from."}},
            "required": ["file"],
            "additionalProperties": False,
        }
        inner = handler(schema)
        about = {key: inner.pop(key) for key in ("title", "description") if key in inner}
        return {**about, "anyOf": [inner, file]}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """All that comparing and writing need to know of one leaf field of Google's."""

    path: str
    """The mask path, e.g. `oidc.issuerUri`."""
    shape: Shape = Shape.PLAIN
    default: Any = None
    """The server default in normal form; a value equal to it counts as absent."""
    immutable: str = ""
    in_place: Callable[[Any, Any], bool] | None = None
    """Of an immutable field: whether a change from live to desired can be made all the same."""
    input_only: bool = False
    may_hide: bool = False
    carry: Carry = Carry.NO
    after_create: bool = False
    virtual: bool = False
    """Compared but never sent, e.g. the type of a provider."""


@dataclass(frozen=True, slots=True)
class ReferenceUse:
    """One reference a spec makes."""

    path: str
    kinds: tuple[str, ...]
    text: str


def _unwrapped(annotation: Any) -> Any:
    """The type inside `X | None`."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        if len(inner) == 1:
            return _unwrapped(inner[0])
    if typing.get_origin(annotation) is typing.Annotated:
        return _unwrapped(typing.get_args(annotation)[0])
    return annotation


def block_type(annotation: Any) -> type[Spec] | None:
    """The spec class a field holds directly, or None for a leaf."""
    inner = _unwrapped(annotation)
    return inner if isinstance(inner, type) and issubclass(inner, Spec) else None


def item_type(annotation: Any) -> type[Spec] | None:
    """The spec class a list or a map of the field holds, or None."""
    inner = _unwrapped(annotation)
    args = typing.get_args(inner)
    if typing.get_origin(inner) in (list, tuple, dict) and args:
        return block_type(args[-1] if args[-1] is not Ellipsis else args[0])
    return None


M = typing.TypeVar("M")


def marker(metadata: list[Any], wanted: type[M]) -> M | None:
    """The marker of one type among a field's metadata."""
    return next((m for m in metadata if isinstance(m, wanted)), None)


def _rule(path: str, metadata: list[Any]) -> FieldRule:
    compared = marker(metadata, Compared)
    default = marker(metadata, ServerDefault)
    immutable = marker(metadata, Immutable)
    carried = marker(metadata, Carried)
    return FieldRule(
        path,
        compared.shape if compared else Shape.PLAIN,
        default.value if default else None,
        immutable.way_out if immutable else "",
        immutable.unless if immutable else None,
        marker(metadata, InputOnly) is not None,
        marker(metadata, MayHide) is not None,
        carried.carry if carried else Carry.NO,
        marker(metadata, AfterCreate) is not None,
    )


def _walk(spec: type[Spec], prefix: str) -> Iterator[FieldRule]:
    for name, field in spec.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        if marker(field.metadata, Ours):
            continue
        block = block_type(field.annotation)
        if block is not None and marker(field.metadata, Compared) is None:
            yield from _walk(block, f"{path}.")
        else:
            yield _rule(path, field.metadata)


@functools.cache
def field_rules(spec: type[Spec]) -> Mapping[str, FieldRule]:
    """Mask path → rule for every field of Google's that a spec has, in the order of the spec."""
    return {rule.path: rule for rule in _walk(spec, "")}


def references(spec: Spec, prefix: str = "") -> Iterator[ReferenceUse]:
    """Every reference a spec makes, with the path below `spec` where it stands."""
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        if value is None:
            continue
        path = f"{prefix}{field.alias or name}"
        reference = marker(field.metadata, Reference)
        if reference and isinstance(value, str):
            yield ReferenceUse(path, reference.kinds, value)
        else:
            yield from _inner_references(path, value)


def _inner_references(path: str, value: object) -> Iterator[ReferenceUse]:
    if isinstance(value, Spec):
        yield from references(value, f"{path}.")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _inner_references(f"{path}[{index}]", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inner_references(f"{path}.{key}", item)


@functools.cache
def file_paths(spec: type[Spec], prefix: str = "") -> frozenset[str]:
    """Paths of fields that may be `{file: path}`; list items appear as `[]`."""
    found: set[str] = set()
    for name, field in spec.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        if marker(field.metadata, FromFile):
            found.add(path)
        if block := block_type(field.annotation):
            found |= file_paths(block, f"{path}.")
        elif item := item_type(field.annotation):
            found |= file_paths(item, f"{path}[].")
    return frozenset(found)
