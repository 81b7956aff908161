"""What one run of a command was told: global options and environment, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.cli.screen import Screen

DEFAULT_PARALLELISM = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Handed to every command. Flags win over the environment; `wifctl.yaml` is the loader's."""

    screen: Screen
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The whole environment: payloads of secrets may come from it, so it is never shown."""
    project: str = ""
    local: bool = False
    endpoint: str = ""
    values: tuple[str, ...] = ()
    """Files of values, the last one wins."""
    assignments: tuple[str, ...] = ()
    """`NAME=VALUE` of `--set`."""
    parallelism: int = DEFAULT_PARALLELISM
    impersonate: tuple[str, ...] = ()
    """Delegates in order, the account to act as last."""
    quota_project: str = ""
    universe_domain: str = ""
    given: frozenset[str] = frozenset()
    """Names of the global options that stood on the command line."""


def session_of(screen: Screen, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Session:
    """The session that parsed global options and an environment make."""
    local = bool(flags.get("local"))
    chain = flags.get("impersonate_service_account") or ""
    return Session(
        screen=screen,
        environment=environment,
        project=flags.get("project") or "",
        local=local,
        endpoint=flags.get("endpoint") or ("" if local else environment.get("WIFCTL_ENDPOINT", "")),
        values=tuple(flags.get("values") or ()),
        assignments=tuple(flags.get("set") or ()),
        parallelism=flags.get("parallelism") or DEFAULT_PARALLELISM,
        impersonate=tuple(email for email in chain.split(",") if email),
        quota_project=flags.get("quota_project")
        or environment.get("GOOGLE_CLOUD_QUOTA_PROJECT", ""),
        universe_domain=flags.get("universe_domain")
        or environment.get("GOOGLE_CLOUD_UNIVERSE_DOMAIN", ""),
        given=frozenset(name for name, value in flags.items() if value),
    )
