"""The rules of one kind of token in their order, so that every one of them is answered for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.trust.refusals import undocumented
from wifctl.trust.verdict import Outcome, Refusal, Verdict


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why Google would refuse a provider's configuration, and what to change."""

    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules for one kind of token: id → the rule in one sentence."""

    subject: str
    """What is judged, as a refusal names it, e.g. `SAML assertion`."""
    document: str
    """The public page the rules come from."""
    rules: Mapping[str, str]

    def judge(
        self,
        rule: str,
        passed: bool,
        *,
        found: str = "",
        wanted: str = "",
        hint: str = "",
        notes: tuple[str, ...] = (),
        refusal: Refusal | None = None,
    ) -> Verdict:
        """The verdict of one rule. Google's text for most of these is unknown: ours says so."""
        outcome = Outcome.PASS if passed else Outcome.FAIL
        answer = None if passed else refusal or self._refusal(rule, found)
        return self._verdict(rule, outcome, found, wanted, notes, "" if passed else hint, answer)

    def unknown(self, rule: str, *, found: str = "", hint: str = "", note: str = "") -> Verdict:
        """A rule nobody can judge here; who must decide anyway refuses with its text."""
        notes = (note,) if note else ()
        refusal = self._refusal(rule, note or found)
        return self._verdict(rule, Outcome.UNKNOWN, found, "", notes, hint, refusal)

    def skipped(self, rule: str, why: str) -> Verdict:
        """A rule that has nothing to judge."""
        return self._verdict(rule, Outcome.SKIPPED, "", "", (why,) if why else (), "", None)

    def complete(self, verdicts: Iterable[Verdict], why: str) -> tuple[Verdict, ...]:
        """All rules in their order; those without a verdict are skipped, and `why` says so."""
        given = {verdict.rule: verdict for verdict in verdicts}
        return tuple(given.get(rule) or self.skipped(rule, why) for rule in self.rules)

    def _refusal(self, rule: str, found: str) -> Refusal:
        detail = f", found: {found}" if found else ""
        text = f"The {self.subject} is refused ({rule}): {self.rules[rule]}{detail}."
        return undocumented("invalid_grant", text)

    def _verdict(
        self,
        rule: str,
        outcome: Outcome,
        found: str,
        wanted: str,
        notes: tuple[str, ...],
        hint: str,
        refusal: Refusal | None,
    ) -> Verdict:
        return Verdict(
            rule,
            outcome,
            self.rules[rule],
            found=found,
            wanted=wanted,
            document=self.document,
            notes=notes,
            hint=hint,
            refusal=refusal,
        )
