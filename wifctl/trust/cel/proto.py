"""A runtime descriptor of `cel.expr.CheckedExpr`: what the library serialises, without protoc.

Field numbers are those of cel-spec's `syntax.proto` and `checked.proto`; only what an expression's
shape needs is declared. Protobuf keeps fields it does not know, so newer libraries still decode.
"""

from __future__ import annotations

import functools
from typing import Any

_MESSAGES: dict[str, list[tuple[str, int, str, str]]] = {
    "Ident": [("name", 1, "string", "")],
    "Select": [
        ("operand", 1, "Expr", ""),
        ("field", 2, "string", ""),
        ("test_only", 3, "bool", ""),
    ],
    "Call": [("target", 1, "Expr", ""), ("function", 2, "string", ""), ("args", 3, "Expr", "many")],
    "CreateList": [("elements", 1, "Expr", "many")],
    "CreateStruct": [("message_name", 1, "string", "")],
    "Comprehension": [
        ("iter_var", 1, "string", ""),
        ("iter_range", 2, "Expr", ""),
        ("loop_step", 6, "Expr", ""),
    ],
    "Constant": [
        ("null_value", 1, "int64", "one"),
        ("bool_value", 2, "bool", "one"),
        ("int64_value", 3, "int64", "one"),
        ("uint64_value", 4, "uint64", "one"),
        ("double_value", 5, "double", "one"),
        ("string_value", 6, "string", "one"),
        ("bytes_value", 7, "bytes", "one"),
    ],
    "Expr": [
        ("id", 2, "int64", ""),
        ("const_expr", 3, "Constant", "one"),
        ("ident_expr", 4, "Ident", "one"),
        ("select_expr", 5, "Select", "one"),
        ("call_expr", 6, "Call", "one"),
        ("list_expr", 7, "CreateList", "one"),
        ("struct_expr", 8, "CreateStruct", "one"),
        ("comprehension_expr", 9, "Comprehension", "one"),
    ],
    "PositionsEntry": [("key", 1, "int64", ""), ("value", 2, "int32", "")],
    "SourceInfo": [("positions", 4, "PositionsEntry", "many")],
    "CheckedExpr": [("expr", 4, "Expr", ""), ("source_info", 5, "SourceInfo", "")],
}
_PACKAGE = "wifctl.cel"
_ANY_VALUE = ("value", 2, "bytes", "")


@functools.cache
def _message_class(name: str) -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(
        name="wifctl/cel.proto", package=_PACKAGE, syntax="proto3"
    )
    for message, fields in (*_MESSAGES.items(), ("Envelope", [_ANY_VALUE])):
        _declare(file.message_type.add(name=message), fields)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


def _declare(message: Any, fields: list[tuple[str, int, str, str]]) -> None:
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto

    for name, number, kind, how in fields:
        field = message.field.add(name=name, number=number)
        many = how == "many"
        field.label = (
            FieldDescriptorProto.LABEL_REPEATED if many else FieldDescriptorProto.LABEL_OPTIONAL
        )
        if kind[0].isupper():
            field.type = FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f".{_PACKAGE}.{kind}"
        else:
            field.type = getattr(FieldDescriptorProto, f"TYPE_{kind.upper()}")
        if how == "one":
            if not message.oneof_decl:
                message.oneof_decl.add(name="kind")
            field.oneof_index = 0


def decode(serialized: bytes) -> tuple[Any, dict[int, int]]:
    """The root expression of a serialised Any, and each node's position (0-based code points)."""
    envelope = _message_class("Envelope").FromString(serialized)
    checked = _message_class("CheckedExpr").FromString(envelope.value)
    return checked.expr, {entry.key: entry.value for entry in checked.source_info.positions}
