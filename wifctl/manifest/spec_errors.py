"""One error of pydantic's → one finding in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wifctl.manifest import fields, words
from wifctl.manifest.report import Report
from wifctl.manifest.yaml.document import BROKEN
from wifctl.schema import Spec, block_type, item_type

Loc = tuple[int | str, ...]

_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
}


def path_of(loc: Loc) -> str:
    """pydantic's location as a field path below the document."""
    path = "spec"
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path


def report(report: Report, model: type[Spec], error: Mapping[str, Any]) -> None:
    """Say one error in words, at its position; silent about values reported already."""
    kind, loc, value = error["type"], error["loc"], error.get("input")
    path = path_of(loc)
    if value is BROKEN:
        return
    if kind == "extra_forbidden":
        report.unknown(path, str(loc[-1]), names_at(model, loc[:-1]))
    elif kind == "missing":
        _missing(report, model, path, loc)
    elif kind in _TYPES:
        fix = fields.truth_fix(value) if kind == "bool_type" else ""
        report.wrong_type(path, _TYPES[kind], value, fix)
    else:
        _limit(report, path, error)


def _missing(report: Report, model: type[Spec], path: str, loc: Loc) -> None:
    block = model_at(model, loc[:-1])
    fields_there = block.model_fields.items() if block else ()
    about = next((f.description or "" for n, f in fields_there if (f.alias or n) == loc[-1]), "")
    report.value("missing-field", path, "is missing", allowed=about, fix=f"add `{loc[-1]}:`")


def model_at(model: type[Spec] | None, loc: Loc) -> type[Spec] | None:
    """The spec class of the block a location leads to, or None."""
    inside = False
    for part in loc:
        if inside:
            inside = False
            continue
        if model is None:
            return None
        annotation = next(
            (f.annotation for n, f in model.model_fields.items() if (f.alias or n) == part), None
        )
        block = block_type(annotation)
        model = block or item_type(annotation)
        inside = block is None
    return model


def names_at(model: type[Spec], loc: Loc) -> tuple[str, ...]:
    """The field names allowed in the block a location leads to."""
    found = model_at(model, loc)
    return tuple(f.alias or n for n, f in found.model_fields.items()) if found else ()


def _limit(report: Report, path: str, error: Mapping[str, Any]) -> None:
    context: Mapping[str, Any] = error.get("ctx", {})
    value = error.get("input")
    speak = _LIMITS.get(error["type"])
    if speak is None:
        report.value("not-allowed", path, str(error["msg"]), fix="see the reference page")
        return
    code, message, allowed, fix = speak(value, context, path)
    report.value(code, path, message, allowed=allowed, fix=fix)


Words = tuple[str, str, str, str]


def _literal(value: Any, context: Mapping[str, Any], path: str) -> Words:
    names = literals({"ctx": context})
    near = words.nearest(value, names) if isinstance(value, str) else ""
    fix = f"did you mean {near}?" if near else "choose one of them"
    return "not-allowed", f"found {words.found(value, path)}", words.listed(names, 20), fix


def literals(error: Mapping[str, Any]) -> list[str]:
    """The texts a literal_error would have taken; at least one."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    return [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]


def _long(value: Any, context: Mapping[str, Any], path: str) -> Words:
    del path
    most = context["max_length"]
    return "too-long", f"{len(value)} characters", f"at most {most}", f"cut {len(value) - most}"


def _short(value: Any, context: Mapping[str, Any], path: str) -> Words:
    del value, path
    least = context["min_length"]
    return "empty", "is empty or too short", f"at least {least} characters", "fill it in"


def _many(value: Any, context: Mapping[str, Any], path: str) -> Words:
    del path
    most = context["max_length"]
    return "too-many", f"{len(value)} items", f"at most {most}", f"remove {len(value) - most}"


def _few(value: Any, context: Mapping[str, Any], path: str) -> Words:
    del path
    least = context["min_length"]
    return "empty", f"{len(value)} items", f"at least {least}", "add one, or remove the field"


def _low(value: Any, context: Mapping[str, Any], path: str) -> Words:
    least = context.get("ge", context.get("gt"))
    return "out-of-range", f"found {words.found(value, path)}", f"at least {least}", "raise it"


def _high(value: Any, context: Mapping[str, Any], path: str) -> Words:
    most = context.get("le", context.get("lt"))
    return "out-of-range", f"found {words.found(value, path)}", f"at most {most}", "lower it"


def _pattern(value: Any, context: Mapping[str, Any], path: str) -> Words:
    wanted = f"a text that matches {context['pattern']}"
    return "bad-format", f"found {words.found(value, path)}", wanted, "write it in that form"


_LIMITS: Mapping[str, Callable[[Any, Mapping[str, Any], str], Words]] = {
    "literal_error": _literal,
    "string_too_long": _long,
    "string_too_short": _short,
    "too_long": _many,
    "too_short": _few,
    "greater_than_equal": _low,
    "greater_than": _low,
    "less_than_equal": _high,
    "less_than": _high,
    "string_pattern_mismatch": _pattern,
}
