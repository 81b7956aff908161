"""What other programs must be told so that they talk to a local target."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

TOKEN = "local"  # noqa: S105 - no secret: the operator of an emulator
_GCLOUD_APIS = (
    "IAM",
    "IAMCREDENTIALS",
    "SECRETMANAGER",
    "ARTIFACTREGISTRY",
    "CLOUDRESOURCEMANAGER",
    "SERVICEUSAGE",
)
_TERRAFORM = {
    "IAM": "v1/",
    "IAM_BETA": "v1/",
    "IAM_CREDENTIALS": "v1/",
    "SECRET_MANAGER": "v1/",
    "SECRET_MANAGER_REGIONAL": "v1/",
    "ARTIFACT_REGISTRY": "v1/",
    "SERVICE_USAGE": "v1/",
    "RESOURCE_MANAGER": "v1/",
    "RESOURCE_MANAGER_V3": "v3/",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A running emulator, and the project somebody wants to use in it."""

    rest_url: str
    """`http://127.0.0.1:PORT`, no slash at the end."""
    grpc_target: str
    """`127.0.0.1:PORT`."""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Exports:
    """What one program is told; nothing in it is a credential."""

    title: str
    variables: dict[str, str]
    notes: str = ""
    """What no variable can say, for a person to read."""


def exports(reader: str, place: Place) -> Exports:
    """The variables and notes for one of `READERS`."""
    return _READERS[reader](place)


def shell_text(found: Iterable[Exports]) -> str:
    """Lines to evaluate in a POSIX shell; notes are comments."""
    return "\n".join(line for part in found for line in _shell_lines(part))


def json_text(found: Iterable[Exports]) -> str:
    """One JSON object of all variables."""
    merged = {name: value for part in found for name, value in part.variables.items()}
    return json.dumps(merged, indent=2)


def _shell_lines(part: Exports) -> Iterable[str]:
    yield f"# {part.title}"
    for name, value in part.variables.items():
        yield f"export {name}={shlex.quote(value)}"
    for line in part.notes.strip("\n").splitlines():
        yield f"#   {line}".rstrip()


def _wifctl(place: Place) -> Exports:
    named = {"WIFCTL_PROJECT": place.project} if place.project else {}
    return Exports("wifctl", {"WIFCTL_ENDPOINT": place.rest_url, **named})


def _gcloud(place: Place) -> Exports:
    base = f"{place.rest_url}/"
    settings = {
        **{f"API_ENDPOINT_OVERRIDES_{api}": base for api in _GCLOUD_APIS},
        "AUTH_ACCESS_TOKEN": TOKEN,
        "CORE_ACCOUNT": "local@example.com",
        "CORE_CHECK_GCE_METADATA": "false",
        "CORE_DISABLE_PROMPTS": "1",
        "CORE_DISABLE_USAGE_REPORTING": "true",
        "COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
    }
    if place.project:
        settings["CORE_PROJECT"] = place.project
    return Exports("gcloud", {f"CLOUDSDK_{key}": value for key, value in settings.items()})


def _google_auth(place: Place) -> Exports:
    variables = {
        "GOOGLE_CLOUD_PROJECT": place.project or "local-project",
        "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1",
        "NO_GCE_CHECK": "true",
    }
    notes = f"""
STS and impersonation have no variables: they stand in the credential configuration file,
  "token_url": "{place.rest_url}/v1/token",
  "token_info_url": "{place.rest_url}/v1/introspect",
  "service_account_impersonation_url":
    "{place.rest_url}/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken"
"""
    return Exports("google-auth", variables, notes)


def _terraform(place: Place) -> Exports:
    endpoints = {
        f"GOOGLE_{product}_CUSTOM_ENDPOINT": f"{place.rest_url}/{version}"
        for product, version in _TERRAFORM.items()
    }
    named = {"GOOGLE_PROJECT": place.project} if place.project else {}
    return Exports(
        "Terraform's google provider", {**endpoints, "GOOGLE_OAUTH_ACCESS_TOKEN": TOKEN, **named}
    )


def _doors(place: Place) -> dict[str, str]:
    named = {"GOOGLE_CLOUD_PROJECT": place.project} if place.project else {}
    return {"WIFCTL_ENDPOINT": place.rest_url, "WIFCTL_GRPC": place.grpc_target, **named}


def _python(place: Place) -> Exports:
    notes = """
from google.cloud import secretmanager_v1
kind = secretmanager_v1.SecretManagerServiceClient
channel = grpc.insecure_channel(os.environ["WIFCTL_GRPC"])
client = kind(transport=kind.get_transport_class("grpc")(channel=channel))
"""
    return Exports("Google's client libraries for Python (from code)", _doors(place), notes)


def _go(place: Place) -> Exports:
    notes = """
client, err := secretmanager.NewClient(ctx,
  option.WithEndpoint(os.Getenv("WIFCTL_GRPC")), option.WithoutAuthentication(),
  option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
rest, err := secretmanager.NewRESTClient(ctx,
  option.WithEndpoint(os.Getenv("WIFCTL_ENDPOINT")), option.WithoutAuthentication())
"""
    return Exports("Google's client libraries for Go (from code)", _doors(place), notes)


def _node(place: Place) -> Exports:
    notes = """
const [host, port] = process.env.WIFCTL_GRPC.split(':')
const client = new SecretManagerServiceClient({
  apiEndpoint: host, port: Number(port), sslCreds: grpc.credentials.createInsecure()})
"""
    return Exports("Google's client libraries for Node (from code)", _doors(place), notes)


_READERS: dict[str, Callable[[Place], Exports]] = {
    "wifctl": _wifctl,
    "gcloud": _gcloud,
    "google-auth": _google_auth,
    "terraform": _terraform,
    "python": _python,
    "go": _go,
    "node": _node,
}
READERS = tuple(_READERS)
"""Whom exports are known for."""
