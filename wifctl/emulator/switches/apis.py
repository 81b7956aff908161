"""APIs that are closed by a switch, besides those Service Usage has disabled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wifctl.emulator.apis import ALWAYS_ON, is_enabled, service_disabled
from wifctl.emulator.errors import invalid
from wifctl.emulator.projects import Project
from wifctl.emulator.serviceusage.catalogue import titles
from wifctl.emulator.store import Store


class Apis:
    """Strict: an API answers only where Service Usage reports it as enabled."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._strict = False
        self._disabled: dict[str, tuple[str, ...]] = {}

    def set(self, settings: Mapping[str, Any]) -> None:
        """`{"strict": true}`, `{"disabled": {"acme-ci": ["secretmanager.googleapis.com"]}}`.

        A project `*` means all; `{}` = off.
        """
        disabled = settings.get("disabled", {})
        if set(settings) - {"strict", "disabled"} or not isinstance(disabled, Mapping):
            raise invalid("apis: known settings are strict and disabled")
        self._strict = bool(settings.get("strict", False))
        self._disabled = {str(k): _names(v) for k, v in disabled.items()}

    @property
    def active(self) -> bool:
        """Whether any call may be refused."""
        return self._strict or bool(self._disabled)

    def check(self, service: str, project: Project) -> None:
        """Raise PERMISSION_DENIED with SERVICE_DISABLED details for a closed API."""
        if service in ALWAYS_ON:
            return
        keys = ("*", project.id, project.number)
        named = {s for key in keys for s in self._disabled.get(key, ())}
        closed = self._strict and not is_enabled(self._store, project.number, service)
        if service in named or closed:
            raise service_disabled(project, service, titles().get(service, service))

    def as_json(self) -> dict[str, Any]:
        """The settings."""
        return {
            "strict": self._strict,
            "disabled": {k: list(v) for k, v in self._disabled.items()},
        }


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise invalid("apis: disabled must map projects to lists of services")
    return tuple(map(str, value))
