"""A repository's spec in Google's JSON, short forms spelled out, and what of it is compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wifctl.kinds.base import Facts
from wifctl.kinds.body import google_json
from wifctl.names import RepositoryName
from wifctl.resource import Address, Later, Resource

if TYPE_CHECKING:
    from wifctl.api import Json

_LONG = re.compile(r"([0-9]+)([dhm])")
_UNIT = {"d": 86400, "h": 3600, "m": 60}


def body(resource: Resource, facts: Facts) -> Json:
    """The desired repository; a `newest` version may be known after apply only."""
    spec = resource.spec
    found = google_json(spec)
    remote = found.get("remoteRepositoryConfig", {})
    if spec.upstream is not None:
        remote = {**remote, **_upstream(spec.upstream)}
    if spec.upstream_credentials is not None:
        remote = {**remote, "upstreamCredentials": _credentials(resource, facts)}
    if remote:
        found["remoteRepositoryConfig"] = remote
    if spec.upstream_policies is not None:
        found["virtualRepositoryConfig"] = {"upstreamPolicies": _policies(resource)}
    return found


def _upstream(text: str) -> dict[str, Any]:
    if text == "PYPI":
        return {"pythonRepository": {"publicRepository": "PYPI"}}
    return {"commonRepository": {"uri": text}}


def _credentials(resource: Resource, facts: Facts) -> dict[str, Any]:
    credentials = resource.spec.upstream_credentials
    return {
        "usernamePasswordCredentials": {
            "username": credentials.username,
            "passwordSecretVersion": _version(resource, facts),
        }
    }


def _version(resource: Resource, facts: Facts) -> str | Later:
    form = resource.spec.upstream_credentials.password_secret_version
    if form.name is not None:
        return str(form.name)
    path = "upstreamCredentials.passwordSecretVersion.secret"
    secret = resource.links[path].address
    template = f"projects/{secret.project}/secrets/{secret.id}/versions/{{}}"
    version = form.version
    if version != "newest":
        return template.replace("{}", str(version), 1)
    newest = facts.newest[secret]
    if isinstance(newest, Later):
        return Later(newest.kind, newest.subject, template)
    return template.replace("{}", newest, 1)


def _policies(resource: Resource) -> list[dict[str, Any]]:
    return [
        {
            "id": policy.id,
            "repository": _repository(
                resource.links[f"upstreamPolicies[{index}].repository"].address
            ),
            "priority": policy.priority,
        }
        for index, policy in enumerate(resource.spec.upstream_policies)
    ]


def _repository(address: Address) -> str:
    return str(RepositoryName(*address.path))


def compared(json: Json) -> Json:
    """Cleanup policies under their keys, durations in seconds, defaults left out."""
    policies = json.get("cleanupPolicies")
    if not policies:
        return json
    return {**json, "cleanupPolicies": {key: _policy(value) for key, value in policies.items()}}


def _policy(policy: Json) -> dict[str, Any]:
    found = {key: value for key, value in policy.items() if key != "id"}
    if "condition" in found:
        condition = {key: _condition(key, value) for key, value in found["condition"].items()}
        if condition.get("tagState") == "ANY":
            del condition["tagState"]
        found["condition"] = condition
    return found


def _condition(key: str, value: Any) -> Any:
    if key in ("olderThan", "newerThan"):
        return in_seconds(value)
    return sorted(value) if isinstance(value, list) else value


def in_seconds(text: str) -> str:
    """`30d`, `720h` and `2592000s` are one duration."""
    found = _LONG.fullmatch(text)
    return f"{int(found[1]) * _UNIT[found[2]]}s" if found else text
