"""Secret Manager v1, global and regional: the table of its methods."""

from __future__ import annotations

from wifctl.emulator import locations
from wifctl.emulator.policies.methods import PolicyTarget, policy_methods
from wifctl.emulator.secretmanager import secrets, versions
from wifctl.emulator.service import Method, Route, Service, unserved

_ID = "secretmanager.projects.secrets"
_TYPES = "google.cloud.secretmanager_v1.types"
_EMPTY = "google.protobuf.empty_pb2:Empty"
_RPC = "google.cloud.secretmanager.v1.SecretManagerService"
_LOCATIONS_RPC = "google.cloud.location.Locations"

_PARENTS = ("projects/*", "projects/*/locations/*")
_SECRETS = ("projects/*/secrets/*", "projects/*/locations/*/secrets/*")
_VERSIONS = ("projects/*/secrets/*/versions/*", "projects/*/locations/*/secrets/*/versions/*")


def _routes(
    verb: str, variable: str, names: tuple[str, ...], rest: str = "", body: str = ""
) -> tuple[Route, ...]:
    return tuple(Route(verb, f"/v1/{{{variable}={name}}}{rest}", body) for name in names)


_SECRET_METHODS = (
    Method(
        f"{_ID}.create",
        _routes("POST", "parent", _PARENTS, "/secrets", "secret"),
        secrets.create,
        f"{_TYPES}:CreateSecretRequest",
        f"{_TYPES}:Secret",
        f"{_RPC}/CreateSecret",
        "secretmanager.secrets.create",
        write=True,
    ),
    Method(
        f"{_ID}.get",
        _routes("GET", "name", _SECRETS),
        secrets.get,
        f"{_TYPES}:GetSecretRequest",
        f"{_TYPES}:Secret",
        f"{_RPC}/GetSecret",
        "secretmanager.secrets.get",
    ),
    Method(
        f"{_ID}.list",
        _routes("GET", "parent", _PARENTS, "/secrets"),
        secrets.list_,
        f"{_TYPES}:ListSecretsRequest",
        f"{_TYPES}:ListSecretsResponse",
        f"{_RPC}/ListSecrets",
        "secretmanager.secrets.list",
    ),
    Method(
        f"{_ID}.patch",
        _routes("PATCH", "secret.name", _SECRETS, body="secret"),
        secrets.patch,
        f"{_TYPES}:UpdateSecretRequest",
        f"{_TYPES}:Secret",
        f"{_RPC}/UpdateSecret",
        "secretmanager.secrets.update",
        write=True,
    ),
    Method(
        f"{_ID}.delete",
        _routes("DELETE", "name", _SECRETS),
        secrets.delete,
        f"{_TYPES}:DeleteSecretRequest",
        _EMPTY,
        f"{_RPC}/DeleteSecret",
        "secretmanager.secrets.delete",
        write=True,
    ),
    unserved(
        f"{_ID}.enableManagedRotation",
        *_routes("POST", "parent", _SECRETS, ":enableManagedRotation", "*"),
        rpc=f"{_RPC}/EnableManagedRotation",
    ),
    unserved(
        f"{_ID}.rotateSecret",
        *_routes("POST", "parent", _SECRETS, ":rotateSecret", "*"),
        rpc=f"{_RPC}/RotateSecret",
    ),
)

_VERSION_METHODS = (
    Method(
        f"{_ID}.addVersion",
        _routes("POST", "parent", _SECRETS, ":addVersion", "*"),
        versions.add,
        f"{_TYPES}:AddSecretVersionRequest",
        f"{_TYPES}:SecretVersion",
        f"{_RPC}/AddSecretVersion",
        "secretmanager.versions.add",
        write=True,
    ),
    Method(
        f"{_ID}.versions.get",
        _routes("GET", "name", _VERSIONS),
        versions.get,
        f"{_TYPES}:GetSecretVersionRequest",
        f"{_TYPES}:SecretVersion",
        f"{_RPC}/GetSecretVersion",
        "secretmanager.versions.get",
    ),
    Method(
        f"{_ID}.versions.list",
        _routes("GET", "parent", _SECRETS, "/versions"),
        versions.list_,
        f"{_TYPES}:ListSecretVersionsRequest",
        f"{_TYPES}:ListSecretVersionsResponse",
        f"{_RPC}/ListSecretVersions",
        "secretmanager.versions.list",
    ),
    Method(
        f"{_ID}.versions.access",
        _routes("GET", "name", _VERSIONS, ":access"),
        versions.access,
        f"{_TYPES}:AccessSecretVersionRequest",
        f"{_TYPES}:AccessSecretVersionResponse",
        f"{_RPC}/AccessSecretVersion",
        "secretmanager.versions.access",
    ),
    Method(
        f"{_ID}.versions.enable",
        _routes("POST", "name", _VERSIONS, ":enable", "*"),
        versions.enable,
        f"{_TYPES}:EnableSecretVersionRequest",
        f"{_TYPES}:SecretVersion",
        f"{_RPC}/EnableSecretVersion",
        "secretmanager.versions.enable",
        write=True,
    ),
    Method(
        f"{_ID}.versions.disable",
        _routes("POST", "name", _VERSIONS, ":disable", "*"),
        versions.disable,
        f"{_TYPES}:DisableSecretVersionRequest",
        f"{_TYPES}:SecretVersion",
        f"{_RPC}/DisableSecretVersion",
        "secretmanager.versions.disable",
        write=True,
    ),
    Method(
        f"{_ID}.versions.destroy",
        _routes("POST", "name", _VERSIONS, ":destroy", "*"),
        versions.destroy,
        f"{_TYPES}:DestroySecretVersionRequest",
        f"{_TYPES}:SecretVersion",
        f"{_RPC}/DestroySecretVersion",
        "secretmanager.versions.destroy",
        write=True,
    ),
)

_LOCATION_METHODS = (
    Method(
        "secretmanager.projects.locations.list",
        (Route("GET", "/v1/{name=projects/*}/locations"),),
        locations.list_locations(locations.EVERYWHERE),
        f"{locations.MESSAGES}:ListLocationsRequest",
        f"{locations.MESSAGES}:ListLocationsResponse",
        f"{_LOCATIONS_RPC}/ListLocations",
    ),
    Method(
        "secretmanager.projects.locations.get",
        (Route("GET", "/v1/{name=projects/*/locations/*}"),),
        locations.get_location(locations.EVERYWHERE),
        f"{locations.MESSAGES}:GetLocationRequest",
        f"{locations.MESSAGES}:Location",
        f"{_LOCATIONS_RPC}/GetLocation",
    ),
)

_POLICY_METHODS = policy_methods(
    PolicyTarget(
        id_prefix=_ID,
        templates=tuple(f"/v1/{{resource={name}}}" for name in _SECRETS),
        resolve=secrets.resolve,
        permission_prefix="secretmanager.secrets",
        rpc_service=_RPC,
    )
)

SERVICE = Service(
    name="secretmanager.googleapis.com",
    methods=_SECRET_METHODS + _VERSION_METHODS + _POLICY_METHODS + _LOCATION_METHODS,
    hosts=tuple(f"secretmanager.{place}.rep.googleapis.com" for place in locations.REGIONS),
)
