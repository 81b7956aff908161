"""Trying a remote repository's upstream: only with the switch `upstreams`, only on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from wifctl.emulator.agents import ensure_agent
from wifctl.emulator.artifactregistry.remote import CREDENTIALS, LOOPBACK, custom_uri
from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.projects import Project
from wifctl.emulator.roles import grants
from wifctl.emulator.secretmanager import versions
from wifctl.emulator.service import Context

_PATIENCE = 1.0
"""Seconds an upstream has to take the connection."""
_PERMISSION = "secretmanager.versions.access"


def check_upstream(context: Context, project: Project, remote: Json) -> None:
    """Raise INVALID_ARGUMENT when the upstream or its credentials would not work."""
    if not context.upstreams.checked or remote.get("disableUpstreamValidation", False):
        return
    pair = remote.get(CREDENTIALS, {}).get("usernamePasswordCredentials", {})
    if pair.get("passwordSecretVersion"):
        _check_password(context, project, pair["passwordSecretVersion"])
    uri = urlsplit(custom_uri(remote))
    if uri.hostname in LOOPBACK:
        _check_connection(str(uri.hostname), uri.port or (443 if uri.scheme == "https" else 80))


def _check_password(context: Context, project: Project, version: str) -> None:
    try:
        name = versions.access(context, {"name": version})["name"]
    except ApiError as error:
        raise _failed(f"failed to access the password secret version: {error.message}") from None
    agent = ensure_agent(context.store, project.number, "artifactregistry.googleapis.com")
    member = f"serviceAccount:{agent['email']}"
    if not any(member in b["members"] for b in _bindings(context, name.partition("/versions/")[0])):
        raise _failed(f"Permission '{_PERMISSION}' denied for resource '{name}': {member}")


def _bindings(context: Context, secret: str) -> Iterator[Json]:
    """The bindings on a secret and its project that let somebody read it."""
    for resource in (secret, "/".join(secret.split("/")[:2])):
        for binding in context.policies.get(resource, 3).get("bindings", []):
            if grants(binding["role"], _PERMISSION):
                yield binding


def _check_connection(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), _PATIENCE).close()
    except OSError:
        raise _failed(f"generic::unavailable: {host}:{port} cannot be reached") from None


def _failed(why: str) -> ApiError:
    return invalid(f"Failed to validate remote upstream: {why}")
