"""What a JWT says of itself, and which rules can be judged without knowing a provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wifctl.trust.issuers.catalogue import find_issuer
from wifctl.trust.oidc.claims import judge_subject
from wifctl.trust.oidc.signature import judge_algorithm
from wifctl.trust.oidc.times import judge_times
from wifctl.trust.oidc.token import parse_token
from wifctl.trust.provider import JudgeContext
from wifctl.trust.verdict import Strictness, Verdict

TIMES = ("iat", "nbf", "exp", "auth_time")


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """Header and claims of a token whose signature nobody checked."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    issuer: str
    """The issuer's name in the catalogue, or ""."""
    verdicts: tuple[Verdict, ...]
    """Form and times: what needs neither provider nor keys."""

    @property
    def times(self) -> dict[str, float]:
        """The claims that are times, in seconds since 1970."""
        found = ((name, self.claims.get(name)) for name in TIMES)
        return {name: float(value) for name, value in found if _is_number(value)}  # type: ignore[arg-type]


def token_facts(token: str, context: JudgeContext) -> TokenFacts:
    """Take a token apart. Raises TokenFormatError."""
    parsed = parse_token(token)
    claims = dict(parsed.payload)
    url = claims.get("iss")
    entry = find_issuer(url) if isinstance(url, str) else None
    required = context.strictness is Strictness.DOCUMENTED
    verdicts = (
        judge_algorithm(parsed),
        *judge_times(claims, context),
        judge_subject(claims, required=required),
    )
    return TokenFacts(dict(parsed.header), claims, entry.title if entry else "", verdicts)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
