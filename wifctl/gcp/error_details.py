"""The machine-readable part of an error: ErrorInfo, RetryInfo, Retry-After."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2

_KNOWN: Mapping[str, Callable[[], Message]] = {
    "google.rpc.ErrorInfo": error_details_pb2.ErrorInfo,
    "google.rpc.RetryInfo": error_details_pb2.RetryInfo,
}


@dataclass(frozen=True, slots=True)
class Details:
    """What the machine-readable part of an error says."""

    reason: str = ""
    metadata: Mapping[str, str] | None = None
    retry_after: float | None = None
    """Seconds."""


NO_DETAILS = Details()


def from_messages(details: Iterable[Any]) -> Details:
    """What unpacked `google.rpc` messages say; unknown ones are passed over."""
    found = Details()
    for detail in details:
        if isinstance(detail, error_details_pb2.ErrorInfo):
            found = Details(detail.reason, dict(detail.metadata), found.retry_after)
        elif isinstance(detail, error_details_pb2.RetryInfo):
            seconds = detail.retry_delay.ToTimedelta().total_seconds()
            found = Details(found.reason, found.metadata, seconds)
    return found


def from_json(details: Iterable[Any]) -> Details:
    """The same, of `error.details` in a REST answer."""
    return from_messages(_parsed(d) for d in details if isinstance(d, Mapping))


def _parsed(detail: Mapping[str, Any]) -> Message | None:
    kind = str(detail.get("@type", "")).rpartition("/")[2]
    if kind not in _KNOWN:
        return None
    plain = {key: value for key, value in detail.items() if key != "@type"}
    try:
        return json_format.ParseDict(plain, _KNOWN[kind](), ignore_unknown_fields=True)
    except json_format.ParseError:
        return None


def header_delay(headers: Mapping[str, str]) -> float | None:
    """`Retry-After`: seconds or a date (RFC 9110 §10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
