"""Values a plan left open, filled while it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wifctl.api import Api
from wifctl.diagnostics import WifctlError
from wifctl.kinds.secret import secret_name
from wifctl.kinds.secret_version import newest_enabled
from wifctl.plan.versions import no_enabled_version
from wifctl.resource import Later, LaterKind, Projects, parse_address


class Known:
    """What has come to light so far; asks Google for the rest."""

    def __init__(self, api: Api, projects: Projects) -> None:
        self._api = api
        self.projects = projects
        self._versions: dict[str, str] = {}

    def version(self, secret: str, number: str) -> None:
        """A version was added, or found to be the newest."""
        self._versions[secret] = number

    async def fill(self, value: Any) -> Any:
        """The value with every hole filled."""
        if isinstance(value, Later):
            return value.fill(await self._ask(value))
        if isinstance(value, Mapping):
            return {key: await self.fill(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [await self.fill(item) for item in value]
        return value

    async def _ask(self, later: Later) -> str:
        if later.kind is LaterKind.PROJECT_NUMBER:
            return await self._number(later.subject)
        return await self._newest(later.subject)

    async def _number(self, project: str) -> str:
        number = self.projects.number(project)
        if number is None:
            _, number = await self._api.projects.get(project)
            self.projects = self.projects.with_number(project, number)
        return number

    async def _newest(self, secret: str) -> str:
        if secret not in self._versions:
            name = secret_name(parse_address(secret))
            newest = newest_enabled(list(await self._api.secrets.versions(name)))
            if newest is None:
                raise WifctlError(no_enabled_version(secret))
            self._versions[secret] = newest
        return self._versions[secret]
