"""JSON bodies and query strings → the canonical request, checked in Google's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.wire.masks import camel_paths
from wifctl.emulator.wire.shape import Field, Shape
from wifctl.emulator.wire.values import Unfit, default_of, scalar

SYSTEM_PARAMETERS = frozenset(
    {
        *("$.xgafv", "$alt", "$fields", "$key", "$prettyPrint", "$userProject", "$unique"),
        *("access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint"),
        *("quotaUser", "userProject", "uploadType", "upload_protocol", "$outputDefaults"),
    }
)
"""Query parameters that every Google API takes."""

_CANNOT_FIND = "Cannot find field."


class _Faults:
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def unknown(self, name: str, path: str) -> None:
        where = f" at '{path}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{name}"{where}: {_CANNOT_FIND}'
        self.found.append((path, text))

    def value(self, path: str, text: str) -> None:
        self.found.append((path, f"Invalid value at '{path}' {text}"))

    def no_list(self, path: str, name: str) -> None:
        text = f'Invalid JSON payload received. Unknown name "{name}": '
        self.found.append((path, f"{text}Proto field is not repeating, cannot start list."))

    def raise_any(self) -> None:
        if self.found:
            raise _refusal(self.found)


def decode_body(shape: Shape, body: Any, field: str) -> Json:
    """The request part that a JSON body makes: all of it (`*`) or one field of it."""
    faults = _Faults()
    if field in ("", "*"):
        request = _message(shape, body, "", faults)
    else:
        described = shape.fields[field]
        request = {described.json: _message(described.shape, body, described.proto, faults)}
    faults.raise_any()
    return request


def add_query(
    shape: Shape, request: Json, pairs: Iterable[tuple[str, str]], reserved: frozenset[str]
) -> None:
    """Put query parameters into the request. `reserved` are the fields the path or body sets."""
    faults: list[tuple[str, str]] = []
    for key, text in pairs:
        if key in SYSTEM_PARAMETERS:
            continue
        keys = key.split(".")
        first = shape.fields.get(keys[0])
        if first is None or first.json in reserved or not _bind(shape, request, keys, text):
            faults.append(("", _unbound(key)))
    if faults:
        raise _refusal(faults)


def finish(shape: Shape, request: Json) -> Json:
    """Spell the update mask's paths in camelCase, keys of maps left as they are."""
    if "updateMask" in request:
        request["updateMask"] = camel_paths(shape.mask_target, request["updateMask"])
    return request


def _unbound(key: str) -> str:
    text = f'Invalid JSON payload received. Unknown name "{key}": Cannot bind query parameter. '
    return f"{text}Field '{key}' could not be found in request message."


def _bind(shape: Shape, request: Json, keys: list[str], text: str) -> bool:
    field = shape.fields.get(keys[0])
    if field is None or field.value is not None:
        return False
    if field.kind == "MESSAGE":
        return len(keys) > 1 and _bind(
            field.shape, request.setdefault(field.json, {}), keys[1:], text
        )
    if len(keys) > 1:
        return False
    try:
        value = scalar(field, text)
    except Unfit as unfit:
        raise _refusal([(field.proto, f"Invalid value at '{field.proto}' {unfit}")]) from None
    if field.repeated:
        request.setdefault(field.json, []).append(value)
    elif field.presence or value != default_of(field):
        request[field.json] = value
    return True


def _message(shape: Shape, body: Any, path: str, faults: _Faults) -> Json:
    if not isinstance(body, dict):
        place = f" at '{path}'" if path else ""
        faults.found.append((path, f"Invalid JSON payload received. {_ROOT}{place}."))
        return {}
    result: Json = {}
    oneofs: dict[str, str] = {}
    for name, value in body.items():
        field = shape.fields.get(name)
        if field is None:
            faults.unknown(name, path)
        elif value is not None:
            here = f"{path}.{field.proto}" if path else field.proto
            if field.oneof and oneofs.setdefault(field.oneof, field.json) != field.json:
                faults.value(
                    path,
                    f"(oneof), oneof field '{field.oneof}' is already set. "
                    f"Cannot set '{field.json}'",
                )
            _field(field, value, here, faults, result)
    return result


_ROOT = "Root element must be a message"


def _field(field: Field, value: Any, path: str, faults: _Faults, result: Json) -> None:
    if field.value is not None:
        found: Any = _map(field.value, value, path, faults)
    elif field.repeated:
        found = _list(field, value, path, faults)
    else:
        found = _single(field, value, path, faults)
        if field.presence or found != default_of(field):
            result[field.json] = found
        return
    if found:
        result[field.json] = found


def _list(field: Field, value: Any, path: str, faults: _Faults) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    return [_single(field, item, f"{path}[{i}]", faults) for i, item in enumerate(items)]


def _map(field: Field, value: Any, path: str, faults: _Faults) -> Json:
    if not isinstance(value, dict):
        faults.value(path, "(Map), Cannot bind a value that is no object to a map field")
        return {}
    return {
        k: _single(field, v, f"{path}[{i}].value", faults) for i, (k, v) in enumerate(value.items())
    }


def _single(field: Field, value: Any, path: str, faults: _Faults) -> Any:
    if field.kind == "MESSAGE":
        return _message(field.shape, value, path, faults)
    if isinstance(value, list) and field.kind != "FREE":
        faults.no_list(path, field.proto)
        return default_of(field)
    try:
        return scalar(field, value)
    except Unfit as unfit:
        faults.value(path, str(unfit))
        return default_of(field)


def _refusal(found: list[tuple[str, str]]) -> ApiError:
    violations = [{"field": path, "description": text} for path, text in found]
    for violation in violations:
        if not violation["field"]:
            del violation["field"]
    details = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
    return invalid("\n".join(text for _path, text in found), details)
