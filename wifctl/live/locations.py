"""Repository locations that do not exist: asked only once a read was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from wifctl.api import Api, ApiError, Status
from wifctl.diagnostics import Diagnostic
from wifctl.kinds.repository import NAME
from wifctl.resource import Resource, State

_REFUSALS = (Status.PERMISSION_DENIED, Status.INVALID_ARGUMENT, Status.NOT_FOUND)
_PATH = "spec.location"


async def unknown_locations(
    resources: Iterable[Resource], api: Api, error: ApiError
) -> tuple[Diagnostic, ...]:
    """The repositories in places Artifact Registry does not have.

    Google answers a place that is misspelled as one that is forbidden, so a refused read may mean
    either; a plan that is not refused costs no call.
    """
    if error.status not in _REFUSALS or error.is_service_disabled:
        return ()
    found = [r for r in resources if r.address.kind == NAME and r.lifecycle.state is State.PRESENT]
    problems: list[Diagnostic] = []
    for project in dict.fromkeys(resource.address.project for resource in found):
        try:
            places = await api.repositories.locations(project)
        except ApiError:
            continue  # the refusal that led here says it already
        here = (resource for resource in found if resource.address.project == project)
        problems += [_unknown(r, places) for r in here if places and _place(r) not in places]
    return tuple(problems)


def _place(resource: Resource) -> str:
    return resource.address.path[1]


def _unknown(resource: Resource, places: Sequence[str]) -> Diagnostic:
    place = _place(resource)
    near = get_close_matches(place, places, 1)
    return Diagnostic(
        "unknown-location",
        f"Artifact Registry has no location {place!r}",
        position=resource.position_of(_PATH) or resource.position,
        path=_PATH,
        allowed=f"one of {len(places)}, e.g. {', '.join(near or list(places)[:3])}",
        fix=f"did you mean {near[0]}?" if near else "gcloud artifacts locations list",
        address=str(resource.address),
    )
