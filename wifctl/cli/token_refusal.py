"""Why Google refused a token, as far as the manifests can tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from wifctl.cli.loading import tell
from wifctl.cli.references import PROVIDER, References
from wifctl.cli.session import Session
from wifctl.credentials.failures import TokenRefusedError
from wifctl.credentials.ports import SubjectToken
from wifctl.diagnostics import Diagnostic, Severity, WifctlError
from wifctl.resource import Resource


def tell_why(
    session: Session,
    references: References,
    audience: str,
    subject: SubjectToken,
    error: TokenRefusedError,
) -> None:
    """Say on stderr what `explain` finds, where the provider is in the manifests."""
    try:
        notes = tuple(_notes(references, audience, subject, error))
    except WifctlError:
        # The refusal itself is what the user has to see; faulty manifests are another story.
        return
    tell(session.screen, notes)


def _notes(
    references: References, audience: str, subject: SubjectToken, error: TokenRefusedError
) -> Iterator[Diagnostic]:
    from wifctl.trust.exchange import judge
    from wifctl.trust.provider import JudgeContext, provider_from_rest
    from wifctl.trust.reasons import refusal_reasons

    found = _declared(references, audience)
    provider = provider_from_rest(_json(found, references), name=_name(audience)) if found else None
    if found is None or provider is None:
        return
    judgement = judge(subject.value, provider, JudgeContext(datetime.now(UTC)))
    for reason in refusal_reasons(judgement, provider):
        yield Diagnostic(
            error.diagnostics[0].code,
            reason.message,
            Severity.NOTE,
            position=found.position,
            fix=reason.hint,
        )


def _declared(references: References, audience: str) -> Resource | None:
    projects = references.loaded.settings.projects
    for each in references.loaded.resources:
        if each.address.kind == PROVIDER:
            project, pool, provider = each.address.path
            number = projects.number(project)
            tail = f"/workloadIdentityPools/{pool}/providers/{provider}"
            if _name(audience) == f"projects/{number}/locations/global{tail}":
                return each
    return None


def _json(resource: Resource, references: References) -> dict[str, object]:
    from wifctl.kinds.base import Facts
    from wifctl.kinds.registry import kind

    remote = kind(PROVIDER).remote
    facts = Facts(references.loaded.settings.projects)
    return dict(remote.body(resource, facts)) if remote else {}


def _name(audience: str) -> str:
    return audience.removeprefix("//iam.googleapis.com/")
