"""The issuer catalogue as text and JSON: a table of all, or one entry as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.trust.issuers.model import Claim, Issuer, Parameter

_WIDTH = 96
_WHO = {
    "workload": "chosen by the workload, so no boundary",
    "issuer": "set by the issuer",
    "relyingParty": "the relying party's identifier",
    "unknown": "not known who chooses it",
    "none": "none",
}


def issuers_table(entries: Sequence[Issuer], palette: Palette = PLAIN) -> str:
    """Name, kind, whether strangers share it, and its URL."""
    rows = [
        (each.name, each.kind.value, "shared" if each.multi_tenant else "own", _url(each))
        for each in entries
    ]
    rows = [("NAME", "KIND", "TENANCY", "ISSUER"), *rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([palette(Tone.STRONG, lines[0]), *lines[1:]])


def issuer_page(entry: Issuer, palette: Palette = PLAIN) -> str:
    """Everything known of one issuer."""
    sections = (
        _facts(entry, palette),
        _subjects(entry, palette),
        _claims(entry, palette),
        _recommended(entry, palette),
        _parameters(entry, palette),
        _notes(entry, palette),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section)))


def issuer_json(entry: Issuer) -> dict[str, Any]:
    """One entry; `docs/reference/formats.md` documents the shape."""
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": entry.kind.value,
        "issuer": entry.issuer,
        "aliases": list(entry.aliases),
        "tenancy": entry.tenancy.value,
        "verified": entry.verified,
        "audience": {
            "default": entry.audience.default,
            "chosen_by": entry.audience.chosen_by.value,
            "allowed": list(entry.audience.allowed),
            "note": entry.audience.note,
        },
        "subject": [
            {"grammar": form.grammar, "example": form.example, "note": form.note}
            for form in entry.subject
        ],
        "claims": [_claim_json(claim) for claim in entry.claims],
        "tenancy_claims": list(entry.tenancy_claims),
        "not_tenancy": list(entry.not_tenancy),
        "mapping": dict(entry.mapping),
        "condition": entry.recommended_condition,
        "parameters": [_parameter_json(parameter) for parameter in entry.parameters],
        "notes": list(entry.notes),
        "documents": list(entry.documents),
    }


def _url(entry: Issuer) -> str:
    return entry.issuer or "-"


def _facts(entry: Issuer, palette: Palette) -> Iterator[str]:
    yield palette(Tone.STRONG, entry.title)
    tenancy = "shared by all its customers: only the condition keeps others out"
    audience = entry.audience
    facts = (
        ("issuer", entry.issuer),
        ("also", ", ".join(entry.aliases)),
        ("kind", entry.kind.value),
        ("tenancy", tenancy if entry.multi_tenant else "one customer's own"),
        ("audience", f"{audience.default or '-'}   {_WHO[audience.chosen_by.value]}"),
        ("", audience.note),
        ("allowed", ", ".join(audience.allowed)),
    )
    for name, text in facts:
        if text:
            yield f"  {palette(Tone.FAINT, f'{name:<9}')} {text}"
    if not entry.verified:
        yield palette(Tone.WARNED, "  parts of this entry are not confirmed by public documents")


def _subjects(entry: Issuer, palette: Palette) -> Iterator[str]:
    yield palette(Tone.STRONG, "Subject")
    for form in entry.subject:
        note = palette(Tone.FAINT, f"   {form.note}") if form.note else ""
        yield f"  {form.grammar}{note}"
        if form.example and form.example != form.grammar:
            yield f"    {palette(Tone.FAINT, 'e.g.')} {form.example}"


def _claims(entry: Issuer, palette: Palette) -> Iterator[str]:
    if not entry.claims:
        return
    yield palette(Tone.STRONG, "Claims")
    width = max(len(claim.name) for claim in entry.claims)
    for claim in entry.claims:
        words = ", ".join(_words(entry, claim))
        yield f"  {claim.name:<{width}}  {claim.type.value:<7}  {words}".rstrip()


def _words(entry: Issuer, claim: Claim) -> Iterable[str]:
    if claim.immutable:
        yield "immutable"
    if claim.name in entry.tenancy_claims:
        yield "pins the tenant"
    if claim.optional:
        yield "not in every token"
    if claim.note:
        yield claim.note


def _recommended(entry: Issuer, palette: Palette) -> Iterator[str]:
    yield palette(Tone.STRONG, "Recommended")
    if entry.mapping:
        yield "  attributeMapping:"
    for key, expression in entry.mapping.items():
        yield f"    {key}: {_scalar(expression)}"
    if entry.condition:
        yield "  attributeCondition: >-"
        yield from (f"    {line}" for line in _wrapped(entry.recommended_condition))


def _scalar(expression: str) -> str:
    """The expression as YAML takes it."""
    plain = not any(mark in expression for mark in (": ", " #", "{", "'", '"'))
    return expression if plain else '"' + expression.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _parameters(entry: Issuer, palette: Palette) -> Iterator[str]:
    if not entry.parameters:
        return
    yield palette(Tone.STRONG, f"Values of --simulate {entry.name}")
    defaults = {each.name: _default(each) for each in entry.parameters}
    width, wide = max(map(len, defaults)), max(map(len, defaults.values()))
    for parameter in entry.parameters:
        also = f"also {', '.join(parameter.aliases)}" if parameter.aliases else ""
        words = "; ".join(word for word in (parameter.note, also) if word)
        text = f"  {parameter.name:<{width}}  {defaults[parameter.name]:<{min(wide, 28)}}"
        yield f"{text}  {palette(Tone.FAINT, words)}".rstrip()


def _default(parameter: Parameter) -> str:
    """What a simulated token has when nobody says otherwise and nothing else decides."""
    return (parameter.choices[-1].value if parameter.choices else "") or "-"


def _notes(entry: Issuer, palette: Palette) -> Iterator[str]:
    if entry.notes or entry.documents:
        yield palette(Tone.STRONG, "Notes")
    for note in entry.notes:
        first, *rest = _wrapped(note)
        yield f"  - {first}"
        yield from (f"    {line}" for line in rest)
    yield from (f"  {palette(Tone.FAINT, url)}" for url in entry.documents)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.name,
        "type": claim.type.value,
        "immutable": claim.immutable,
        "optional": claim.optional,
        "note": claim.note,
    }


def _parameter_json(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "defaults": [
            {"value": choice.value, "when": dict(choice.when)} for choice in parameter.choices
        ],
        "aliases": list(parameter.aliases),
        "note": parameter.note,
    }
