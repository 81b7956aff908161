"""The walk along the chain: repository → upstream → credentials → secret → agent → login."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass, field

from wifctl.api import Api, ApiError, Json, Status
from wifctl.names import RepositoryName, parse_name
from wifctl.upstream import grants
from wifctl.upstream.configuration import (
    Credentials,
    credentials_of,
    members_of,
    upstream_of,
    upstream_repository,
)
from wifctl.upstream.findings import BrokenError, Found, Link, State
from wifctl.upstream.login import check_login
from wifctl.upstream.probe import Probe
from wifctl.upstream.roles import agent_member
from wifctl.upstream.secret import usable_version

_DEPTH = 8


@dataclass(slots=True)
class Walk:
    """One look at a chain; ends at the first broken link, since what follows hangs on it."""

    api: Api
    probe: Probe | None = None
    """None: the upstream itself is left alone."""
    found: list[Found] = field(default_factory=list)

    async def look(self, name: RepositoryName, reader: str = "") -> list[Found]:
        """Every link up to the first broken one; `reader` is the member a client acts as."""
        try:
            await self._repository(name, _DEPTH)
            if reader:
                self._note(name, await grants.reader(self.api, name, reader))
        except BrokenError as error:
            self._note(name, Found(error.link, State.BROKEN, error.text, error.fix))
        return self.found

    async def _repository(self, name: RepositoryName, depth: int) -> None:
        live = await self._get(name)
        mode = str(live.get("mode", "STANDARD_REPOSITORY"))
        self._note(name, Found(Link.REPOSITORY, State.SOUND, f"{name} is a {mode}"))
        if not depth:
            raise BrokenError(Link.MEMBER, f"{name} stands behind itself", "remove the circle")
        if mode == "VIRTUAL_REPOSITORY":
            await self._virtual(name, live, depth)
        elif mode == "REMOTE_REPOSITORY":
            await self._remote(name, live, depth)

    async def _virtual(self, name: RepositoryName, live: Json, depth: int) -> None:
        members = members_of(live)
        if not members:
            raise BrokenError(Link.MEMBER, f"{name} serves no repository", "add upstreamPolicies")
        for text in members:
            await self._member(name, text, depth)

    async def _member(self, name: RepositoryName, text: str, depth: int) -> None:
        member = parse_name(text)
        if not isinstance(member, RepositoryName):
            raise BrokenError(Link.MEMBER, f"{text} is no repository", "correct the policy")
        number = await self._number(name.project)
        if await self._number(member.project) != number:
            await grants.agent_reads_repository(self.api, member, number)
        await self._repository(member, depth - 1)

    async def _remote(self, name: RepositoryName, live: Json, depth: int) -> None:
        upstream = upstream_of(live)
        self._note(name, Found(Link.UPSTREAM, State.SOUND, upstream))
        if upstream_repository(live):
            await self._member(name, upstream, depth)
            return
        credentials = credentials_of(live)
        if credentials is None:
            self._note(name, Found(Link.CREDENTIALS, State.SOUND, "none: no login upstream"))
            await self._login(name, upstream, None, None)
            return
        payload = await self._credentials(name, credentials)
        await self._login(name, upstream, credentials, payload)

    async def _credentials(self, name: RepositoryName, credentials: Credentials) -> bytes | None:
        version = credentials.name
        if version is None or not credentials.user:
            what = "no user name" if version else "no secret version for the password"
            fix = "set upstreamCredentials: username and passwordSecretVersion"
            raise BrokenError(Link.CREDENTIALS, f"the credentials have {what}", fix)
        text = f"the user {credentials.user} with the password in {credentials.version}"
        self._note(name, Found(Link.CREDENTIALS, State.SOUND, text))
        usable = await usable_version(self.api, version)
        for found in usable:
            self._note(name, found)
        number = await self._number(name.project)
        agent = agent_member(number).partition(":")[2]
        self._note(name, Found(Link.AGENT, State.SOUND, f"{agent} acts for the repository"))
        self._note(name, await grants.agent_reads_secret(self.api, version.secret, number))
        try:
            return await self.api.secrets.access(version)
        except ApiError as error:
            if error.status is not Status.PERMISSION_DENIED:
                raise
        return None

    async def _login(
        self,
        name: RepositoryName,
        upstream: str,
        credentials: Credentials | None,
        payload: bytes | None,
    ) -> None:
        if self.probe is None or (credentials and payload is None):
            why = "you may not read the password" if self.probe else "not asked"
            self._note(name, Found(Link.LOGIN, State.UNKNOWN, why))
            return
        found = await asyncio.to_thread(check_login, self.probe, upstream, credentials, payload)
        self._note(name, found)

    async def _get(self, name: RepositoryName) -> Json:
        try:
            return await self.api.repositories.get(name)
        except ApiError as error:
            if error.is_service_disabled:
                api = "artifactregistry.googleapis.com"
                text = f"the Artifact Registry API is off in project {name.project}"
                fix = f"gcloud services enable {api} --project={name.project}"
                raise BrokenError(Link.REPOSITORY, text, fix) from error
            if error.status is not Status.NOT_FOUND:
                raise
            fix = "apply the manifest that declares it, or name the right location and id"
            raise BrokenError(Link.REPOSITORY, f"{name} does not exist", fix) from error

    async def _number(self, project: str) -> str:
        if project.isdigit():
            return project
        _, number = await self.api.projects.get(project)
        return number

    def _note(self, name: RepositoryName, found: Found) -> None:
        self.found.append(dataclasses.replace(found, repository=found.repository or str(name)))
