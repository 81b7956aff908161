"""What a token says, as text and JSON; never the token, never its signature."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from wifctl.access.explained import Report
from wifctl.access.token_facts import TIMES, TokenFacts
from wifctl.render.escape import printable
from wifctl.render.explanation import mapping_lines
from wifctl.render.explanation_json import explanation_json, verdict_json
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.render.verdicts import tally, verdict_lines
from wifctl.trust.verdict import Outcome

_CONDITION = {Outcome.PASS: "lets it in", Outcome.FAIL: "refuses it"}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def token_text(
    facts: TokenFacts, report: Report | None, now: datetime, palette: Palette = PLAIN
) -> str:
    """Header, claims with times in words, rules; with a provider what it makes of them."""
    sections = [
        _part("Header", facts.header, now, palette),
        _claims(facts, now, palette),
        _rules(facts, report, palette),
    ]
    if report is not None:
        sections += [mapping_lines(report, palette), _condition(report, palette)]
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section)))


def assertion_text(report: Report, now: datetime, palette: Palette = PLAIN) -> str:
    """The same for a SAML, AWS or X.509 token: what CEL sees of it."""
    claims = report.judgement.assertion or {}
    verdicts = report.judgement.verdicts
    sections = (
        _part("Assertion", claims, now, palette),
        [_title("Rules", tally(verdicts), palette), *verdict_lines(verdicts, palette)],
        mapping_lines(report, palette),
        _condition(report, palette),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section)))


def token_json(facts: TokenFacts, report: Report | None) -> dict[str, Any]:
    """The same; `docs/reference/formats.md` documents the shape."""
    verdicts = report.judgement.verdicts if report else facts.verdicts
    found: dict[str, Any] = {
        "header": dict(facts.header),
        "claims": dict(facts.claims),
        "issuer": facts.issuer or None,
        "times": {name: _utc(seconds) for name, seconds in facts.times.items()},
        "rules": [verdict_json(verdict) for verdict in verdicts],
    }
    return {**found, "explanation": explanation_json(report)} if report else found


def moment_text(seconds: float, now: datetime) -> str:
    """`2026-11-21T12:00:00Z, 3 minutes ago`."""
    distance = seconds - now.timestamp()
    words = span_text(abs(distance))
    where = f"in {words}" if distance > 0 else f"{words} ago"
    return f"{_utc(seconds)}, {where}"


def span_text(seconds: float) -> str:
    """A length of time in the largest unit that gives at least two: `90 minutes`."""
    for size, name in _UNITS:
        count = int(seconds // size)
        if count >= 2 or size == 1:
            return f"{count} {name}{'s' * (count != 1)}"
    raise AssertionError("a second is the smallest unit")


def _utc(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return "no such time"


def _title(text: str, behind: str, palette: Palette) -> str:
    return f"{palette(Tone.STRONG, text)}{palette(Tone.FAINT, f'   {behind}') if behind else ''}"


def _part(
    title: str, values: Mapping[str, object], now: datetime, palette: Palette, behind: str = ""
) -> Iterator[str]:
    yield _title(title, behind, palette)
    width = max(map(len, map(printable, values)), default=0)
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        time = _time(name, value, now)
        yield f"  {printable(name):<{width}}  {printable(text)}{palette(Tone.FAINT, time)}"
    if not values:
        yield palette(Tone.FAINT, "  nothing could be read")


def _time(name: str, value: object, now: datetime) -> str:
    is_time = name in TIMES and isinstance(value, int | float) and not isinstance(value, bool)
    return f"   {moment_text(float(str(value)), now)}" if is_time else ""


def _claims(facts: TokenFacts, now: datetime, palette: Palette) -> Iterator[str]:
    yield from _part("Claims", facts.claims, now, palette, facts.issuer)
    times = facts.times
    if "iat" in times and "exp" in times:
        lifetime = span_text(max(times["exp"] - times["iat"], 0))
        yield palette(Tone.FAINT, f"  a token for {lifetime}")


def _rules(facts: TokenFacts, report: Report | None, palette: Palette) -> Iterator[str]:
    verdicts = report.judgement.verdicts if report else facts.verdicts
    yield _title("Rules", tally(verdicts), palette)
    yield from verdict_lines(verdicts, palette)
    if report is None:
        yield palette(Tone.FAINT, "  with --provider all rules are judged")


def _condition(report: Report, palette: Palette) -> Iterator[str]:
    if report.provider.config.attribute_condition:
        outcome = report.judgement.condition.verdict.outcome
        words = _CONDITION.get(outcome, "cannot be told")
        yield f"{palette(Tone.STRONG, 'Condition')}   {words}; `wifctl explain` shows why"
