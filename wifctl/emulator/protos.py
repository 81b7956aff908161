"""Message classes for APIs without a published package, written down in a subset of proto3.

They live in a pool of their own, so that a client in the same process may load Google's classes of
the same full names. Field numbers count only where a gRPC door speaks the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.longrunning import operations_pb2
from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    message_factory,
    struct_pb2,
    timestamp_pb2,
)
from google.protobuf.message import Message

_KNOWN = (
    any_pb2,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
    operations_pb2,
    policy_pb2,
    iam_policy_pb2,
)
_TOKEN = re.compile(r"//[^\n]*|[A-Za-z_.][\w.]*|\d+|[{}<>=,;]")
_SCALARS = {
    "double": 1,
    "float": 2,
    "int64": 3,
    "uint64": 4,
    "int32": 5,
    "bool": 8,
    "string": 9,
    "bytes": 12,
    "uint32": 13,
}
_MESSAGE = 11

POOL = descriptor_pool.DescriptorPool()
"""Holds every message defined here; a gRPC answer finds the types of its `Any` values in it."""
_seen: set[str] = set()


def define(package: str, source: str) -> dict[str, type[Message]]:
    """The top-level message classes of a proto3 text, by name.

    Understood: `message`, nested ones included, `enum`, `oneof`, `optional`, `repeated`, `map<,>`,
    scalars, and full names of the well-known types, `google.longrunning.Operation` and
    `google.iam.v1.*`. Types of the same package are named plainly, nested ones as `Outer.Inner`.
    """
    file = descriptor_pb2.FileDescriptorProto(
        name=f"wifctl/{package}.proto", package=package, syntax="proto3"
    )
    file.dependency.extend(module.DESCRIPTOR.name for module in _KNOWN)
    _Reader(package, source).read(file)
    return add_file(file)


def add_file(file: Any) -> dict[str, type[Message]]:
    """The top-level message classes of a FileDescriptorProto that needs only well-known types."""
    for module in _KNOWN:
        _adopt(module.DESCRIPTOR)
    POOL.Add(file)
    return {
        m.name: message_factory.GetMessageClass(
            POOL.FindMessageTypeByName(f"{file.package}.{m.name}")
        )
        for m in file.message_type
    }


def _adopt(file: Any) -> None:
    if file.name in _seen:
        return
    _seen.add(file.name)
    for dependency in file.dependencies:
        _adopt(dependency)
    POOL.AddSerializedFile(file.serialized_pb)


class _Reader:
    def __init__(self, package: str, source: str) -> None:
        self._package = package
        words = (w for w in _TOKEN.findall(source) if not w.startswith("//"))
        self._words: Iterator[str] = iter(words)

    def read(self, file: Any) -> None:
        for word in self._words:
            if word == "message":
                self._message(file.message_type.add(name=next(self._words)))
            elif word == "enum":
                self._enum(file.enum_type.add(name=next(self._words)))
            else:
                raise ValueError(f"unexpected {word!r} in the proto text of {self._package}")

    def _message(self, message: Any, oneof: int | None = None) -> None:
        if oneof is None:
            self._take("{")
        while (word := next(self._words)) != "}":
            if word == "message":
                self._message(message.nested_type.add(name=next(self._words)))
            elif word == "enum":
                self._enum(message.enum_type.add(name=next(self._words)))
            elif word == "oneof":
                message.oneof_decl.add(name=next(self._words))
                self._take("{")
                self._message(message, len(message.oneof_decl) - 1)
            else:
                self._field(message, word, oneof)
        if oneof is None:
            _declare_presence(message)

    def _field(self, message: Any, word: str, oneof: int | None) -> None:
        field: Any = descriptor_pb2.FieldDescriptorProto()
        field.label = 1
        if word == "repeated":
            field.label, word = 3, next(self._words)
        optional = word == "optional"
        if optional:
            word = next(self._words)
        if word == "map":
            self._map(message, field)
        else:
            self._type(field, word)
            field.name = next(self._words)
        self._take("=")
        field.number = int(next(self._words))
        self._take(";")
        if optional:
            field.proto3_optional = True
        if oneof is not None:
            field.oneof_index = oneof
        message.field.append(field)

    def _map(self, message: Any, field: Any) -> None:
        self._take("<")
        key = next(self._words)
        self._take(",")
        value = next(self._words)
        self._take(">")
        field.name = next(self._words)
        entry = message.nested_type.add(name="".join(map(str.title, field.name.split("_"))))
        entry.name += "Entry"
        entry.options.map_entry = True
        for number, (name, kind) in enumerate((("key", key), ("value", value)), start=1):
            self._type(entry.field.add(name=name, number=number, label=1), kind)
        field.label, field.type, field.type_name = 3, _MESSAGE, entry.name

    def _type(self, field: Any, word: str) -> None:
        if word in _SCALARS:
            field.type = _SCALARS[word]
        else:
            field.type_name = word if not word.startswith("google.") else f".{word}"

    def _enum(self, enum: Any) -> None:
        self._take("{")
        while (name := next(self._words)) != "}":
            self._take("=")
            enum.value.add(name=name, number=int(next(self._words)))
            self._take(";")

    def _take(self, wanted: str) -> None:
        if (word := next(self._words)) != wanted:
            raise ValueError(f"{wanted!r} wanted, {word!r} found in {self._package}")


def _declare_presence(message: Any) -> None:
    """`optional` fields become oneofs of one, which must follow all real ones."""
    for field in message.field:
        if field.proto3_optional:
            field.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")
