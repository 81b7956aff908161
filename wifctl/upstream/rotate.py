"""Carrying a rotation out, step by step; each step may be the last before an interruption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wifctl.api import Api
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.names import SecretVersionName
from wifctl.payloads import SecretBytes
from wifctl.upstream.configuration import PASSWORD_PATH, with_password
from wifctl.upstream.consumers import Consumer, named_version
from wifctl.upstream.findings import BrokenError, State
from wifctl.upstream.grants import agent_reads_secret
from wifctl.upstream.rotation import Rotation

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rotator:
    """Does what a `Rotation` says; `tell` hears of each step once it is done."""

    api: Api
    rotation: Rotation
    tell: Tell

    async def change(self, payload: SecretBytes | None) -> str:
        """Add or enable the version, check that it can be read, repoint; the version's number."""
        version = await self._version(payload)
        await self._check_agents(version)
        for consumer in self.rotation.repoint:
            await self._repoint(consumer, version)
        return version

    async def disable(self, version: str, numbers: tuple[str, ...]) -> None:
        """Disable versions nobody names any more. Raises WifctlError when one is named again."""
        secret = self.rotation.secret
        for consumer in (*self.rotation.repoint, *self.rotation.settled):
            await self._require(consumer, version)
        for number in numbers:
            name = SecretVersionName(secret, number)
            await self.api.secrets.set_version_state(name, "DISABLED")
            self.tell(f"version {number} disabled")

    async def _version(self, payload: SecretBytes | None) -> str:
        rotation = self.rotation
        if not rotation.version:
            if payload is None:
                raise AssertionError("a version is added with its payload")
            number = await self.api.secrets.add_version(rotation.secret, payload.value)
            self.tell(f"version {number} added")
            return number
        if rotation.enable:
            name = SecretVersionName(rotation.secret, rotation.version)
            await self.api.secrets.set_version_state(name, "ENABLED")
            self.tell(f"version {rotation.version} enabled")
        return rotation.version

    async def _check_agents(self, version: str) -> None:
        """Before anything is repointed: can each repository's agent read the version?"""
        rotation = self.rotation
        projects = [c.name.project for c in (*rotation.repoint, *rotation.settled)]
        for project in dict.fromkeys(projects):
            _, number = await self.api.projects.get(project)
            try:
                found = await agent_reads_secret(self.api, rotation.secret, number)
            except BrokenError as error:
                raise WifctlError(
                    Diagnostic("agent-without-access", error.text, fix=error.fix)
                ) from error
            seen = "is" if found.state is State.SOUND else "may or may not be"
            self.tell(f"version {version} {seen} readable by the agent of {project}")

    async def _repoint(self, consumer: Consumer, version: str) -> None:
        body = with_password(f"{self.rotation.secret}/versions/{version}")
        await self.api.repositories.update(consumer.name, body, (PASSWORD_PATH,))
        await self._require(consumer, version)
        self.tell(f"{consumer.name} names version {version}")

    async def _require(self, consumer: Consumer, version: str) -> None:
        """Read back. Google may hide credentials: then nothing is said against it."""
        found = await named_version(self.api, consumer.name)
        if found is not None and found.version != version:
            text = f"{consumer.name} names version {found.version}, not {version}: it was changed"
            fix = "run the rotation again"
            raise WifctlError(Diagnostic("moved", text, fix=fix))
