"""`destroy`: every loaded document as if it said `state: absent`; services stay on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from wifctl.resource import PROJECT_SERVICES, Resource, State


def all_absent(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The documents whose objects and members destroy removes."""
    kept = (resource for resource in resources if resource.address.kind != PROJECT_SERVICES)
    return tuple(map(_absent, kept))


def _absent(resource: Resource) -> Resource:
    lifecycle = dataclasses.replace(resource.lifecycle, state=State.ABSENT)
    return dataclasses.replace(resource, lifecycle=lifecycle)
