"""Secret payloads: whether a version is added, and which one is the newest afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic
from wifctl.kinds.secret_version import newest_enabled
from wifctl.plan.desire import version_address
from wifctl.plan.model import Action, Change, Reason, Step
from wifctl.plan.state import LiveState, Payload, Presence
from wifctl.resource import Address, Later, LaterKind, Resource, State


@dataclass(frozen=True, slots=True)
class _Choice:
    reason: Reason
    undecided: bool = False


def plan_version(secret: Resource, live: LiveState) -> Step | None:
    """The step that adds a version, or None where the secret holds what it should."""
    address = version_address(secret.address)
    choice = _choose(secret, address, live)
    if choice is None:
        return None
    return Step(
        address,
        Action.CREATE,
        choice.reason,
        changes=(Change("payload", None, source_text(secret), observable=False),),
        fields={"source": source(secret), "when": secret.spec.version.when},
        origin=str(secret.position_of("spec.version") or ""),
        undecided=choice.undecided,
    )


def _choose(secret: Resource, address: Address, live: LiveState) -> _Choice | None:
    found = live.object(address)
    versions = found.json.get("versions") or []
    if live.object(secret.address).presence is Presence.UNREAD:
        return _Choice(Reason.PAYLOAD_UNDECIDED, undecided=True)
    if not versions:
        return _Choice(Reason.NO_VERSION)
    if secret.spec.version.when == "missing":
        return None
    match live.payloads.get(address, Payload.UNKNOWN):
        case Payload.SAME:
            return None
        case Payload.DIFFERENT:
            return _Choice(Reason.PAYLOAD_DIFFERS)
        case Payload.UNKNOWN:
            return _Choice(Reason.PAYLOAD_UNDECIDED, undecided=True)


def source(secret: Resource) -> dict[str, str | bool]:
    """Where the payload comes from, as the saved plan keeps it: never the payload."""
    form = secret.spec.version.from_
    trim = {"trim": True} if secret.spec.version.trim else {}
    if form.env is not None:
        return {"env": form.env, **trim}
    if form.file is not None:
        return {"file": form.file, **trim}
    return {"stdin": True, **trim}


def source_text(secret: Resource) -> str:
    """The source in words."""
    form = secret.spec.version.from_
    if form.env is not None:
        return f"from environment variable {form.env}"
    return f"from file {form.file}" if form.file is not None else "from standard input"


def newest_versions(
    secrets: Iterable[Address], live: LiveState, added: frozenset[Address]
) -> dict[Address, str | Later]:
    """Secret → its highest enabled version, known after apply where this plan may add one."""
    found: dict[Address, str | Later] = {}
    for secret in secrets:
        address = version_address(secret)
        number = newest_enabled(list(live.object(address).json.get("versions") or []))
        if address in added or number is None:
            found[secret] = Later(LaterKind.SECRET_VERSION, str(secret))
        else:
            found[secret] = number
    return found


def newest_problems(
    resources: Iterable[Resource], live: LiveState, added: frozenset[Address]
) -> Iterable[Diagnostic]:
    """Repositories that ask for the newest version of a secret that has none enabled."""
    for resource in resources:
        for secret in followed_secrets(resource):
            address = version_address(secret)
            found = live.object(address)
            versions = list(found.json.get("versions") or [])
            unread = found.presence is Presence.UNREAD
            if address not in added and not unread and newest_enabled(versions) is None:
                origin = str(resource.position_of(f"spec.{_SECRET_FIELD}") or "")
                yield no_enabled_version(str(secret), origin)


_SECRET_FIELD = "upstreamCredentials.passwordSecretVersion.secret"  # noqa: S105


def followed_secrets(resource: Resource) -> Iterable[Address]:
    """Secrets whose newest version a repository is to use."""
    link = resource.links.get(_SECRET_FIELD)
    if link is not None and resource.lifecycle.state is State.PRESENT:
        wanted = resource.spec.upstream_credentials.password_secret_version.version
        if wanted == "newest":
            yield link.address


def no_enabled_version(secret: str, origin: str = "") -> Diagnostic:
    """`newest` of a secret that has no enabled version."""
    where = f" ({origin})" if origin else ""
    return Diagnostic(
        "no-enabled-version",
        f"{secret} has no enabled version, and `version: newest` asks for one{where}",
        allowed="a secret with an enabled version",
        fix="add or enable a version, or name another number",
        address=secret,
    )
