"""OIDC-9 to OIDC-12: a token's times, by the documented limits or by those seen live."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from wifctl.trust import refusals
from wifctl.trust.oidc.rules import BOOK, MAX_LIFETIME, OBSERVED_SKEW
from wifctl.trust.provider import JudgeContext
from wifctl.trust.verdict import Refusal, Strictness, Verdict

_FAR = 253_402_300_799
"""9999-12-31, the last second that has a calendar date here."""


@dataclass(frozen=True, slots=True)
class _Times:
    """`iat` and `exp` in seconds since 1970, None when absent or no number."""

    issued: float | None
    expires: float | None
    now: float

    def accepted(self, rule: str, skew: float, lifetime: float) -> bool:
        if rule == "OIDC-9":
            return self.expires is not None and self._runs(skew)
        if rule == "OIDC-10":
            return self.issued is not None and self.issued <= self.now + skew
        return (
            self.issued is not None
            and self.expires is not None
            and self.expires - self.issued <= lifetime
        )

    def _runs(self, skew: float) -> bool:
        """Documented: exp > now. Observed: 59 s late is taken, 61 s is not."""
        assert self.expires is not None
        return self.expires > self.now if skew == 0 else self.expires >= self.now - skew


def judge_times(claims: Mapping[str, object], context: JudgeContext) -> tuple[Verdict, ...]:
    """OIDC-9 to OIDC-12, under the context's strictness; the other view is told in notes."""
    times = _Times(_number(claims.get("iat")), _number(claims.get("exp")), context.timestamp)
    refusal = refusals.stale(claims.get("iat"))
    texts = {
        "OIDC-9": (_distance(times.expires, times.now), "later than now", _expiry_hint(times)),
        "OIDC-10": (_distance(times.issued, times.now), "now or earlier", _clock_hint(times)),
        "OIDC-11": (_lifetime(times), f"{MAX_LIFETIME} s", "let the issuer make shorter tokens"),
    }
    observed = context.strictness is Strictness.OBSERVED
    verdicts = tuple(
        _judged(rule, times, observed, found, wanted, hint, refusal)
        for rule, (found, wanted, hint) in texts.items()
    )
    return (*verdicts, _agreement(times, observed))


def _judged(
    rule: str,
    times: _Times,
    observed: bool,
    found: str,
    wanted: str,
    hint: str,
    refusal: Refusal,
) -> Verdict:
    documented, lenient = _both(rule, times)
    notes = ("the live service was seen to accept this",) if lenient and not documented else ()
    passed = lenient if observed else documented
    return BOOK.judge(
        rule, passed, found=found, wanted=wanted, hint=hint, notes=notes, refusal=refusal
    )


def _both(rule: str, times: _Times) -> tuple[bool, bool]:
    """Whether the documented limits accept, and whether the live service was seen to."""
    documented = times.accepted(rule, 0, MAX_LIFETIME)
    return documented, times.accepted(rule, OBSERVED_SKEW, float("inf"))


def _agreement(times: _Times, observed: bool) -> Verdict:
    """OIDC-12: under `observed`, a lifetime of one second breaks the service (measured)."""
    differing = [
        rule
        for rule in ("OIDC-9", "OIDC-10", "OIDC-11")
        if (both := _both(rule, times)) and both[0] is not both[1]
    ]
    notes = [f"{rule}: refused by the documents, accepted live" for rule in differing]
    known = times.issued is not None and times.expires is not None
    short = known and 0 < (times.expires or 0) - (times.issued or 0) <= 1
    if short:
        notes.append("the live service was seen to fail on a lifetime of one second")
    refusal = Refusal("server_error", "Internal error encountered.", 500, documented=False)
    passed = not (short and observed)
    return BOOK.judge(
        "OIDC-12", passed, found=_lifetime(times), notes=tuple(notes), refusal=refusal
    )


def _number(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number:
        return None
    assert isinstance(value, int | float)
    return float(min(max(value, -_FAR), 10 * _FAR))


def _distance(moment: float | None, now: float) -> str:
    if moment is None:
        return "absent"
    seconds = moment - now
    words = f"{abs(seconds):.0f} s {'from now' if seconds > 0 else 'ago'}"
    if not 0 <= moment <= _FAR:
        return words
    date = datetime.datetime.fromtimestamp(moment, datetime.UTC)
    return f"{date:%Y-%m-%dT%H:%M:%SZ}, {words}"


def _lifetime(times: _Times) -> str:
    if times.issued is None or times.expires is None:
        return "iat or exp is absent"
    return f"{times.expires - times.issued:.0f} s"


def _expiry_hint(times: _Times) -> str:
    if times.expires is None:
        return "the token needs an exp claim, a number"
    return "fetch a fresh token; exchange it as soon as it is there"


def _clock_hint(times: _Times) -> str:
    if times.issued is None:
        return "the token needs an iat claim, a number"
    return "the issuer's clock or this one is off: compare them with a time server"
