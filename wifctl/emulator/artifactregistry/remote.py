"""Remote repositories: which upstreams there are, and what may be said about their credentials."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wifctl.emulator.errors import Json, invalid

_BLOCKS = {
    "APT": "aptRepository",
    "DOCKER": "dockerRepository",
    "MAVEN": "mavenRepository",
    "NPM": "npmRepository",
    "PYTHON": "pythonRepository",
    "YUM": "yumRepository",
}
_UPSTREAMS = frozenset({*_BLOCKS.values(), "commonRepository"})
_SECRET_VERSION = re.compile(r"projects/[^/]+/secrets/[^/]+/versions/[^/]+")
_REPOSITORY = re.compile(r"projects/[^/]+/locations/[^/]+/repositories/[^/]+")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CREDENTIALS = "upstreamCredentials"
_INPUT_ONLY = "disableUpstreamValidation"


def checked_remote(remote: Json, format_: str) -> Json:
    """The remote configuration as kept. Raises INVALID_ARGUMENT for one Google would refuse."""
    upstreams = [block for block in remote if block in _UPSTREAMS]
    if len(upstreams) != 1:
        raise invalid("A remote repository needs exactly one upstream.")
    block = upstreams[0]
    if block not in ("commonRepository", _BLOCKS.get(format_, "")):
        raise invalid(f"The upstream {block} does not fit a repository of format {format_}.")
    _check_upstream(block, remote[block], validate=not remote.get(_INPUT_ONLY, False))
    if CREDENTIALS in remote:
        check_credentials(remote[CREDENTIALS])
    return {k: v for k, v in remote.items() if k != _INPUT_ONLY}


def check_credentials(credentials: Json) -> None:
    """Refuse credentials without a password, or whose secret version is not named in full."""
    pair = credentials.get("usernamePasswordCredentials", {})
    version = pair.get("passwordSecretVersion", "")
    if not version and not pair.get("username"):
        return
    if not _SECRET_VERSION.fullmatch(version):
        raise invalid(
            "password_secret_version must be in the format "
            "projects/{project}/secrets/{secret}/versions/{version}."
        )


def custom_uri(remote: Json) -> str:
    """The URI of a custom upstream, or empty for one of the public ones."""
    for block in _UPSTREAMS & remote.keys():
        uri = _uri(remote[block])
        if uri:
            return uri
    return ""


def _uri(upstream: Json) -> str:
    custom = upstream.get("customRepository")
    found = custom.get("uri", "") if isinstance(custom, dict) else upstream.get("uri", "")
    return str(found)


def _check_upstream(block: str, upstream: Json, *, validate: bool) -> None:
    uri = _uri(upstream)
    if not uri and not _is_public(upstream):
        raise invalid("The upstream must be a public repository or a custom one.")
    if not uri or (block == "commonRepository" and _REPOSITORY.fullmatch(uri)):
        return
    host = _host(uri)
    if not host:
        raise invalid(f"The upstream URI {uri} is not a valid https URI.")
    if validate and f".{host}".endswith(".pkg.dev"):
        raise invalid(
            "Failed to validate remote upstream: generic::invalid_argument: Artifact Registry "
            "repositories not supported as custom remote repository URI"
        )


def _is_public(upstream: Json) -> bool:
    public = upstream.get("publicRepository")
    if isinstance(public, dict):
        return bool(public.get("repositoryBase") and public.get("repositoryPath"))
    return bool(public)


def _host(uri: str) -> str:
    """The host of an https URI; plain http is good enough for a registry on this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    host = parts.hostname or ""
    return host if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK) else ""
