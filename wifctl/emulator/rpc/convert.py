"""Protobuf messages ↔ the canonical dicts that handlers speak."""

from __future__ import annotations

from typing import Any

from google.iam.v1 import policy_pb2
from google.protobuf import json_format
from google.protobuf.message import Message

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.rpc.message import fill, read
from wifctl.emulator.rpc.unknown import keep_unknown, restore_unknown
from wifctl.emulator.wire.masks import camel_paths
from wifctl.emulator.wire.shape import Shape


def to_request(shape: Shape, message: Any) -> Json:
    """The canonical request of a message. Raises INVALID_ARGUMENT for values JSON cannot say."""
    try:
        request = read(shape, message)
    except (json_format.Error, ValueError, TypeError) as error:
        raise invalid(f"Request contains an invalid argument: {error}") from None
    if "updateMask" in request:
        request["updateMask"] = camel_paths(shape.mask_target, request["updateMask"])
    if "policy" in request and isinstance(message.policy, policy_pb2.Policy):
        keep_unknown(message.policy, request["policy"])
    return request


def to_message(shape: Shape, kind: type[Message], answer: Json) -> Message:
    """The message of a canonical answer."""
    message = kind()
    fill(shape, message, answer)
    if isinstance(message, policy_pb2.Policy):
        restore_unknown(message, answer)
    return message
