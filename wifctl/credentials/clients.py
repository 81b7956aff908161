"""Settings of Python package clients for an Artifact Registry repository, and of gsutil.

pip and twine get what `gcloud artifacts print-settings python` prints. With a token instead of a
keyring, files hold it only where the client has no environment variable for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.names import RepositoryName

TOKEN_USER = "oauth2accesstoken"  # noqa: S105 - the user name that goes with any access token
_RESERVED = "pypi"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """A Python repository as a client is to see it."""

    repository: RepositoryName
    base_url: str = ""
    """Where the repository is, for an emulator; empty: at LOCATION-python.pkg.dev."""
    token: str = field(default="", repr=False)
    """An access token; empty: the client asks a keyring."""
    only: bool = False
    """Whether packages come from here alone, which is what keeps confusion of names out."""
    name: str = ""
    """What the client calls it; empty: the repository's id."""

    @property
    def url(self) -> str:
        """Where packages are uploaded to, with a slash at the end."""
        found = self.repository
        base = self.base_url or f"https://{found.location}-python.pkg.dev/{_path(found)}"
        return f"{base.rstrip('/')}/"

    @property
    def label(self) -> str:
        """The name in the client's configuration."""
        return self.name or self.repository.repository

    def simple_url(self, user: str = "", password: str = "") -> str:
        """The simple index, with a user and password where given."""
        parts = urlsplit(self.url)
        login = user + (f":{quote(password, safe='')}" if password else "")
        host = f"{login}@{parts.netloc}" if login else parts.netloc
        return f"{parts.scheme}://{host}{parts.path}simple/"


def local_url(endpoint: str, found: RepositoryName) -> str:
    """Where an emulator serves a repository to package clients; empty without an endpoint."""
    if not endpoint:
        return ""
    return f"{endpoint.rstrip('/')}/_python/{found.location}/{_path(found)}/"


def _path(found: RepositoryName) -> str:
    return f"{found.project.replace(':', '/')}/{found.repository}"


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A piece of a configuration file. A private one holds a token."""

    path: str
    text: str = field(repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What a client needs: pieces of files, environment variables that hold a token, advice."""

    files: tuple[ClientFile, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    advice: tuple[str, ...] = ()


Client = Literal["pip", "uv", "twine", "poetry"]
_KEYRING = "install keyring and keyrings.google-artifactregistry-auth"
_CONFUSION = "packages may also come from the public index: a name that is missing here can be "


def client_config(client: Client, registry: Registry) -> ClientConfig:
    """The settings of one client. Raises WifctlError for a name the client cannot hold."""
    if not _NAME.fullmatch(registry.label):
        text = f"{registry.label!r} is no name for an index"
        raise WifctlError(Diagnostic("client-config", text, allowed="letters, digits, . _ -"))
    return _CLIENTS[client](registry)


def gsutil_config(credential_file: str) -> ClientConfig:
    """The section of a .boto file that makes gsutil use a credential configuration file."""
    if not credential_file.startswith("/") and not re.match(r"[A-Za-z]:[\\/]", credential_file):
        text = f"{credential_file} is relative to wherever gsutil runs"
        raise WifctlError(Diagnostic("client-config", text, fix="give an absolute path"))
    if not credential_file.isprintable():
        raise WifctlError(Diagnostic("client-config", "the path holds a control character"))
    section = f"[Credentials]\ngs_external_account_file = {credential_file}\n"
    return ClientConfig((ClientFile(".boto", section),))


def _pip(registry: Registry) -> ClientConfig:
    key = "index-url" if registry.only else "extra-index-url"
    url = registry.simple_url(TOKEN_USER if registry.token else "", registry.token)
    text = f"[global]\n{key} = {url}\n"
    return ClientConfig(
        (ClientFile("pip.conf", text, bool(registry.token)),), advice=_advice(registry)
    )


def _twine(registry: Registry) -> ClientConfig:
    label = registry.label
    text = f"[distutils]\nindex-servers =\n    {label}\n\n[{label}]\nrepository: {registry.url}\n"
    if registry.token:
        text += f"username: {TOKEN_USER}\npassword: {registry.token}\n"
    advice = () if registry.token else (_KEYRING,)
    return ClientConfig((ClientFile(".pypirc", text, bool(registry.token)),), advice=advice)


def _uv(registry: Registry) -> ClientConfig:
    # A keyring is asked for the password of a user, so the URL names the user.
    url = registry.simple_url("" if registry.token else TOKEN_USER)
    lines = [] if registry.token else ['keyring-provider = "subprocess"', ""]
    lines += ["[[index]]", f"name = {_toml(registry.label)}", f"url = {_toml(url)}"]
    lines += [f"publish-url = {_toml(registry.url)}", 'authenticate = "always"']
    lines += ["default = true"] if registry.only else []
    environment = {}
    if registry.token:
        prefix = f"UV_INDEX_{_variable(registry.label)}"
        environment = {
            f"{prefix}_USERNAME": TOKEN_USER,
            f"{prefix}_PASSWORD": registry.token,
            "UV_PUBLISH_USERNAME": TOKEN_USER,
            "UV_PUBLISH_PASSWORD": registry.token,
        }
    file = ClientFile("uv.toml", "\n".join(lines) + "\n")
    return ClientConfig((file,), environment, _advice(registry))


def _poetry(registry: Registry) -> ClientConfig:
    label = registry.label
    if label.lower() == _RESERVED:
        label = f"{_RESERVED}-{registry.repository.location}"
    priority = "primary" if registry.only else "supplemental"
    source = [
        "[[tool.poetry.source]]",
        f"name = {_toml(label)}",
        f"url = {_toml(registry.simple_url())}",
        f"priority = {_toml(priority)}",
    ]
    upload = [f"[repositories.{_toml(label)}]", f"url = {_toml(registry.url)}"]
    environment = {}
    if registry.token:
        prefix = f"POETRY_HTTP_BASIC_{_variable(label)}"
        environment = {f"{prefix}_USERNAME": TOKEN_USER, f"{prefix}_PASSWORD": registry.token}
    files = (
        ClientFile("pyproject.toml", "\n".join(source) + "\n"),
        ClientFile("poetry.toml", "\n".join(upload) + "\n"),
    )
    return ClientConfig(files, environment, _advice(registry, "poetry self add"))


_CLIENTS: Mapping[Client, Callable[[Registry], ClientConfig]] = {
    "pip": _pip,
    "uv": _uv,
    "twine": _twine,
    "poetry": _poetry,
}


def _advice(registry: Registry, install: str = "") -> tuple[str, ...]:
    keyring = f"{install} keyrings.google-artifactregistry-auth" if install else _KEYRING
    found = () if registry.token else (keyring,)
    return found if registry.only else (*found, f"{_CONFUSION}taken from there")


def _variable(label: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", label.upper())


def _toml(text: str) -> str:
    return json.dumps(text)
