"""The state behind the fake ports: objects by name, policies, payloads, a call log, failures."""

from __future__ import annotations

import asyncio
import copy
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from wifctl.api import ApiError, Status

Body = dict[str, Any]

SERVICE_OF = {
    "workloadIdentityPools": "iam.googleapis.com",
    "serviceAccounts": "iam.googleapis.com",
    "secrets": "secretmanager.googleapis.com",
    "repositories": "artifactregistry.googleapis.com",
    "locations": "artifactregistry.googleapis.com",
    "projects": "cloudresourcemanager.googleapis.com",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it reached the fake; a payload is never kept, only its size."""

    method: str
    name: str
    body: Any = None
    mask: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    @property
    def is_write(self) -> bool:
        """Whether the call would change something."""
        verb = self.method.rpartition(".")[2]
        return verb not in ("get", "list", "batchGet", "access", "getIamPolicy")


@dataclass(slots=True)
class Failure:
    """A scripted failure: `lost` ones happen first and lose their answer."""

    method: str
    error: ApiError
    name: str
    times: int
    lost: bool

    def matches(self, call: Call) -> bool:
        """Whether this failure waits for such a call."""
        return self.times > 0 and call.method == self.method and self.name in ("", call.name)


@dataclass(slots=True)
class World:
    """What exists. Names are kept with the project's id, whichever spelling was used."""

    numbers: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    """Whether only the projects of `numbers` exist."""
    check_services: bool = False
    delay: float = 0.0
    objects: dict[str, Body] = field(default_factory=dict)
    policies: dict[str, Body] = field(default_factory=dict)
    payloads: dict[str, bytes] = field(default_factory=dict)
    services: set[tuple[str, str]] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    counter: int = 0

    def number(self, project: str) -> str:
        """The number of a project; made up, but always the same, when it was not declared."""
        if project.isdigit():
            return project
        return self.numbers.setdefault(project, str(100_000_000_000 + zlib.crc32(project.encode())))

    def project_id(self, project: str) -> str:
        """The id of a project given by either spelling."""
        return next((i for i, number in self.numbers.items() if number == project), project)

    def key(self, name: object) -> str:
        """The name under which an object is kept."""
        return self._respell(name, self.project_id)

    def numbered(self, name: object) -> str:
        """The name as answers spell it."""
        return self._respell(name, self.number)

    def _respell(self, name: object, spelling: Any) -> str:
        head, project, *rest = str(name).split("/", 2)
        return "/".join((head, spelling(project), *rest))

    def next_id(self) -> int:
        """A counter for etags, unique ids and times."""
        self.counter += 1
        return self.counter

    def find(self, name: object, call: str) -> Body:
        """The object itself, or NOT_FOUND."""
        found = self.objects.get(self.key(name))
        if found is None:
            raise problem(Status.NOT_FOUND, "Requested entity was not found.", call, name)
        return found

    def children(self, parent: object, collection: str) -> list[Body]:
        """Copies of the objects directly in a collection, in the order they were made."""
        prefix = f"{self.key(parent)}/{collection}/"
        return [
            copy.deepcopy(body)
            for key, body in self.objects.items()
            if key.startswith(prefix) and "/" not in key[len(prefix) :]
        ]

    def merge(self, found: Body, body: Mapping[str, Any], mask: Sequence[str]) -> None:
        """Take the masked fields from `body`; a masked field it lacks is reset."""
        for path in mask:
            *parents, leaf = path.split(".")
            source: Any = body
            target: Any = found
            for step in parents:
                source = source.get(step, {}) if isinstance(source, Mapping) else {}
                target = target.setdefault(step, {})
            if leaf in source:
                target[leaf] = copy.deepcopy(source[leaf])
            else:
                target.pop(leaf, None)
        for empty in [k for k, v in found.items() if v in (False, "", 0) or v is None]:
            del found[empty]

    @asynccontextmanager
    async def call(
        self, method: str, name: object, body: Any = None, mask: Sequence[str] = ()
    ) -> AsyncIterator[None]:
        """One call: logged, checked, failed when scripted; the block is its effect."""
        call = Call(method, str(name), copy.deepcopy(body), tuple(mask))
        self.calls.append(call)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.in_flight -= 1
        failure = next((f for f in self.failures if f.matches(call)), None)
        if failure is not None:
            failure.times -= 1
            if not failure.lost:
                raise failure.error
        self._check_project(call)
        yield
        if failure is not None:
            raise failure.error

    def _check_project(self, call: Call) -> None:
        project = self.project_id(call.name.split("/")[1])
        if self.closed and project not in self.numbers and project != "-":
            text = "The caller does not have permission"
            raise problem(Status.PERMISSION_DENIED, text, call.method, call.name)
        service = SERVICE_OF.get(call.method.split(".")[0], "")
        if self.check_services and service and (project, service) not in self.services:
            raise ApiError(
                Status.PERMISSION_DENIED,
                f"{service} has not been used in project {project} before or it is disabled.",
                call=call.method,
                resource=call.name,
                reason="SERVICE_DISABLED",
                metadata={"consumer": f"projects/{project}", "service": service},
            )


def problem(status: Status, message: str, call: str, name: object) -> ApiError:
    """An error as a port raises it."""
    return ApiError(status, message, call=call, resource=str(name))
