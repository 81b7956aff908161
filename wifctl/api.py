"""The ports: everything a kind may ask of Google, as small async protocols over REST-shaped JSON.

Messages are Google's REST JSON (camelCase, proto3 defaults omitted, enums by name) whatever the
transport. Every method may raise `ApiError`; each already retried what is safe to retry.
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.names import (
    PoolName,
    ProjectName,
    ProviderName,
    RepositoryName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
)
from wifctl.resource import Condition

Json = Mapping[str, Any]


class Status(enum.StrEnum):
    """Canonical codes of google.rpc that wifctl tells apart."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    ABORTED = "ABORTED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    UNIMPLEMENTED = "UNIMPLEMENTED"
    UNAVAILABLE = "UNAVAILABLE"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    INTERNAL = "INTERNAL"
    UNKNOWN = "UNKNOWN"


class ApiError(WifctlError):
    """An answer of Google's that is not a success, with what is needed to act on it."""

    def __init__(
        self,
        status: Status,
        message: str,
        *,
        call: str = "",
        resource: str = "",
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
        effect_unknown: bool = False,
    ) -> None:
        fix = f"{call} {resource}".strip()
        super().__init__(Diagnostic("api-error", message, address=resource, path=call))
        self.status = status
        self.message = message
        self.call = call
        """The method, e.g. `workloadIdentityPools.create`."""
        self.resource = resource or fix
        self.reason = reason
        """`google.rpc.ErrorInfo.reason`, e.g. `SERVICE_DISABLED`."""
        self.metadata = dict(metadata or {})
        self.retryable = retryable
        self.retry_after = retry_after
        """Seconds asked for by `google.rpc.RetryInfo`."""
        self.effect_unknown = effect_unknown
        """The answer to a write was lost: it may or may not have happened."""

    @property
    def is_service_disabled(self) -> bool:
        """Whether the project has not enabled the API."""
        return self.reason == "SERVICE_DISABLED"


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding of a live policy, as read: duplicates of one key are possible."""

    role: str
    members: tuple[str, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class MemberEdit:
    """One member to add to, or remove from, all bindings of one (role, condition)."""

    role: str
    member: str
    add: bool
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """A policy as read at version 3. `message` is the transport's own object: only it is edited."""

    bindings: tuple[Binding, ...]
    etag: str = ""
    message: object = field(default=None, compare=False, repr=False)


class Pools(Protocol):
    """iam.projects.locations.workloadIdentityPools; operations are awaited inside."""

    async def get(self, name: PoolName) -> Json: ...
    def list(self, project: str) -> AsyncIterator[Sequence[Json]]:
        """Page by page, soft-deleted ones included."""
        ...

    async def create(self, name: PoolName, body: Json) -> None: ...
    async def update(self, name: PoolName, body: Json, mask: Sequence[str]) -> None: ...
    async def delete(self, name: PoolName) -> None: ...
    async def undelete(self, name: PoolName) -> None: ...


class Providers(Protocol):
    """iam.projects.locations.workloadIdentityPools.providers; operations are awaited inside."""

    async def get(self, name: ProviderName) -> Json: ...
    def list(self, pool: PoolName) -> AsyncIterator[Sequence[Json]]:
        """Page by page, soft-deleted ones included."""
        ...

    async def create(self, name: ProviderName, body: Json) -> None: ...
    async def update(self, name: ProviderName, body: Json, mask: Sequence[str]) -> None: ...
    async def delete(self, name: ProviderName) -> None: ...
    async def undelete(self, name: ProviderName) -> None: ...


class ServiceAccounts(Protocol):
    """google.iam.admin.v1.IAM."""

    async def get(self, name: ServiceAccountName) -> Json: ...
    def list(self, project: str) -> AsyncIterator[Sequence[Json]]: ...
    async def create(self, project: str, account_id: str, body: Json) -> Json: ...
    async def update(self, name: ServiceAccountName, body: Json, mask: Sequence[str]) -> None: ...
    async def set_disabled(self, name: ServiceAccountName, disabled: bool) -> None: ...
    async def delete(self, name: ServiceAccountName) -> None: ...
    async def undelete(self, project: str, unique_id: str) -> Json: ...


class Secrets(Protocol):
    """google.cloud.secretmanager.v1, global and regional."""

    async def get(self, name: SecretName) -> Json: ...
    def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]: ...
    async def create(self, name: SecretName, body: Json) -> Json: ...
    async def update(self, name: SecretName, body: Json, mask: Sequence[str]) -> Json:
        """`body` may carry `etag`, which guards the write."""
        ...

    async def delete(self, name: SecretName, etag: str = "") -> None: ...
    async def versions(self, name: SecretName) -> Sequence[Json]:
        """All versions, newest first, destroyed ones included."""
        ...

    async def add_version(self, name: SecretName, payload: bytes) -> str:
        """The number of the version added; never repeated blindly when the answer is lost."""
        ...

    async def access(self, name: SecretVersionName) -> bytes: ...
    async def set_version_state(self, name: SecretVersionName, state: str) -> None:
        """`ENABLED`, `DISABLED` or `DESTROYED`."""
        ...


class Repositories(Protocol):
    """google.devtools.artifactregistry.v1; operations are awaited inside."""

    async def get(self, name: RepositoryName) -> Json: ...
    def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]: ...
    async def create(self, name: RepositoryName, body: Json) -> None: ...
    async def update(self, name: RepositoryName, body: Json, mask: Sequence[str]) -> None: ...
    async def delete(self, name: RepositoryName) -> None: ...
    async def locations(self, project: str) -> Sequence[str]: ...


PolicyTarget = ProjectName | PoolName | ServiceAccountName | SecretName | RepositoryName


class Policies(Protocol):
    """get/setIamPolicy of every kind of target."""

    async def read(self, target: PolicyTarget) -> LivePolicy:
        """The policy at version 3."""
        ...

    async def edit(
        self, target: PolicyTarget, policy: LivePolicy, edits: Sequence[MemberEdit]
    ) -> LivePolicy:
        """Write one edited policy under its etag. A conflict raises ABORTED, nothing is retried.

        The message read is edited in place: everything the edits do not name survives.
        """
        ...


class Services(Protocol):
    """Service Usage."""

    async def enabled(self, project: str, services: Sequence[str]) -> frozenset[str]:
        """Which of the services are enabled."""
        ...

    async def enable(self, project: str, services: Sequence[str]) -> None: ...
    async def disable(self, project: str, service: str) -> None: ...
    async def create_identity(self, project: str, service: str) -> str:
        """The e-mail of the service agent, created if it did not exist."""
        ...


class ProjectsApi(Protocol):
    """Resource Manager."""

    async def get(self, project: str) -> tuple[str, str]:
        """(id, number) of a project given by either."""
        ...


@dataclass(frozen=True, slots=True)
class Api:
    """All ports of one target: Google, or the local one."""

    pools: Pools
    providers: Providers
    accounts: ServiceAccounts
    secrets: Secrets
    repositories: Repositories
    policies: Policies
    services: Services
    projects: ProjectsApi
    caller: str = ""
    """The IAM member wifctl acts as, where the credentials say it."""
