"""Rotation of a secret that repositories sign in with: what is there, and what is left to do.

The order is what keeps installs going: the new version exists and is readable before any repository
names it, and the old one stays enabled until none does.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from wifctl.api import Api, Json
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.names import SecretName, SecretVersionName
from wifctl.payloads import SecretBytes
from wifctl.upstream.consumers import Consumer
from wifctl.upstream.secret import number_of


class Way(enum.StrEnum):
    """Where a rotation leads."""

    FORWARD = "forward"
    FINISH = "finish"
    """The newest enabled version is the new one; no payload is at hand."""
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation will do; nothing in it says what a payload is."""

    secret: SecretName
    version: str
    """The number repositories are to name; empty: the one that is added first."""
    enable: bool
    """Whether that version is disabled now."""
    repoint: tuple[Consumer, ...]
    settled: tuple[Consumer, ...]
    """Repositories that name the version already."""
    disable: tuple[str, ...]
    """Versions to disable at the end."""
    keep: tuple[str, ...] = ()
    """Enabled versions that nobody said to disable."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.version) and not (self.enable or self.repoint or self.disable)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line wants."""

    way: Way
    payload: SecretBytes | None = field(default=None, repr=False)
    disable: bool = False


async def plan_rotation(
    api: Api, secret: SecretName, consumers: Sequence[Consumer], asked: Asked
) -> Rotation:
    """Look at the versions and decide. Raises WifctlError when there is nothing to go on."""
    versions = list(await api.secrets.versions(secret))
    states = {number_of(version): str(version.get("state", "")) for version in versions}
    match asked.way:
        case Way.FORWARD:
            version = await _own_version(api, secret, versions, asked.payload)
        case Way.FINISH:
            version = _newest(states, "ENABLED") or _refuse(secret, "no enabled version")
        case Way.ROLLBACK:
            version = _previous(secret, states, consumers)
    others = _others(states, version, asked.way)
    return Rotation(
        secret,
        version,
        enable=states.get(version) == "DISABLED",
        repoint=tuple(c for c in consumers if c.version != version),
        settled=tuple(c for c in consumers if c.version == version),
        disable=others if asked.disable else (),
        keep=() if asked.disable else others,
    )


async def _own_version(
    api: Api, secret: SecretName, versions: Sequence[Json], payload: SecretBytes | None
) -> str:
    """The newest enabled version, when an earlier run has put this payload there; else empty."""
    if payload is None:
        raise AssertionError("a rotation forward has a payload")
    enabled = [number_of(v) for v in versions if v.get("state") == "ENABLED"]
    newest = max(enabled, key=int, default="")
    if newest and await api.secrets.access(SecretVersionName(secret, newest)) == payload.value:
        return newest
    return ""


def _others(states: dict[str, str], version: str, way: Way) -> tuple[str, ...]:
    """The enabled versions left behind: the older ones, or those a rollback turns away from."""
    enabled = sorted((n for n, state in states.items() if state == "ENABLED"), key=int)
    if not version:
        return tuple(enabled)
    if way is Way.ROLLBACK:
        return tuple(n for n in enabled if int(n) > int(version))
    return tuple(n for n in enabled if int(n) < int(version))


def _newest(states: dict[str, str], *wanted: str, below: int | None = None) -> str:
    found = (n for n, state in states.items() if state in wanted)
    return max((n for n in found if below is None or int(n) < below), key=int, default="")


def _previous(secret: SecretName, states: dict[str, str], consumers: Sequence[Consumer]) -> str:
    """The version before the newest one in use, or before the newest enabled where none is."""
    used = [c.version for c in consumers if c.version.isdigit()]
    newest = _newest(states, "ENABLED")
    in_use = max(used, key=int, default=newest)
    if in_use and in_use != newest and newest and int(newest) > int(in_use):
        return in_use  # nobody uses the newest one yet: staying is going back
    found = _newest(states, "ENABLED", "DISABLED", below=int(in_use)) if in_use else ""
    return found or _refuse(secret, "no version before the one in use that is not destroyed")


def _refuse(secret: SecretName, what: str) -> str:
    fix = "give the payload: wifctl secret rotate NAME --from env:VARIABLE"
    raise WifctlError(Diagnostic("nothing-to-rotate", f"{secret} has {what}", fix=fix))
