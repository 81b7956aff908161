"""The live picture of whole projects: every pool, provider, service account and policy in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wifctl.access.declared import POOL, PROVIDER, declared_providers, full_name, target_of
from wifctl.access.missed import WORDS, Missed
from wifctl.access.picture import KnownProvider, Picture
from wifctl.api import Api, ApiError, Json, PolicyTarget
from wifctl.kinds.registry import kind as kind_of
from wifctl.live.read import policy_name
from wifctl.parallel import each, first_error
from wifctl.resource import Address, Condition, Projects, Resource
from wifctl.trust.grants import Grant, Target, grants_of
from wifctl.trust.provider import provider_from_rest

_WHERE = (POOL, "ServiceAccount", "Secret")
NOT_THERE = "not there"
"""The state of a provider a manifest declares and nobody made yet."""
Found = Mapping[Address, Json]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at, and the documents that say where things stand."""

    projects: tuple[str, ...]
    """By id or number; each is read as a whole."""
    resources: Sequence[Resource] = ()
    known: Projects = field(default_factory=Projects)
    width: int = 32
    """Calls in flight."""


async def sweep(api: Api, scope: Scope) -> Picture:
    """Read everything that decides about access in some projects.

    What may not be read (no permission, service off) is left out, and a note says so. Raises
    ApiError for anything else.
    """
    try:
        return await _Sweep(api, scope).picture()
    except* ApiError as group:
        raise first_error(group) from None


class _Sweep:
    """One run: lists first, then policies of all that was found."""

    def __init__(self, api: Api, scope: Scope) -> None:
        self.api = api
        self.scope = scope
        self.projects = scope.known
        self.objects: dict[Address, Json] = {}
        self.missed = Missed()

    async def picture(self) -> Picture:
        width = self.scope.width
        await each(self.scope.projects, self._identify, width)
        ids = dict.fromkeys(map(self.projects.canonical, self.scope.projects))
        places = [a for found in await each(ids, self._places, width) for a in found]
        await each(places, self._list, width)
        await each(self._of(POOL), self._list_providers, width)
        targets = [Address("Project", (project,)) for project in ids]
        targets += [
            a for a in self.objects if a.kind != PROVIDER and not _is_deleted(self.objects[a])
        ]
        grants = [g for found in await each(targets, self._policy, width) for g in found]
        return Picture(
            tuple(self._providers()),
            tuple(grants),
            tuple(self._account(a) for a in self._of("ServiceAccount")),
            self.projects,
            self.missed.notes(),
        )

    def _of(self, kind: str) -> list[Address]:
        return [address for address in self.objects if address.kind == kind]

    async def _identify(self, project: str) -> None:
        if self.projects.number(project) and not project.isdigit():
            return
        try:
            name, number = await self.api.projects.get(project)
        except ApiError as error:
            self.missed.add(error, f"the number of project {project}")
            return
        self.projects = self.projects.with_number(name, number)

    async def _places(self, project: str) -> list[Address]:
        """One stand-in address for each collection that is listed."""
        regions: Sequence[str] = ()
        try:
            regions = await self.api.repositories.locations(project)
        except ApiError as error:
            self.missed.add(error, f"repositories of {project}")
        return [
            *(Address(kind, (project, "")) for kind in _WHERE),
            *(Address("Secret", (project, region, "")) for region in self._regions(project)),
            *(Address("ArtifactRegistryRepository", (project, region, "")) for region in regions),
        ]

    def _regions(self, project: str) -> list[str]:
        """Where the documents keep regional secrets: only those places are asked."""
        paths = (r.address.path for r in self.scope.resources if r.address.kind == "Secret")
        return sorted({path[1] for path in paths if len(path) == 3 and path[0] == project})

    async def _list(self, place: Address) -> None:
        remote = kind_of(place.kind).remote
        assert remote is not None
        assert remote.list is not None
        await self._keep(remote.list(self.api, place), place)

    async def _list_providers(self, pool: Address) -> None:
        if self.objects[pool].get("mode", "FEDERATION_ONLY") == "FEDERATION_ONLY":
            await self._list(Address(PROVIDER, (*pool.path, "")))

    async def _keep(self, found: AsyncIterator[tuple[Address, Json]], place: Address) -> None:
        try:
            async for address, json in found:
                self.objects[address] = json
        except ApiError as error:
            if not _is_closed_location(error):
                self.missed.add(error, f"{WORDS[place.kind]} of {place.project}")

    async def _policy(self, address: Address) -> tuple[Grant, ...]:
        name: PolicyTarget = policy_name(address)
        try:
            policy = await self.api.policies.read(name)
        except ApiError as error:
            self.missed.add(error, f"policies of {WORDS[address.kind]} in {address.project}")
            return ()
        target = self._account(address) if address.kind == "ServiceAccount" else target_of(address)
        return grants_of(target, policy.bindings)

    def _account(self, address: Address) -> Target:
        return target_of(address, disabled=bool(self.objects[address].get("disabled")))

    def _providers(self) -> Iterable[KnownProvider]:
        documents = list(declared_providers(self.scope.resources, self.projects))
        known = {each.document.address: each for each in documents if each.document}
        for address in self._of(PROVIDER):
            pool = self.objects.get(Address(POOL, address.path[:-1]))
            name = full_name(address, self.projects)
            config = provider_from_rest(self.objects[address], name=name, pool=pool)
            if config is not None:
                bare = KnownProvider(config, address.project, address.id)
                yield replace(known.get(address, bare), config=config)
        for address, declared in known.items():
            if address not in self.objects:
                yield replace(declared, config=replace(declared.config, state=NOT_THERE))


def _is_closed_location(error: ApiError) -> bool:
    """Artifact Registry lists locations where it then keeps nobody's repositories."""
    return error.message.startswith("Permission denied on 'locations/")


def _is_deleted(json: Json) -> bool:
    return json.get("state") == "DELETED"


Key = tuple[str, str, str, Condition | None]


def with_sources(picture: Picture, documents: Picture) -> Picture:
    """The live picture, its grants knowing where a manifest asks for them."""
    asked = {_key(grant): grant.source for grant in documents.grants}
    grants = (
        Grant(g.target, g.role, g.member, g.condition, asked.get(_key(g), ""))
        for g in picture.grants
    )
    return Picture(
        picture.providers, tuple(grants), picture.accounts, picture.projects, picture.notes
    )


def _key(grant: Grant) -> Key:
    return (grant.target.email or grant.target.name, grant.role, grant.member, grant.condition)
