"""A wrong spec made valid with made-up values, so that checks beyond types can still run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wifctl.manifest.spec_errors import literals, model_at
from wifctl.schema import Spec

_ROUNDS = 6
_STAND_INS: Mapping[str, Any] = {
    "missing": "",
    "string_type": "",
    "int_type": 0,
    "float_type": 0.0,
    "bool_type": False,
    "dict_type": {},
    "model_type": {},
    "model_attributes_type": {},
    "list_type": [],
}


def mended(model: type[Spec], data: Mapping[str, Any], errors: Sequence[Any]) -> Any:
    """The spec with every wrong value replaced by one of the right type; None when that fails."""
    copy = _copied(data)
    for round_number in range(_ROUNDS):
        for error in errors:
            if round_number < _ROUNDS // 2:
                _mend(copy, error)
            else:
                _unchecked_block(model, copy, error["loc"])
        try:
            return model.model_validate(copy)
        except ValidationError as still:
            errors = still.errors(include_url=False)
    return None


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _mend(root: Any, error: Mapping[str, Any]) -> None:
    data = root
    loc: tuple[Any, ...] = error["loc"]
    if not loc:
        return
    last = loc[-1]
    for part in loc[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
    kind = error["type"]
    if not isinstance(data, dict | list):
        return
    if kind in _STAND_INS:
        data.__setitem__(last, _copied(_STAND_INS[kind]))
    elif kind == "literal_error":
        data.__setitem__(last, literals(error)[0])
    elif isinstance(data, dict):
        _cut(data, last, error)


def _unchecked_block(model: type[Spec], root: Any, loc: tuple[Any, ...]) -> None:
    """Put a block that cannot be made valid in as it is, its own limits unchecked."""
    data, block = root, model_at(model, loc[:-1])
    for part in loc[:-2]:
        data = data[part] if isinstance(data, dict) and part in data else None
    inner = data.get(loc[-2]) if isinstance(data, dict) and len(loc) > 1 else None
    if block is not None and isinstance(inner, dict):
        flat = {key: value for key, value in inner.items() if not isinstance(value, dict | list)}
        data[loc[-2]] = block.model_construct(**{str(loc[-1]): "", **flat})


def _cut(data: dict[str, Any], key: Any, error: Mapping[str, Any]) -> None:
    """Shorten what is too long, drop what is wrong otherwise."""
    most = error.get("ctx", {}).get("max_length")
    value = data.get(key)
    if most is not None and isinstance(value, str | list):
        data[key] = value[:most]
    else:
        data.pop(key, None)
