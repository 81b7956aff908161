"""The picture the manifests draw, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wifctl.access.picture import KnownProvider, Picture
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.kinds.base import Facts
from wifctl.kinds.registry import kind as kind_of
from wifctl.live.read import policy_name
from wifctl.names import ProviderName
from wifctl.plan.desire import targets_of
from wifctl.resource import Address, Later, Projects, Resource, State
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.provider import Json, ProviderConfig, provider_from_rest

PROVIDER, POOL, ACCOUNT = "WorkloadIdentityPoolProvider", "WorkloadIdentityPool", "ServiceAccount"
ABSENT = "absent by its manifest"
_KINDS = {
    "ServiceAccount": TargetKind.SERVICE_ACCOUNT,
    "Project": TargetKind.PROJECT,
    "Secret": TargetKind.SECRET,
    "ArtifactRegistryRepository": TargetKind.REPOSITORY,
    "WorkloadIdentityPool": TargetKind.POOL,
}


def declared(resources: Sequence[Resource], projects: Projects) -> Picture:
    """Providers, grants and accounts of loaded documents.

    A project whose number nobody knows keeps its id in principals; see `numbered`.
    """
    return Picture(
        tuple(declared_providers(resources, projects)),
        tuple(_grants(resources, projects)),
        tuple(_accounts(resources)),
        projects,
    )


def numbered(known: KnownProvider) -> KnownProvider:
    """The provider, where its project's number is known. Raises WifctlError."""
    if known.is_numbered:
        return known
    raise WifctlError(
        Diagnostic(
            "unknown-number",
            f"audiences and principals need the number of the project {known.project!r}, "
            "and nothing here says it",
            position=known.position(""),
            fix=f"add it to wifctl.yaml: `projects: {{{known.project}: NUMBER}}`",
        )
    )


def declared_providers(
    resources: Iterable[Resource], projects: Projects
) -> Iterator[KnownProvider]:
    """The providers that documents declare, with their pools."""
    found = list(resources)
    pools = {each.address: each for each in found if each.address.kind == POOL}
    for each in found:
        if each.address.kind == PROVIDER:
            pool = pools.get(Address(POOL, each.address.path[:-1]))
            config = _config(each, pool, projects)
            if config is not None:
                yield KnownProvider(config, each.address.project, each.name, each, pool)


def target_of(address: Address, *, disabled: bool = False) -> Target:
    """An object with a policy, as grants name it."""
    kind = _KINDS.get(address.kind, TargetKind.OTHER)
    return Target(kind, str(policy_name(address)), disabled)


def full_name(address: Address, projects: Projects) -> str:
    """A provider's full resource name, with its project's number where that is known."""
    project, pool, provider = address.path
    return str(ProviderName(projects.number(project) or project, pool, provider))


def _config(provider: Resource, pool: Resource | None, projects: Projects) -> ProviderConfig | None:
    name = full_name(provider.address, projects)
    return provider_from_rest(_json(provider), name=name, pool=_json(pool) if pool else None)


def _json(resource: Resource) -> Json:
    remote = kind_of(resource.address.kind).remote
    assert remote is not None
    state: Mapping[str, object] = {"state": ABSENT} if _is_absent(resource) else {}
    return {**remote.body(resource, Facts()), **state}


def _is_absent(resource: Resource) -> bool:
    return resource.lifecycle.state is State.ABSENT


def _grants(resources: Sequence[Resource], projects: Projects) -> Iterator[Grant]:
    for address, wanted in targets_of(resources, Facts(projects)).items():
        target = target_of(address)
        for grant in wanted.grants:
            if grant.wanted:
                yield Grant(target, grant.role, _text(grant.member), grant.condition, grant.origin)


def _text(member: str | Later) -> str:
    """A member whose project's number is not known keeps the id."""
    return member.fill(member.subject) if isinstance(member, Later) else member


def _accounts(resources: Iterable[Resource]) -> Iterator[Target]:
    for each in resources:
        if each.address.kind == ACCOUNT and not _is_absent(each):
            yield target_of(each.address, disabled=bool(each.spec.disabled))
