"""Protobuf messages ↔ the canonical dicts that handlers speak."""

from __future__ import annotations

import base64
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.protos import POOL
from wifctl.emulator.wire.masks import camel_paths
from wifctl.emulator.wire.shape import Shape

WIRE = "@wire"
"""Key under which a policy keeps its own bytes (base64) when they hold fields we do not know."""


def to_request(shape: Shape, message: Any) -> Json:
    """The canonical request of a message. Raises INVALID_ARGUMENT for values JSON cannot say."""
    mask = None
    if "update_mask" in shape.fields and message.HasField("update_mask"):
        mask = list(message.update_mask.paths)
        message.ClearField("update_mask")
    try:
        request: Json = json_format.MessageToDict(message)
    except (json_format.Error, ValueError, TypeError) as error:
        raise invalid(f"Request contains an invalid argument: {error}") from None
    if mask is not None:
        request["updateMask"] = camel_paths(shape.mask_target, mask)
    if "policy" in request and _holds_unknown(message.policy):
        wire = base64.b64encode(message.policy.SerializeToString()).decode()
        request["policy"] = {**request["policy"], WIRE: wire}
    return request


def to_message(kind: type[Message], answer: Json) -> Message:
    """The message of a canonical answer."""
    message = json_format.ParseDict(
        answer, kind(), ignore_unknown_fields=True, descriptor_pool=POOL
    )
    if wire := answer.get(WIRE):
        kept = kind.FromString(base64.b64decode(wire))
        _graft(kept, message)
        return kept
    return message


def _holds_unknown(policy: Any) -> bool:
    bindings = list(policy.bindings)
    parts = [policy, *bindings, *(b.condition for b in bindings), *policy.audit_configs]
    return any(len(UnknownFieldSet(part)) for part in parts)


def _graft(kept: Any, answer: Any) -> None:
    """Put the server's own version and etag into the bytes that were kept."""
    kept.version = answer.version
    kept.etag = answer.etag
