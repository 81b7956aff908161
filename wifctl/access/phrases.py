"""Who is meant, in words: `repository 123 of owner 456 on any branch`."""

from __future__ import annotations

from wifctl.trust.issuers.catalogue import find_issuer
from wifctl.trust.pins import GROUP, Demands, Pin
from wifctl.trust.provider import ProviderConfig, ProviderKind

_NOUN, _OWNER, _PLACE, _EVENT, _OTHER = range(5)
_WORDS: dict[str, tuple[int, str]] = {
    "repository_id": (_NOUN, "repository"),
    "repository": (_NOUN, "repository"),
    "repositoryUuid": (_NOUN, "repository"),
    "project_id": (_NOUN, "project"),
    "project_path": (_NOUN, "project"),
    "oidc.circleci.com/project-id": (_NOUN, "project"),
    "pipeline_id": (_NOUN, "pipeline"),
    "pipeline_slug": (_NOUN, "pipeline"),
    "terraform_workspace_id": (_NOUN, "workspace"),
    "terraform_workspace_name": (_NOUN, "workspace"),
    "sub": (_NOUN, "subject"),
    "subject": (_NOUN, "subject"),
    "subject.dn.cn": (_NOUN, "certificate"),
    "arn": (_NOUN, "ARN"),
    "oid": (_NOUN, "identity"),
    "attribute.aws_role": (_NOUN, "AWS role"),
    "repository_owner_id": (_OWNER, "of owner"),
    "repository_owner": (_OWNER, "of owner"),
    "namespace_id": (_OWNER, "of group"),
    "namespace_path": (_OWNER, "of group"),
    "workspaceUuid": (_OWNER, "of workspace"),
    "organization_id": (_OWNER, "of organization"),
    "terraform_organization_id": (_OWNER, "of organization"),
    "terraform_organization_name": (_OWNER, "of organization"),
    "tid": (_OWNER, "of tenant"),
    "account": (_OWNER, "of account"),
    GROUP: (_OWNER, "in group"),
    "ref": (_PLACE, "on"),
    "environment": (_PLACE, "in environment"),
    "event_name": (_EVENT, "on event"),
    "workflow_ref": (_EVENT, "by workflow"),
    "job_workflow_ref": (_EVENT, "by workflow"),
    "terraform_run_phase": (_EVENT, "in phase"),
}
"""Claim → where it stands in the sentence, and the word in front of its value."""

_ANY = {"repository_id": "any repository", "project_id": "any project", "arn": "any AWS identity"}
"""Claim an issuer has → what its workloads are called."""
_BRANCH = ("ref", "environment", "sub", "ref_protected", "attribute.ref", "attribute.environment")
_ON_A_BRANCH = ("assertion.ref", "assertion.sub", "assertion.environment", "google.subject")


def phrase(provider: ProviderConfig, demands: Demands) -> str:
    """The identities of a provider that fulfil the demands."""
    pins = sorted(demands.pins, key=lambda pin: (_word(pin)[0], pin.claim))
    parts: list[str] = []
    if not any(_word(pin)[0] == _NOUN for pin in pins):
        parts.append(_anybody(provider, demands))
    parts += [_pinned(pin) for pin in pins if _word(pin)[0] < _OTHER]
    if _has_branches(provider) and _any_branch(demands):
        parts.append("on any branch")
    others = [_pinned(pin) for pin in pins if _word(pin)[0] == _OTHER]
    if others:
        parts.append(f"with {' and '.join(others)}")
    where = f", where {' and '.join(demands.rest)}" if demands.rest else ""
    return f"{' '.join(parts)}{where}"


def _word(pin: Pin) -> tuple[int, str]:
    if pin.claim == "ref_protected" and pin.values == ("true",):
        return _PLACE, ""
    return _WORDS.get(pin.claim) or (_OTHER, pin.claim.removeprefix("attribute."))


def _pinned(pin: Pin) -> str:
    word = _word(pin)[1]
    if not word:
        return "on protected refs"
    glue = " and " if pin.claim == GROUP else " or "
    return f"{word} {glue.join(map(_value, pin.values))}"


def _value(text: str) -> str:
    return repr(text) if not text or any(character.isspace() for character in text) else text


def _anybody(provider: ProviderConfig, demands: Demands) -> str:
    entry = find_issuer(provider.issuer_uri) if provider.issuer_uri else None
    if provider.kind is ProviderKind.AWS:
        return f"any AWS identity of account {provider.aws_account_id}"
    if entry is None:
        return "any identity"
    claim = next((claim for claim in _ANY if entry.claim(claim)), "")
    noun = "identities" if claim in demands.computed else _ANY.get(claim, "any identity")
    open_to_all = entry.multi_tenant and not demands.pins and not demands.rest
    return f"{noun} of anybody at {entry.title}" if open_to_all else noun


def _has_branches(provider: ProviderConfig) -> bool:
    entry = find_issuer(provider.issuer_uri) if provider.issuer_uri else None
    return entry is not None and entry.claim("ref") is not None


def _any_branch(demands: Demands) -> bool:
    named = any(demands.values(claim) or claim in demands.computed for claim in _BRANCH)
    return not named and not any(name in text for text in demands.rest for name in _ON_A_BRANCH)
