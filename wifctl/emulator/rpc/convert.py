"""Protobuf messages ↔ the canonical dicts that handlers speak."""

from __future__ import annotations

from typing import Any

from google.iam.v1 import policy_pb2
from google.protobuf import json_format
from google.protobuf.message import Message

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.rpc.unknown import keep_unknown, restore_unknown
from wifctl.emulator.wire.masks import camel_paths
from wifctl.emulator.wire.shape import Shape


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
    if isinstance(getattr(message, "policy", None), policy_pb2.Policy):
        request.setdefault("policy", {})
        keep_unknown(message.policy, request["policy"])
    return request


def to_message(kind: type[Message], answer: Json) -> Message:
    """The message of a canonical answer."""
    message = json_format.ParseDict(answer, kind(), ignore_unknown_fields=True)
    if isinstance(message, policy_pb2.Policy):
        restore_unknown(message, answer)
    return message
