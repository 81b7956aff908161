"""What other programs must be told so that they talk to a local target."""

from __future__ import annotations

import shlex

_GCLOUD_APIS = (
    "IAM",
    "IAMCREDENTIALS",
    "SECRETMANAGER",
    "ARTIFACTREGISTRY",
    "CLOUDRESOURCEMANAGER",
    "SERVICEUSAGE",
)
_TERRAFORM = {
    "GOOGLE_IAM_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_IAM_BETA_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT": "v1/",
    "GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT": "v3/",
}
TOKEN = "local"  # noqa: S105 - no secret: the operator of an emulator


def exports(rest_url: str, project: str = "") -> dict[str, dict[str, str]]:
    """Who reads it → variables and values; nothing in it is a credential."""
    base = f"{rest_url}/"
    named = {"CLOUDSDK_CORE_PROJECT": project} if project else {}
    return {
        "wifctl": {"WIFCTL_ENDPOINT": rest_url},
        "gcloud": {
            **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": base for api in _GCLOUD_APIS},
            "CLOUDSDK_AUTH_ACCESS_TOKEN": TOKEN,
            "CLOUDSDK_CORE_ACCOUNT": "local@example.com",
            "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false",
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            **named,
        },
        "google-auth": {
            "GOOGLE_CLOUD_PROJECT": project or "local-project",
            "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1",
        },
        "Terraform's google provider": {
            **{name: base + path for name, path in _TERRAFORM.items()},
            "GOOGLE_OAUTH_ACCESS_TOKEN": TOKEN,
            **({"GOOGLE_PROJECT": project} if project else {}),
        },
    }


def exports_text(rest_url: str, grpc_target: str, project: str = "") -> str:
    """Shell lines to evaluate, with a word for the client libraries, which read no variable."""
    lines: list[str] = []
    for reader, variables in exports(rest_url, project).items():
        lines.append(f"# {reader}")
        lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join([*lines, *_library_hints(rest_url, grpc_target)])


def _library_hints(rest_url: str, grpc_target: str) -> list[str]:
    port = grpc_target.rpartition(":")[2]
    insecure = "sslCreds: credentials.createInsecure()"
    return [
        "# Google's client libraries take the doors from code:",
        f"#   Python  Client(transport=…GrpcTransport(channel=insecure_channel('{grpc_target}')))",
        f"#   Go      option.WithEndpoint({rest_url!r}), option.WithoutAuthentication()",
        f"#   Node    new Client({{apiEndpoint: '127.0.0.1', port: {port}, {insecure}}})",
    ]
