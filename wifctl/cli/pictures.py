"""The picture a trust command looks at: of the manifests, or with `--live` of whole projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from wifctl.access.declared import ACCOUNT, declared
from wifctl.access.picture import KnownProvider, Picture
from wifctl.api import Api
from wifctl.cli.loading import DEFAULT, sound_manifests, tell
from wifctl.cli.pulse import pulsing
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.target import Target
from wifctl.kinds.members import account_email
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions
from wifctl.names import ProviderName, parse_name
from wifctl.resource import Resource
from wifctl.trust.provider import Discovery

Discover = Callable[[str], Discovery | None]


@dataclass(frozen=True, slots=True)
class View:
    """A picture, the manifests next to it, and who may be asked for issuers' keys."""

    picture: Picture
    loaded: Loaded
    live: bool = False
    discover: Discover | None = None


live_option = click.option("--live", is_flag=True, help="Judge what is live, not the manifests.")


@contextmanager
def viewed(
    session: Session, paths: Sequence[str], *, live: bool, projects: Sequence[str] = ()
) -> Iterator[View]:
    """Look at the manifests; with `live`, `--local` or `--endpoint` at what is there instead.

    `projects`: read live besides those of the manifests.
    """
    if not (live or session.local or "endpoint" in session.given):
        loaded = sound_manifests(session, paths)
        yield View(declared(loaded.resources, loaded.settings.projects), loaded)
        return
    loaded = _beside(session, paths)
    wanted = _projects(session, loaded, projects)
    with opened(session, loaded.settings.projects.numbers) as target:
        picture = _swept(session, loaded, wanted, target)
        tell(session.screen, picture.notes)
        yield View(picture, loaded, live=True, discover=_issuers(target))


def chosen(view: View, reference: str | None) -> KnownProvider:
    """The provider somebody means; the only one where nobody says. Raises WifctlError."""
    found = view.picture.named(reference) if reference else view.picture.providers
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{each.project}/{each.name}" for each in found or view.picture.providers)
    if reference is None:
        what = f"which provider? There are {len(found)}" if found else "there is no provider"
        raise WifctlError(Diagnostic("which-provider", what, allowed=known, fix="--provider NAME"))
    code = "ambiguous-reference" if found else "unknown-reference"
    what = "may mean several providers" if found else "is no provider known here"
    raise WifctlError(Diagnostic(code, f"{reference!r} {what}", allowed=known or "none is known"))


def account_of(view: View, reference: str | None) -> str:
    """The e-mail of an account: a name in the manifests, `project/name`, or the e-mail itself."""
    if not reference or "@" in reference:
        return reference or ""
    project, _, name = reference.rpartition("/")
    same = [r for r in view.loaded.resources if r.address.kind == ACCOUNT]
    found = [r for r in same if r.name == name and project in ("", r.address.project)]
    if len(found) == 1:
        return account_email(found[0].address)
    code = "ambiguous-reference" if found else "unknown-reference"
    what = "may mean several service accounts" if found else "is no service account known here"
    known = ", ".join(f"{r.address.project}/{r.name}" for r in found or same)
    raise WifctlError(Diagnostic(code, f"{reference!r} {what}", allowed=known or "an e-mail"))


def project_of(reference: str | None) -> tuple[str, ...]:
    """The project a full resource name says, for what no manifest declares."""
    name = parse_name(reference) if reference else None
    return (name.project,) if isinstance(name, ProviderName) else ()


def _beside(session: Session, paths: Sequence[str]) -> Loaded:
    """The manifests, where there are any: live objects are explained without them too."""
    if paths or Path(DEFAULT).exists():
        return sound_manifests(session, paths)
    return load((), LoadOptions(project=session.project, environment=session.environment))


def _projects(session: Session, loaded: Loaded, more: Sequence[str]) -> tuple[str, ...]:
    known = loaded.settings.projects
    named = [session.project, *more, *(r.address.project for r in loaded.resources if _is_there(r))]
    found = dict.fromkeys(known.canonical(project) for project in named if project)
    if not found:
        raise click.UsageError("Say which project: --project ID, or manifests that name one.")
    return tuple(found)


def _is_there(resource: Resource) -> bool:
    """Whether a document stands for something in its project, not for a test or a file."""
    return resource.address.kind not in ("TrustTest", "CredentialConfiguration")


def _swept(session: Session, loaded: Loaded, projects: tuple[str, ...], target: Target) -> Picture:
    from wifctl.access.sweep import Scope, sweep, with_sources

    known = loaded.settings.projects
    scope = Scope(projects, loaded.resources, known, session.parallelism)

    async def read(api: Api) -> Picture:
        async with pulsing(session.screen, "Reading what is live"):
            return await sweep(api, scope)

    picture = with_api(target, read)
    return with_sources(picture, declared(loaded.resources, picture.projects))


def _issuers(target: Target) -> Discover:
    from wifctl.gcp.discovery import Issuers, emulated
    from wifctl.gcp.metadata import TokenHttp

    http = TokenHttp(target.user_agent)
    return (
        emulated(http, target.endpoint.rest_url) if target.endpoint else Issuers(http, online=True)
    )
