"""What one plan has to read, found from the documents alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wifctl.kinds.base import Facts
from wifctl.kinds.registry import kind as kind_of
from wifctl.plan.desire import canonical_target, version_address
from wifctl.resource import PROJECT_SERVICES, Address, Projects, Resource, State


@dataclass(frozen=True, slots=True)
class Wanted:
    """Addresses to read, each once."""

    objects: tuple[Address, ...] = ()
    services: dict[Address, tuple[str, ...]] = field(default_factory=dict)
    versions: tuple[Address, ...] = ()
    """Secrets whose versions matter."""
    pools: tuple[Address, ...] = ()
    """Pools whose providers matter, named or not."""
    policies: tuple[Address, ...] = ()
    numbers: tuple[str, ...] = ()
    """Projects whose number a member or a name needs."""
    enabled_here: frozenset[tuple[str, str]] = frozenset()
    """(project, service) pairs the documents enable."""


def wanted_of(resources: Sequence[Resource], projects: Projects) -> Wanted:
    """Everything `resources` make a plan look at."""
    with_object = [r for r in resources if kind_of(r.address.kind).remote is not None]
    objects = [r for r in with_object if r.address.kind != PROJECT_SERVICES]
    services = {
        r.address: tuple(r.spec.services) for r in with_object if r.address.kind == PROJECT_SERVICES
    }
    facts = Facts(projects)
    targets = (
        canonical_target(entry.target, facts)
        for resource in resources
        for entry in kind_of(resource.address.kind).grants(resource)
    )
    pools = [r.address for r in objects if _has_providers(r)]
    return Wanted(
        tuple(r.address for r in objects),
        services,
        tuple(dict.fromkeys(_secrets(resources))),
        tuple(pools),
        tuple(dict.fromkeys(targets)),
        tuple(dict.fromkeys(_numbers(resources))),
        frozenset(
            (resource.address.project, service)
            for resource in with_object
            if resource.address.kind == PROJECT_SERVICES
            and resource.lifecycle.state is State.PRESENT
            for service in resource.spec.services
        ),
    )


def _has_providers(resource: Resource) -> bool:
    """Google answers 400 to a list of the providers of any but a federation pool."""
    is_pool = resource.address.kind == "WorkloadIdentityPool"
    return is_pool and resource.spec.mode in (None, "FEDERATION_ONLY")


def _secrets(resources: Iterable[Resource]) -> Iterable[Address]:
    for resource in resources:
        if resource.lifecycle.state is State.ABSENT:
            continue
        if resource.address.kind == "Secret" and resource.spec.version is not None:
            yield resource.address
        if resource.address.kind == "ArtifactRegistryRepository":
            for path, link in resource.links.items():
                if link.address.kind == "Secret" and not path.startswith("access["):
                    yield link.address


def _numbers(resources: Iterable[Resource]) -> Iterable[str]:
    for resource in resources:
        for entry in kind_of(resource.address.kind).grants(resource):
            for path, form in entry.members:
                if form.pool is not None:
                    yield resource.links[f"{path}.pool"].address.project
                if form.service_agent is not None:
                    yield form.project or resource.address.project


def versions_of(wanted: Wanted) -> tuple[Address, ...]:
    """Version addresses to read."""
    return tuple(version_address(secret) for secret in wanted.versions)
