"""The state behind the fake ports: objects by name, policies, payloads, a call log, failures."""

from __future__ import annotations

import asyncio
import copy
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from wifctl.api import ApiError, Status
from wifctl.names import parse_name

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

    async def enter(self, call: Call) -> Failure | None:
        """Log a call, check its project and service, raise what was scripted for it."""
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
        return failure

    def _check_project(self, call: Call) -> None:
        parsed = parse_name(call.name)
        project = self.project_id(call.name.split("/")[1]) if call.name.count("/") else call.name
        if self.closed and project not in self.numbers and project != "-":
            raise problem(
                Status.PERMISSION_DENIED, "The caller does not have permission", call.method, parsed
            )
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

    @contextmanager
    def scripted(self, failure: Failure | None) -> Iterator[None]:
        """Do the work of a call, then lose its answer when that was scripted."""
        yield
        if failure is not None:
            raise failure.error


def problem(status: Status, message: str, call: str, name: object) -> ApiError:
    """An error as a port raises it."""
    return ApiError(status, message, call=call, resource=str(name))


def renamed(call: Call, **changes: Any) -> Call:
    """A copy of a call with fields changed, for comparisons."""
    return replace(call, **changes)
