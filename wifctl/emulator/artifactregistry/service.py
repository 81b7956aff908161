"""Artifact Registry v1: the table of its methods."""

from __future__ import annotations

from pathlib import Path

from wifctl.emulator import locations, longrunning
from wifctl.emulator.artifactregistry import patch, repositories, settings
from wifctl.emulator.documented import unserved_methods
from wifctl.emulator.policies.methods import PolicyTarget, policy_methods
from wifctl.emulator.service import Method, Route, Service

_ID = "artifactregistry.projects"
_REPOSITORIES = f"{_ID}.locations.repositories"
_TYPES = "google.cloud.artifactregistry_v1.types"
_OWN = "wifctl.emulator.artifactregistry.messages"
_RPC = "google.devtools.artifactregistry.v1.ArtifactRegistry"
_LOCATIONS_RPC = "google.cloud.location.Locations"

_PARENT = "/v1/{parent=projects/*/locations/*}/repositories"
_REPOSITORY = "projects/*/locations/*/repositories/*"
_OPERATION_NAME = "/v1/{name=projects/*/locations/*/operations/*}"
_SETTINGS = "projects/*/projectSettings"

_REPOSITORY_METHODS = (
    Method(
        f"{_REPOSITORIES}.create",
        (Route("POST", _PARENT, "repository"),),
        repositories.create,
        f"{_OWN}:CreateRepositoryRequest",
        longrunning.OPERATION,
        f"{_RPC}/CreateRepository",
        "artifactregistry.repositories.create",
        write=True,
    ),
    Method(
        f"{_REPOSITORIES}.get",
        (Route("GET", f"/v1/{{name={_REPOSITORY}}}"),),
        repositories.get,
        f"{_OWN}:GetRepositoryRequest",
        f"{_OWN}:Repository",
        f"{_RPC}/GetRepository",
        "artifactregistry.repositories.get",
    ),
    Method(
        f"{_REPOSITORIES}.list",
        (Route("GET", _PARENT),),
        repositories.list_,
        f"{_OWN}:ListRepositoriesRequest",
        f"{_OWN}:ListRepositoriesResponse",
        f"{_RPC}/ListRepositories",
        "artifactregistry.repositories.list",
    ),
    Method(
        f"{_REPOSITORIES}.patch",
        (Route("PATCH", f"/v1/{{repository.name={_REPOSITORY}}}", "repository"),),
        patch.patch,
        f"{_OWN}:UpdateRepositoryRequest",
        f"{_OWN}:Repository",
        f"{_RPC}/UpdateRepository",
        "artifactregistry.repositories.update",
        write=True,
    ),
    Method(
        f"{_REPOSITORIES}.delete",
        (Route("DELETE", f"/v1/{{name={_REPOSITORY}}}"),),
        repositories.delete,
        f"{_OWN}:DeleteRepositoryRequest",
        longrunning.OPERATION,
        f"{_RPC}/DeleteRepository",
        "artifactregistry.repositories.delete",
        write=True,
    ),
    *policy_methods(
        PolicyTarget(
            id_prefix=_REPOSITORIES,
            templates=(f"/v1/{{resource={_REPOSITORY}}}",),
            resolve=repositories.resolve,
            permission_prefix="artifactregistry.repositories",
            rpc_service=_RPC,
        )
    ),
)

_OPERATION_METHODS = (
    Method(
        f"{_ID}.locations.operations.get",
        (Route("GET", _OPERATION_NAME),),
        longrunning.get,
        f"{longrunning.REQUESTS}:GetOperationRequest",
        longrunning.OPERATION,
        f"{longrunning.RPC}/GetOperation",
    ),
    Method(
        f"{_ID}.locations.operations.cancel",
        (Route("POST", f"{_OPERATION_NAME}:cancel", "*"),),
        longrunning.cancel,
        f"{longrunning.REQUESTS}:CancelOperationRequest",
        rpc=f"{longrunning.RPC}/CancelOperation",
    ),
)

_SETTINGS_METHODS = (
    Method(
        f"{_ID}.getProjectSettings",
        (Route("GET", f"/v1/{{name={_SETTINGS}}}"),),
        settings.get,
        f"{_TYPES}:GetProjectSettingsRequest",
        f"{_TYPES}:ProjectSettings",
        f"{_RPC}/GetProjectSettings",
        "artifactregistry.projectsettings.get",
    ),
    Method(
        f"{_ID}.updateProjectSettings",
        (Route("PATCH", f"/v1/{{project_settings.name={_SETTINGS}}}", "projectSettings"),),
        settings.update,
        f"{_TYPES}:UpdateProjectSettingsRequest",
        f"{_TYPES}:ProjectSettings",
        f"{_RPC}/UpdateProjectSettings",
        "artifactregistry.projectsettings.update",
        write=True,
    ),
)

_LOCATION_METHODS = tuple(
    method
    for version, infix, rpc, places in (
        ("v1", "", _LOCATIONS_RPC, locations.EVERYWHERE),
        ("v1beta2", "v1beta2.", "", locations.ARTIFACT_REGISTRY),
    )
    for method in (
        Method(
            f"artifactregistry.{infix}projects.locations.list",
            (Route("GET", f"/{version}/{{name=projects/*}}/locations"),),
            locations.list_locations(places),
            f"{locations.MESSAGES}:ListLocationsRequest",
            f"{locations.MESSAGES}:ListLocationsResponse",
            rpc and f"{rpc}/ListLocations",
        ),
        Method(
            f"artifactregistry.{infix}projects.locations.get",
            (Route("GET", f"/{version}/{{name=projects/*/locations/*}}"),),
            locations.get_location(places),
            f"{locations.MESSAGES}:GetLocationRequest",
            f"{locations.MESSAGES}:Location",
            rpc and f"{rpc}/GetLocation",
        ),
    )
)

SERVICE = Service(
    name="artifactregistry.googleapis.com",
    methods=(
        *_REPOSITORY_METHODS,
        *_OPERATION_METHODS,
        *_SETTINGS_METHODS,
        *_LOCATION_METHODS,
        *unserved_methods(Path(__file__).with_name("unserved.txt"), _RPC),
    ),
)
