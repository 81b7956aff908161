"""Our objects under the names and field spellings of Terraform's google provider."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wifctl.kinds.base import nested
from wifctl.kinds.members import account_email
from wifctl.kinds.registry import kind
from wifctl.names import ServiceAccountName
from wifctl.resource import PROJECT_SERVICES, SECRET_VERSION, SERVICE_IDENTITY, Address, Fields
from wifctl.schema import Shape

Values = dict[str, Any]


def terraform_type(address: Address) -> str:
    """The resource type of an object; regional secrets have one of their own."""
    if address.kind in ("Secret", SECRET_VERSION) and len(address.path) == 3:
        return _TYPES[address.kind].replace("secret_manager_", "secret_manager_regional_", 1)
    return _TYPES.get(address.kind, f"wifctl_{_snake(address.kind)}")


def member_type(target: Address) -> str:
    """The `…_iam_member` type of grants on an object."""
    if target.kind == "Project":
        return "google_project_iam_member"
    if target.kind == "Secret":
        return f"{terraform_type(target)}_iam_member"
    return f"{_TYPES.get(target.kind, 'google')}_iam_member"


def identity_values(address: Address) -> Values:
    """The arguments that say which object is meant."""
    return _IDENTITIES[address.kind](address) if address.kind in _IDENTITIES else {}


def target_values(target: Address) -> Values:
    """The arguments that say whose policy a grant is in."""
    if target.kind == "ServiceAccount":
        name = ServiceAccountName(target.project, account_email(target))
        return {"service_account_id": str(name)}
    if target.kind == "ArtifactRegistryRepository":
        project, location, repository = target.path
        return {"project": project, "location": location, "repository": repository}
    return identity_values(target)


def field_values(address: Address, fields: Fields) -> Values:
    """Google's fields in snake case: blocks become lists of one, maps stay maps."""
    maps = _map_paths(address.kind)
    renamed = _RENAMED.get(address.kind, {})
    return {_snake(k): _converted(v, k, maps, renamed) for k, v in nested(fields).items()}


def _map_paths(name: str) -> frozenset[str]:
    try:
        rules = kind(name).rules
    except KeyError:
        return frozenset()
    return frozenset(path for path, rule in rules.items() if rule.shape is Shape.MAP)


def _converted(value: Any, path: str, maps: frozenset[str], renamed: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping) and path not in maps:
        return [
            {
                renamed.get(key, _snake(key)): _converted(item, f"{path}.{key}", maps, renamed)
                for key, item in value.items()
            }
        ]
    if isinstance(value, list | tuple):
        return [_item(item, path, maps, renamed) for item in value]
    return value


def _item(value: Any, path: str, maps: frozenset[str], renamed: Mapping[str, str]) -> Any:
    converted = _converted(value, path, maps, renamed)
    return converted[0] if isinstance(value, Mapping) and path not in maps else converted


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _pool(address: Address) -> Values:
    return {"project": address.project, "workload_identity_pool_id": address.path[1]}


def _provider(address: Address) -> Values:
    return {**_pool(address), "workload_identity_pool_provider_id": address.id}


def _account(address: Address) -> Values:
    return {"project": address.project, "account_id": address.id}


def _secret(address: Address) -> Values:
    found = {"project": address.project, "secret_id": address.id}
    return found | ({"location": address.path[1]} if len(address.path) == 3 else {})


def _version(address: Address) -> Values:
    return {"secret": "/".join(("projects", address.project, "secrets", address.id))}


def _repository(address: Address) -> Values:
    project, location, repository = address.path
    return {"project": project, "location": location, "repository_id": repository}


def _service(address: Address) -> Values:
    return {"project": address.project, "service": address.id}


def _project(address: Address) -> Values:
    return {"project": address.project}


_TYPES = {
    "WorkloadIdentityPool": "google_iam_workload_identity_pool",
    "WorkloadIdentityPoolProvider": "google_iam_workload_identity_pool_provider",
    "ServiceAccount": "google_service_account",
    "Secret": "google_secret_manager_secret",
    SECRET_VERSION: "google_secret_manager_secret_version",
    "ArtifactRegistryRepository": "google_artifact_registry_repository",
    PROJECT_SERVICES: "google_project_service",
    SERVICE_IDENTITY: "google_project_service_identity",
}

_IDENTITIES: dict[str, Callable[[Address], Values]] = {
    "WorkloadIdentityPool": _pool,
    "WorkloadIdentityPoolProvider": _provider,
    "ServiceAccount": _account,
    "Secret": _secret,
    SECRET_VERSION: _version,
    "ArtifactRegistryRepository": _repository,
    PROJECT_SERVICES: _project,
    SERVICE_IDENTITY: _service,
    "Project": _project,
}

_RENAMED = {"Secret": {"automatic": "auto"}}
"""Where the provider calls a field something else than Google does."""
