"""What a message may hold, compiled once from its protobuf descriptor."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

INTEGERS: Mapping[str, tuple[int, int]] = {
    "INT32": (-(2**31), 2**31 - 1),
    "UINT32": (0, 2**32 - 1),
    "INT64": (-(2**63), 2**63 - 1),
    "UINT64": (0, 2**64 - 1),
}
"""Inclusive bounds; the 64-bit ones travel as decimal strings."""

FREE = frozenset({"Struct", "Value", "ListValue", "Any"})
"""Well-known types whose JSON is whatever the caller likes."""
TEXTS = frozenset({"Timestamp", "Duration", "FieldMask"})
"""Well-known types that are a string in JSON."""

_KINDS = {
    1: "DOUBLE",
    2: "DOUBLE",
    3: "INT64",
    4: "UINT64",
    5: "INT32",
    6: "UINT64",
    7: "UINT32",
    8: "BOOL",
    9: "STRING",
    11: "MESSAGE",
    12: "BYTES",
    13: "UINT32",
    14: "ENUM",
    15: "INT32",
    16: "INT64",
    17: "INT32",
    18: "INT64",
}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: its two spellings and what its values are."""

    json: str
    proto: str
    kind: str
    """`STRING`, `BOOL`, `BYTES`, `DOUBLE`, a key of INTEGERS, `ENUM`, `MESSAGE`, a name of TEXTS,
    or `FREE`."""
    repeated: bool
    presence: bool
    """Whether a default value is kept, because absence differs from it."""
    type_name: str = ""
    message: Any = None
    """The descriptor of a MESSAGE; its shape is compiled when first needed."""
    value: Field | None = None
    """The value field of a map."""
    enum: Mapping[str, int] | None = None
    numbers: Mapping[int, str] | None = None
    oneof: str = ""

    @property
    def shape(self) -> Shape:
        """The shape of a MESSAGE field."""
        return shape_of(self.message)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One message: its fields under both spellings, and in JSON order."""

    name: str
    fields: Mapping[str, Field]
    ordered: tuple[Field, ...]

    @property
    def mask_target(self) -> Shape | None:
        """What the update mask of this request speaks of: its only plain message field."""
        found = [f for f in self.ordered if f.kind == "MESSAGE" and not f.value and not f.repeated]
        return found[0].shape if found else None


@functools.cache
def shape_of(descriptor: Any) -> Shape:
    """The compiled shape of a message descriptor."""
    ordered = tuple(_field(f) for f in descriptor.fields)
    fields = {f.proto: f for f in ordered} | {f.json: f for f in ordered}
    return Shape(descriptor.full_name, fields, ordered)


@functools.cache
def message_class(reference: str) -> type[Message]:
    """The protobuf class behind `module:Class`; proto-plus classes are unwrapped."""
    module_name, _, name = reference.partition(":")
    module = importlib.import_module(module_name)
    found = getattr(module, name, None) or module.MESSAGES[name]
    return found if hasattr(found, "DESCRIPTOR") else found.pb()  # type: ignore[no-any-return]


def _field(descriptor: Any) -> Field:
    message = descriptor.message_type
    if message is not None and message.GetOptions().map_entry:
        value = _field(message.fields_by_name["value"])
        return Field(descriptor.json_name, descriptor.name, "MESSAGE", False, False, value=value)
    enum = descriptor.enum_type
    oneof = descriptor.containing_oneof
    real_oneof = oneof is not None and len(oneof.fields) > 1
    return Field(
        descriptor.json_name,
        descriptor.name,
        _kind(descriptor),
        _repeated(descriptor),
        descriptor.has_presence,
        (message or enum).full_name if message or enum else "",
        message,
        enum={v.name: v.number for v in enum.values} if enum else None,
        numbers={v.number: v.name for v in reversed(enum.values)} if enum else None,
        oneof=oneof.name if real_oneof else "",
    )


def _kind(descriptor: Any) -> str:
    kind = _KINDS[descriptor.type]
    if kind != "MESSAGE" or descriptor.message_type.file.package != "google.protobuf":
        return kind
    name = descriptor.message_type.name
    return "FREE" if name in FREE else name if name in TEXTS else kind


def _repeated(descriptor: Any) -> bool:
    known = getattr(descriptor, "is_repeated", None)
    if known is not None:
        return bool(known)
    return bool(descriptor.label == FieldDescriptor.LABEL_REPEATED)
