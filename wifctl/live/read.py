"""Everything one plan reads, at once: objects, services, versions, policies, project numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wifctl.api import Api, ApiError, LivePolicy, PolicyTarget, Status
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.kinds.pool import pool_name
from wifctl.kinds.repository import repository_name
from wifctl.kinds.secret import secret_name
from wifctl.kinds.service_account import account_name
from wifctl.live.accounts import with_deleted_accounts
from wifctl.live.locations import unknown_locations
from wifctl.live.objects import (
    Collection,
    addresses_of,
    collections,
    numbers,
    read_collection,
    unread,
)
from wifctl.live.payloads import compare_payloads
from wifctl.live.wanted import Wanted, versions_of, wanted_of
from wifctl.names import ProjectName
from wifctl.parallel import each, first_error
from wifctl.payloads import NoPayloads, Payloads
from wifctl.plan.state import LiveObject, LiveState, Presence
from wifctl.resource import Address, Projects, Resource


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read."""

    projects: Projects = field(default_factory=Projects)
    payloads: Payloads = field(default_factory=NoPayloads)
    width: int = 32
    """Calls in flight."""


async def read_live(resources: Sequence[Resource], api: Api, reading: Reading) -> LiveState:
    """The live side of a plan. Raises ApiError for what is neither absent nor to be enabled.

    Raises WifctlError instead where a repository's location is the reason.
    """
    try:
        return await _Reader(resources, api, reading).state()
    except* ApiError as group:
        error = first_error(group)
    assert isinstance(error, ApiError)
    if problems := await unknown_locations(resources, api, error):
        raise WifctlError(*problems)
    raise error


Job = tuple[str, object]


class _Reader:
    """One run of reads; results land in dictionaries, nothing is compared here."""

    def __init__(self, resources: Sequence[Resource], api: Api, reading: Reading) -> None:
        self.resources = resources
        self.api = api
        self.reading = reading
        self.wanted: Wanted = wanted_of(resources, reading.projects)
        self.objects: dict[Address, LiveObject] = {}
        self.siblings: dict[Address, dict[Address, LiveObject]] = {}
        self.policies: dict[Address, LivePolicy | None] = {}

    async def state(self) -> LiveState:
        """All of it."""
        await each(self._jobs(), self._run, self.reading.width)
        found = dict(numbers(self.objects.items()))
        projects = Projects({**found, **self.reading.projects.numbers})
        projects, later, problems = await self._numbers(projects)
        objects = with_deleted_accounts(self.resources, self.objects, self.policies)
        payloads = await compare_payloads(
            self.resources, objects, self.api, self.reading.payloads, self.reading.width
        )
        return LiveState(
            objects,
            self.policies,
            payloads,
            self.siblings,
            projects,
            later,
            self.api.caller,
            problems,
        )

    def _jobs(self) -> list[Job]:
        providers = "WorkloadIdentityPoolProvider"
        pools = addresses_of(self.wanted.pools, self.wanted.objects)
        inside = {address for group in pools for address in group.addresses}
        rest = [a for a in self.wanted.objects if a not in inside]
        versions = [Collection((address,)) for address in versions_of(self.wanted)]
        objects = [*collections(rest), *versions]
        return [
            *(("services", item) for item in self.wanted.services.items()),
            *((providers, group) for group in pools),
            *(("objects", group) for group in objects),
            *(("policy", target) for target in self.wanted.policies),
        ]

    async def _run(self, job: Job) -> None:
        what, item = job
        if what == "policy":
            assert isinstance(item, Address)
            self.policies[item] = await self._policy(item)
        elif what == "services":
            assert isinstance(item, tuple)
            await self._services(*item)
        else:
            assert isinstance(item, Collection)
            found = await read_collection(self.api, item, self._off(item.first.project))
            self._keep(item, found)

    def _keep(self, wanted: Collection, found: dict[Address, LiveObject]) -> None:
        self.objects.update({a: o for a, o in found.items() if a.id})
        if wanted.whole:
            pool = Address("WorkloadIdentityPool", wanted.first.path[:-1])
            self.siblings[pool] = {a: o for a, o in found.items() if a.id}

    async def _services(self, address: Address, services: tuple[str, ...]) -> None:
        enabled = await self.api.services.enabled(address.project, services)
        self.objects[address] = LiveObject(Presence.PRESENT, {"services": sorted(enabled)})

    async def _policy(self, target: Address) -> LivePolicy | None:
        try:
            return await self.api.policies.read(policy_name(target))
        except ApiError as error:
            gone = error.status in (Status.NOT_FOUND, Status.FAILED_PRECONDITION)
            if gone or unread(error, target, self._off(target.project)):
                return None
            raise

    def _off(self, project: str) -> frozenset[str]:
        """Services the documents enable in a project, or in any: agents call across projects."""
        here = {s for p, s in self.wanted.enabled_here if p == project}
        return frozenset(here or {s for _, s in self.wanted.enabled_here})

    async def _numbers(
        self, projects: Projects
    ) -> tuple[Projects, frozenset[str], tuple[Diagnostic, ...]]:
        missing = [p for p in self.wanted.numbers if projects.number(p) is None]
        later: set[str] = set()
        problems: list[Diagnostic] = []
        for project in missing:
            try:
                _, number = await self.api.projects.get(project)
            except ApiError as error:
                if error.is_service_disabled and self._enables_projects(project):
                    later.add(project)
                else:
                    problems.append(_no_number(project, error))
                continue
            projects = projects.with_number(project, number)
        return projects, frozenset(later), tuple(problems)

    def _enables_projects(self, project: str) -> bool:
        return "cloudresourcemanager.googleapis.com" in self._off(project)


def _no_number(project: str, error: ApiError) -> Diagnostic:
    return Diagnostic(
        "unknown-number",
        f"the number of project {project} is needed, and Resource Manager does not say it: "
        f"{error.message}",
        fix=f"add it to wifctl.yaml: `projects: {{{project}: NUMBER}}`",
        address=f"Project/{project}",
    )


def policy_name(target: Address) -> PolicyTarget:
    """The API name of what a policy is attached to."""
    match target.kind:
        case "Project":
            return ProjectName(target.path[0])
        case "ServiceAccount":
            return account_name(target)
        case "Secret":
            return secret_name(target)
        case "ArtifactRegistryRepository":
            return repository_name(target)
        case "WorkloadIdentityPool":
            return pool_name(target)
    raise AssertionError(f"{target.kind} has no policy wifctl manages")
