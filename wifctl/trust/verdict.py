"""The answer of one trust rule: data, made by the rules, spoken by the views."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """What a rule says of a token. Only `fail` refuses; `unknown` means nobody can tell here."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    """Not judged because an earlier rule left nothing to judge."""


class Strictness(enum.StrEnum):
    """Whose limits count: those Google documents, or those measured on the live service."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The OAuth error body STS answers with when the rule fails; HTTP 400 unless it says so."""

    error: str
    description: str
    status: int = 400
    documented: bool = True
    """False where Google's text is not known and this one is ours."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer: what it found, what it wanted, and the document it comes from."""

    rule: str
    """The rule's id, e.g. `OIDC-8`."""
    outcome: Outcome
    summary: str
    """The rule in one sentence, e.g. `aud is an accepted audience`."""
    found: str = ""
    wanted: str = ""
    document: str = ""
    """The public page the rule comes from."""
    notes: tuple[str, ...] = ()
    hint: str = ""
    """What to change, where the rule knows it."""
    refusal: Refusal | None = None
