"""The end of an explanation: why, what to change and where, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wifctl.access.explained import Report
from wifctl.render.escape import printable
from wifctl.render.palette import Palette, Tone
from wifctl.trust.explain import Explanation, Half
from wifctl.trust.reasons import Reason
from wifctl.trust.verdict import Outcome, Verdict

NO_ACCOUNT = (
    "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
)
"""What the Service Account Credentials API answers when the second half fails."""


def reason_lines(explanation: Explanation, palette: Palette) -> Iterator[str]:
    """Numbered causes with what to change and where; then notes."""
    if explanation.reasons:
        yield palette(Tone.STRONG, "Why, and what to change")
    for number, reason in enumerate(explanation.reasons, 1):
        yield from _reason(f"{number}.", reason, palette)
    for note in explanation.notes:
        yield f"  {palette(Tone.NOTE, 'note')} {printable(_with_hint(note))}"


def outcome_lines(report: Report, palette: Palette) -> Iterator[str]:
    """The verdict in a sentence, and Google's own words for it."""
    explanation = report.explanation
    match explanation.outcome:
        case Outcome.PASS:
            yield palette(Tone.ADDED, _accepted(report))
        case Outcome.UNKNOWN:
            yield palette(Tone.WARNED, _open(report))
        case _:
            yield palette(Tone.ERROR, _refused(explanation))
            if words := _googles_words(report):
                yield f"Google says: {words}"


def _reason(number: str, reason: Reason, palette: Palette) -> Iterator[str]:
    rule = palette(Tone.FAINT, f"  [{reason.rule}]") if reason.rule else ""
    yield f"  {number:<3} {printable(reason.message)}{rule}"
    for name, text in (("change", reason.hint), ("at", reason.source)):
        if text:
            yield f"      {palette(Tone.FAINT, f'{name:<6}')} {printable(text)}"


def _with_hint(reason: Reason) -> str:
    return f"{reason.message}; {reason.hint}" if reason.hint else reason.message


def _accepted(report: Report) -> str:
    emails = [a.target.email for a in report.explanation.reach.accounts if a.usable]
    rest = f" It may become {_listed(emails)}." if emails else ""
    seconds = report.judgement.expires_in
    return f"Accepted: Google would give a token for {seconds} seconds.{rest}"


def _listed(emails: list[str]) -> str:
    shown = ", ".join(emails[:3])
    return f"{shown} and {len(emails) - 3} more" if len(emails) > 3 else shown


def _refused(explanation: Explanation) -> str:
    if explanation.failed is Half.ADMISSION:
        return "Refused: the token does not get into the pool."
    return "Refused: the token gets into the pool, but its identity may not go on from there."


def _googles_words(report: Report) -> str:
    if report.explanation.failed is Half.IMPERSONATION:
        return NO_ACCOUNT
    refusal = report.judgement.refusal
    if refusal is None or not refusal.documented:
        return ""
    return printable(f"{refusal.error}: {refusal.description}")


def _open(report: Report) -> str:
    unknown = [v for v in report.judgement.verdicts if v.outcome is Outcome.UNKNOWN]
    if not unknown:
        return "Cannot tell: everything hangs on IAM conditions that only Google can judge."
    rules = ", ".join(verdict.rule for verdict in unknown)
    return (
        f"Cannot tell: nothing refuses the token, but {rules} cannot be judged here.{_ask(unknown)}"
    )


def _ask(unknown: Iterable[Verdict]) -> str:
    rules = {verdict.rule for verdict in unknown}
    if rules & {"OIDC-2", "OIDC-3", "OIDC-5"}:
        return "\nGive the issuer's keys with --jwks, or let --live fetch them."
    if "AWS-8" in rules:
        return "\nGive what GetCallerIdentity answers with --claims: arn, account, userid."
    return ""
