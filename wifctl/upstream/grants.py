"""Whether the service agent, or a reader, is let in: policies of the object and its project."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from wifctl.api import Api, ApiError, Binding, PolicyTarget, Status
from wifctl.names import ProjectName, RepositoryName, SecretName
from wifctl.trust.verdict import Outcome
from wifctl.upstream.findings import BrokenError, Found, Link, State
from wifctl.upstream.roles import (
    ACCESS_ROLES,
    ACCESSOR,
    DOWNLOAD_ROLES,
    READER,
    agent_member,
    judge,
    other_agents,
)


async def agent_reads_secret(api: Api, secret: SecretName, number: str) -> Found:
    """Whether the agent of a project, by number, may access a secret. Raises BrokenError."""
    member = agent_member(number)
    bindings, seen = await _bindings(api, secret, ProjectName(secret.project))
    outcome = judge(bindings, member, ACCESS_ROLES, _now())
    if outcome is Outcome.PASS:
        return Found(Link.GRANT, State.SOUND, f"{member} may access {secret}")
    if outcome is Outcome.UNKNOWN or not seen:
        return Found(Link.GRANT, State.UNKNOWN, f"whether {member} may access {secret}: not seen")
    others = other_agents(bindings, number)
    instead = f"; the agent of project {', '.join(others)} may, which is another one" * bool(others)
    fix = f"gcloud secrets add-iam-policy-binding {secret.secret} --project={secret.project}"
    fix += f" --location={secret.location}" if secret.location else ""
    fix += f" --member={member} --role={ACCESSOR} --condition=None"
    raise BrokenError(Link.GRANT, f"{member} may not access {secret}{instead}", fix)


async def agent_reads_repository(api: Api, name: RepositoryName, number: str) -> None:
    """Whether the agent of a project may download from another project. Raises BrokenError."""
    member = agent_member(number)
    if await _downloads(api, name, member) is Outcome.FAIL:
        text = f"{member} may not download from {name}"
        raise BrokenError(Link.MEMBER, text, _grant_reader(name, member))


async def reader(api: Api, name: RepositoryName, member: str) -> Found:
    """Whether a client may download from a repository. Raises BrokenError."""
    outcome = await _downloads(api, name, member)
    if outcome is Outcome.FAIL:
        text = f"{member} has no role that lets it download from {name}"
        raise BrokenError(Link.READER, text, _grant_reader(name, member))
    if outcome is Outcome.UNKNOWN:
        return Found(Link.READER, State.UNKNOWN, f"whether {member} may download: not seen")
    return Found(Link.READER, State.SOUND, f"{member} may download")


async def _downloads(api: Api, name: RepositoryName, member: str) -> Outcome:
    bindings, seen = await _bindings(api, name, ProjectName(name.project))
    outcome = judge(bindings, member, DOWNLOAD_ROLES, _now())
    return outcome if seen or outcome is Outcome.PASS else Outcome.UNKNOWN


def _grant_reader(name: RepositoryName, member: str) -> str:
    return (
        f"gcloud artifacts repositories add-iam-policy-binding {name.repository}"
        f" --project={name.project} --location={name.location} --member={member} --role={READER}"
        " --condition=None"
    )


async def _bindings(api: Api, *targets: PolicyTarget) -> tuple[Sequence[Binding], bool]:
    """The bindings of all targets that can be read, and whether all could be.

    Folders and organisations are not looked at: a grant there is rare for an agent, and unseen.
    """
    found: list[Binding] = []
    seen = True
    for target in targets:
        try:
            found += (await api.policies.read(target)).bindings
        except ApiError as error:
            if error.status is not Status.PERMISSION_DENIED:
                raise
            seen = False
    return found, seen


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
