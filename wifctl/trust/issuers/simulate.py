"""Claims of tokens as an issuer would make them, from the values of a workload."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.trust.issuers.catalogue import issuer
from wifctl.trust.issuers.model import Claim, ClaimType, Issuer, Parameter, Template, Values

LIFETIME = timedelta(minutes=10)
_PLACE = re.compile(r"\{([a-z_0-9]+)(\|escaped)?\}")


def simulate(name: str, /, *, now: datetime | None = None, **values: object) -> dict[str, object]:
    """The claims of a token of this issuer, or the assertion of an AWS, SAML or X.509 one.

    A value is a parameter of the entry (`owner`, `event`, …; the rest keeps its example) or
    replaces a claim of that name; an empty one takes it away. Text becomes the claim's type,
    other values replace it as they are. `now` adds `iat` and `exp`.
    Raises WifctlError for a value the issuer knows nothing of.
    """
    entry = issuer(name)
    given, replaced = _sorted_out(entry, values)
    return claims_of(entry, resolve(entry, given), replaced, now)


def simulate_other_tenant(name: str, /, *, now: datetime | None = None) -> dict[str, object]:
    """The claims of the same job in another tenant, which no condition may let in."""
    entry = issuer(name)
    other = {item.name: item.other for item in entry.parameters if item.other is not None}
    return claims_of(entry, resolve(entry, other), {}, now)


def resolve(entry: Issuer, given: Values) -> dict[str, str]:
    """Every parameter's value: the given one, else the first choice that holds."""
    values: dict[str, str] = {}
    for parameter in entry.parameters:
        name = parameter.name
        values[name] = given[name] if name in given else _default(parameter, values)
    return values


def _default(parameter: Parameter, values: Values) -> str:
    for choice in parameter.choices:
        if all(fnmatch.fnmatchcase(values[name], glob) for name, glob in choice.when.items()):
            return fill(choice.value, values)
    return ""


def fill(text: str, values: Values) -> str:
    """The text with its parameters filled in; "" when one of them has no value.

    Braces around anything else are kept: CEL's `extract` has its own.
    """
    names = [found[1] for found in _PLACE.finditer(text) if found[1] in values]
    if any(not values[name] for name in names):
        return ""
    return _PLACE.sub(lambda found: _value(found, values), text)


def _value(found: re.Match[str], values: Values) -> str:
    if found[1] not in values:
        return found[0]
    return values[found[1]].replace(":", "%3A") if found[2] else values[found[1]]


def fill_cel(text: str, values: Values) -> str:
    """A CEL expression with parameters filled into its string literals, escaped for them."""
    escaped = {
        name: re.sub(r"[\\'\"]", lambda found: f"\\{found[0]}", value)
        for name, value in values.items()
    }
    return _PLACE.sub(lambda found: escaped.get(found[1], found[0]), text)


def recommended_condition(name: str, /, **values: object) -> str:
    """The entry's attributeCondition for this workload."""
    entry = issuer(name)
    return fill_cel(entry.condition, resolve(entry, _sorted_out(entry, values)[0]))


def recommended_mapping(name: str, /, **values: object) -> dict[str, str]:
    """The entry's attributeMapping for this workload."""
    entry = issuer(name)
    resolved = resolve(entry, _sorted_out(entry, values)[0])
    return {key: fill_cel(text, resolved) for key, text in entry.mapping.items()}


def claims_of(
    entry: Issuer, values: Values, replaced: Mapping[str, object], now: datetime | None
) -> dict[str, object]:
    """The claims for resolved parameter values."""
    claims = {claim.name: _filled(claim.value, values) for claim in entry.claims}
    if now is not None and entry.claim("iat"):
        claims["iat"] = int(now.timestamp())
        claims["exp"] = int((now + LIFETIME).timestamp())
    typed = {claim.name: _typed(claim, claims[claim.name]) for claim in entry.claims}
    given = [claim for claim in entry.claims if claim.name in replaced]
    typed |= {claim.name: _typed(claim, replaced[claim.name]) for claim in given}
    return {name: value for name, value in typed.items() if value not in ("", None, {}, [])}


def _filled(template: Template, values: Values) -> object:
    if isinstance(template, str):
        return fill(template, values)
    if isinstance(template, tuple):
        return [item for item in (_filled(part, values) for part in template) if item]
    filled = {key: _filled(part, values) for key, part in template.items()}
    return {key: value for key, value in filled.items() if value}


def _typed(claim: Claim, value: object) -> object:
    """Text becomes the claim's type; a list is written with commas."""
    if not isinstance(value, str) or not value:
        return value
    match claim.type:
        case ClaimType.INTEGER:
            return int(value) if value.isdecimal() else value
        case ClaimType.BOOLEAN:
            return value == "true"
        case ClaimType.LIST:
            return [part.strip() for part in value.split(",")]
        case _:
            return value


def _sorted_out(
    entry: Issuer, values: Mapping[str, object]
) -> tuple[dict[str, str], dict[str, object]]:
    """Given values as parameters, and those that replace a claim."""
    parameters: dict[str, str] = {}
    claims: dict[str, object] = {}
    problems = []
    for name, value in values.items():
        parameter = _parameter(entry, name)
        if parameter:
            parameters |= _taken_apart(parameter, _text(value))
        elif entry.claim(name):
            claims[name] = value
        else:
            problems.append(_unknown(entry, name))
    if problems:
        raise WifctlError(*problems)
    return parameters, claims


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _parameter(entry: Issuer, name: str) -> Parameter | None:
    return next((item for item in entry.parameters if name in (item.name, *item.aliases)), None)


def _taken_apart(parameter: Parameter, value: str) -> dict[str, str]:
    if not parameter.parts or "/" not in value:
        return {parameter.name: value}
    first, _, last = value.rpartition("/")
    return dict(zip(parameter.parts, (first, last), strict=True))


def _unknown(entry: Issuer, name: str) -> Diagnostic:
    known = [item.name for item in entry.parameters] + [claim.name for claim in entry.claims]
    near = difflib.get_close_matches(name, known, 1)
    return Diagnostic(
        "simulate-value",
        f"{entry.title} tokens have no parameter or claim {name}",
        allowed=", ".join(dict.fromkeys(known)),
        fix=f"Write {near[0]}" if near else "",
    )
