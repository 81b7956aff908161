"""Single JSON values → their canonical proto-JSON form, or a refusal."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from wifctl.emulator.wire.shape import INTEGERS, Field

MAX_DEPTH = 100
"""How deep free-form JSON may nest, as in protobuf itself."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")
_INTEGER = re.compile(r"-?\d{1,20}")


class Unfit(Exception):  # noqa: N818 - a signal inside this package, never seen outside
    """The value does not fit the field; the text follows `Invalid value at '…' `."""


def scalar(field: Field, value: Any) -> Any:
    """The canonical form of one value of a scalar, enum, text or free-form field."""
    return _READERS[field.kind](field, value)


def default_of(field: Field) -> Any:
    """The proto3 default of a scalar, in canonical form."""
    return field.numbers.get(0, 0) if field.numbers else _DEFAULTS.get(field.kind)


def _refuse(kind: str, value: Any) -> Unfit:
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
    return Unfit(f"({kind}), {shown[:200]}")


def _string(_field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse("TYPE_STRING", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unfit("(TYPE_STRING), the text is not valid UTF-8") from None
    return value


def _bool(_field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _refuse("TYPE_BOOL", value)


def _integer(field: Field, value: Any) -> int | str:
    low, high = INTEGERS[field.kind]
    text = isinstance(value, str) and _INTEGER.fullmatch(value)
    whole = isinstance(value, float) and math.isfinite(value) and value.is_integer()
    number = int(value) if text or whole else value
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
        raise _refuse(f"TYPE_{field.kind}", value)
    return str(number) if field.kind.endswith("64") else number


def _double(_field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _refuse("TYPE_DOUBLE", value)
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise _refuse("TYPE_DOUBLE", value) from None


def _bytes(_field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("(TYPE_BYTES), it must be base64 text")
    text = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        if not _BASE64.fullmatch(value):
            raise ValueError
        return base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4))).decode()
    except ValueError:
        # What was sent may be a payload: it is not repeated.
        raise Unfit("(TYPE_BYTES), Base64 decoding failed") from None


def _enum(field: Field, value: Any) -> str:
    names, numbers = field.enum or {}, field.numbers or {}
    # Google's front end ignores the case: gcloud sends cleanup policies as `Keep` and `any`.
    if isinstance(value, str) and value.upper() in names:
        return value.upper()
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
        return numbers[value]
    raise _refuse(f"type.googleapis.com/{field.type_name}", value)


def _text(kind: Callable[[], Any]) -> Callable[[Field, Any], str]:
    def read(field: Field, value: Any) -> str:
        message = kind()
        try:
            message.FromJsonString(value)
            return str(message.ToJsonString())
        except (ValueError, TypeError, AttributeError, OverflowError):
            raise _refuse(f"type.googleapis.com/{field.type_name}", value) from None

    return read


def _mask(field: Field, value: Any) -> list[str]:
    if not isinstance(value, str):
        raise _refuse(f"type.googleapis.com/{field.type_name}", value)
    return [path.strip() for path in value.split(",") if path.strip()]


def _free(_field: Field, value: Any) -> Any:
    level, layer = 0, [value]
    while layer:
        level += 1
        if level > MAX_DEPTH:
            raise Unfit("(nested too deep)")
        layer = [child for item in layer for child in _children(item)]
    return value


def _children(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "STRING": _string,
    "BOOL": _bool,
    "BYTES": _bytes,
    "DOUBLE": _double,
    "ENUM": _enum,
    "Timestamp": _text(Timestamp),
    "Duration": _text(Duration),
    "FieldMask": _mask,
    "FREE": _free,
    **dict.fromkeys(INTEGERS, _integer),
}
_DEFAULTS: Mapping[str, Any] = {
    "STRING": "",
    "BOOL": False,
    "BYTES": "",
    "DOUBLE": 0.0,
    "INT32": 0,
    "UINT32": 0,
    "INT64": "0",
    "UINT64": "0",
}
