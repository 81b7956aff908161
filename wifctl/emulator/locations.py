"""`locations.list` and `locations.get`, which several APIs share under the very same path.

On the live service the host name says whose locations are meant. Here one door serves all APIs, so
`/v1/projects/P/locations` answers with the places of all of them, each API then knowing only its
own; `/v1beta2` is Artifact Registry's alone, and so are its places. The lists are those of the
discovery documents' `endpoints`.
"""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, not_found
from wifctl.emulator.paging import page
from wifctl.emulator.service import Context, Handler, Json

REGIONS: tuple[str, ...] = (
    "africa-south1",
    "asia-east1",
    "asia-east2",
    "asia-northeast1",
    "asia-northeast2",
    "asia-northeast3",
    "asia-south1",
    "asia-south2",
    "asia-southeast1",
    "asia-southeast2",
    "australia-southeast1",
    "australia-southeast2",
    "europe-central2",
    "europe-north1",
    "europe-north2",
    "europe-southwest1",
    "europe-west1",
    "europe-west10",
    "europe-west12",
    "europe-west2",
    "europe-west3",
    "europe-west4",
    "europe-west6",
    "europe-west8",
    "europe-west9",
    "me-central1",
    "me-central2",
    "me-west1",
    "northamerica-northeast1",
    "northamerica-northeast2",
    "northamerica-south1",
    "southamerica-east1",
    "southamerica-west1",
    "us-central1",
    "us-central2",
    "us-east1",
    "us-east4",
    "us-east5",
    "us-east7",
    "us-south1",
    "us-west1",
    "us-west2",
    "us-west3",
    "us-west4",
)
"""Regions that every one of these APIs has."""

SECRET_MANAGER: frozenset[str] = frozenset(REGIONS) | frozenset(
    {"asia-southeast3", "europe-west15", "ca", "ch", "eu", "in", "sa", "us"}
)
ARTIFACT_REGISTRY: frozenset[str] = frozenset(REGIONS) | frozenset(
    {"asia", "europe", "us", "us-west8"}
)
"""The multi-regions are the ones its registry host names carry (`europe-python.pkg.dev`)."""

EVERYWHERE = SECRET_MANAGER | ARTIFACT_REGISTRY

MESSAGES = "google.cloud.location.locations_pb2"


def list_locations(places: frozenset[str]) -> Handler:
    """A handler that lists these places, in alphabetical order."""

    def handle(context: Context, request: Json) -> Json:
        name = _project(context, request.get("name", ""))
        shown, token = page(sorted(places), request, default=100, maximum=1000, scope=name)
        return {"locations": [_location(name, p) for p in shown], "nextPageToken": token}

    return handle


def get_location(places: frozenset[str]) -> Handler:
    """A handler that gives one of these places, or NOT_FOUND."""

    def handle(context: Context, request: Json) -> Json:
        name, _, place = request.get("name", "").rpartition("/locations/")
        _project(context, name)
        if place not in places:
            raise not_found()
        return _location(name, place)

    return handle


def no_location(place: str) -> ApiError:
    """The refusal of a place that an API does not have."""
    message = f"Permission denied on 'locations/{place}' (or it may not exist)."
    return ApiError("PERMISSION_DENIED", message)


def _project(context: Context, name: str) -> str:
    if context.projects.find(name.removeprefix("projects/")) is None:
        raise ApiError("PERMISSION_DENIED", "The caller does not have permission")
    return name


def _location(parent: str, place: str) -> Json:
    return {"name": f"{parent}/locations/{place}", "locationId": place, "displayName": place}
