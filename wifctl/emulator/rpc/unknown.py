"""Fields of a policy that this emulator does not know: kept beside each part, given back with it.

A newer client may send them; a read-modify-write through gRPC must not lose them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from google.protobuf.unknown_fields import UnknownFieldSet

from wifctl.emulator.errors import Json

KEY = "@unknown"
"""Where a stored dict keeps the bytes (base64) of its message's unknown fields."""


def keep_unknown(policy: Any, answer: Json) -> None:
    """Note the unknown fields of a Policy message in its canonical form."""
    for message, part in _parts(policy, answer):
        if len(UnknownFieldSet(message)):
            part[KEY] = base64.b64encode(_unknown_bytes(message)).decode()


def restore_unknown(policy: Any, answer: Json) -> None:
    """Put the fields noted in the canonical form into the Policy message made from it."""
    for message, part in _parts(policy, answer):
        if kept := part.get(KEY):
            message.MergeFromString(base64.b64decode(kept))


def _parts(policy: Any, answer: Json) -> Iterator[tuple[Any, Json]]:
    yield policy, answer
    for binding, part in zip(policy.bindings, answer.get("bindings", []), strict=True):
        yield binding, part
        if "condition" in part:
            yield binding.condition, part["condition"]
    configs = answer.get("auditConfigs", [])
    yield from zip(policy.audit_configs, configs, strict=True)


def _unknown_bytes(message: Any) -> bytes:
    copy = type(message)()
    copy.CopyFrom(message)
    for field, _value in copy.ListFields():
        copy.ClearField(field.name)
    return bytes(copy.SerializeToString())
