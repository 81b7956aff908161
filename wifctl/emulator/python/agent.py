"""What the Artifact Registry service agent may do: read a password, read another repository."""

from __future__ import annotations

from base64 import b64decode

from wifctl.emulator.agents import ensure_agent
from wifctl.emulator.apis import check_api
from wifctl.emulator.artifactregistry.names import Name
from wifctl.emulator.callers import Identity
from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.projects import Project
from wifctl.emulator.python.fetch import Login
from wifctl.emulator.secretmanager import versions
from wifctl.emulator.service import Context

ACCESS = "secretmanager.versions.access"
DOWNLOAD = "artifactregistry.repositories.downloadArtifacts"
_REGISTRY, _SECRETS = "artifactregistry.googleapis.com", "secretmanager.googleapis.com"


def login(context: Context, project: Project, remote: Json) -> Login | None:
    """The upstream credentials of a repository in a project, read as its service agent.

    Raises PERMISSION_DENIED: what the client is told is a choice, the log says why.
    """
    credentials = remote.get("upstreamCredentials", {})
    pair = credentials.get("usernamePasswordCredentials", {})
    version = pair.get("passwordSecretVersion", "")
    if not version:
        return None
    try:
        return Login(pair.get("username", ""), _password(context, project, version))
    except ApiError as error:
        raise ApiError(
            "PERMISSION_DENIED",
            "The upstream credentials of the repository cannot be read.",
            remark=f"({error.message})",
        ) from None


def require_reader(context: Context, project: Project, upstream: Name) -> None:
    """Refuse unless a project's agent may read a repository of another project."""
    if upstream.place.project == project:
        return  # its role there, roles/artifactregistry.serviceAgent, is Google's own doing
    agent = _agent(context, project)
    if not context.access.holds(agent, DOWNLOAD, upstream.canonical):
        raise ApiError(
            "PERMISSION_DENIED",
            f"The upstream repository {upstream} cannot be read.",
            remark=f"({agent.member} lacks '{DOWNLOAD}')",
        )


def _password(context: Context, project: Project, version: str) -> bytes:
    check_api(context.store, context.projects, _SECRETS, "Secret Manager API", version)
    agent = _agent(context, project)
    if not context.access.holds(agent, ACCESS, version):
        raise ApiError(
            "PERMISSION_DENIED",
            f"Permission '{ACCESS}' denied for resource '{version}' (or it may not exist): "
            f"{agent.member}",
        )
    return b64decode(versions.access(context, {"name": version})["payload"]["data"])


def _agent(context: Context, project: Project) -> Identity:
    email = ensure_agent(context.store, project.number, _REGISTRY)["email"]
    return Identity(f"serviceAccount:{email}")
