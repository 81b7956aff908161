"""Whether the secret version a repository names can be used at all."""

from __future__ import annotations

from wifctl.api import Api, ApiError, Json, Status
from wifctl.kinds.secret_version import newest_enabled
from wifctl.names import SecretName, SecretVersionName
from wifctl.upstream.findings import BrokenError, Found, Link, State


async def usable_version(api: Api, version: SecretVersionName) -> tuple[Found, ...]:
    """The secret and the version, both found sound, or unseen. Raises BrokenError."""
    secret = version.secret
    try:
        versions = list(await api.secrets.versions(secret))
    except ApiError as error:
        return _unread(secret, error)
    there = Found(Link.SECRET, State.SOUND, f"{secret} has {len(versions)} versions")
    number = await _number(api, version, versions)
    named = [v for v in versions if number_of(v) == number]
    if not named:
        text = f"{secret} has no version {version.version}"
        raise BrokenError(Link.VERSION, text, _repoint(secret, versions))
    state = str(named[0].get("state", ""))
    if state == "DISABLED":
        fix = f"gcloud secrets versions enable {number} --secret={secret.secret}"
        fix += f" --project={secret.project}"
        fix += f" --location={secret.location}" if secret.location else ""
        raise BrokenError(Link.VERSION, f"version {number} of {secret} is disabled", fix)
    if state == "DESTROYED":
        text = f"version {number} of {secret} is destroyed, which nothing undoes"
        raise BrokenError(Link.VERSION, text, _repoint(secret, versions))
    return there, Found(Link.VERSION, State.SOUND, f"version {number} is enabled")


def number_of(version: Json) -> str:
    """The number at the end of a version's name."""
    return str(version["name"]).rsplit("/", 1)[-1]


def rotate_command(secret: SecretName) -> str:
    """The command that gives a secret a new payload."""
    return f"wifctl secret rotate {secret} --from env:VARIABLE"


def _unread(secret: SecretName, error: ApiError) -> tuple[Found, ...]:
    if error.is_service_disabled:
        text = f"the Secret Manager API is off in project {secret.project}"
        fix = f"gcloud services enable secretmanager.googleapis.com --project={secret.project}"
        raise BrokenError(Link.SECRET, text, fix) from error
    if error.status is Status.NOT_FOUND:
        fix = "apply the manifest that declares it, or name the right secret in"
        fix += " upstreamCredentials.passwordSecretVersion"
        raise BrokenError(Link.SECRET, f"{secret} does not exist", fix) from error
    if error.status is not Status.PERMISSION_DENIED:
        raise error
    return (Found(Link.SECRET, State.UNKNOWN, f"{secret}: you may not list its versions"),)


async def _number(api: Api, version: SecretVersionName, versions: list[Json]) -> str:
    if version.version.isdigit():
        return version.version
    if version.version == "latest":
        return max(map(number_of, versions), key=int, default="latest")
    aliases = (await api.secrets.get(version.secret)).get("versionAliases", {})
    return str(aliases.get(version.version, version.version))


def _repoint(secret: SecretName, versions: list[Json]) -> str:
    newest = newest_enabled(versions)
    if newest:
        return f"name version {newest}, which is enabled: `version: newest` in the manifest, apply"
    return rotate_command(secret)
