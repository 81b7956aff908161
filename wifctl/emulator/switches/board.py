"""All switches of an emulator: set at its start or over the control endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.operations import Operations
from wifctl.emulator.projects import Project, Projects
from wifctl.emulator.store import Store
from wifctl.emulator.switches.apis import Apis
from wifctl.emulator.switches.consistency import Consistency
from wifctl.emulator.switches.faults import Fault, Faults
from wifctl.emulator.switches.latency import Latency
from wifctl.emulator.switches.quotas import Quotas
from wifctl.emulator.switches.settings import only, take
from wifctl.emulator.switches.upstreams import Upstreams

NAMES = ("latency", "faults", "consistency", "apis", "quotas", "upstreams", "pendingPolls")


class Board:
    """What can be made to go wrong. `idle` says that nothing is switched on."""

    def __init__(self, store: Store, operations: Operations, projects: Projects) -> None:
        self._operations = operations
        self._projects = projects
        self.latency = Latency()
        self.faults = Faults()
        self.consistency = Consistency()
        self.apis = Apis(store)
        self.quotas = Quotas()
        self.upstreams = Upstreams()
        self.idle = True

    def update(self, settings: Mapping[str, Any]) -> None:
        """Replace the switches named, leave the others. Raises INVALID_ARGUMENT."""
        only(settings, "switches", *NAMES)
        setters: dict[str, Callable[[Any], None]] = {
            "latency": self.latency.set,
            "faults": self.faults.set,
            "consistency": self.consistency.set,
            "apis": self.apis.set,
            "quotas": self.quotas.set,
            "upstreams": self.upstreams.set,
        }
        for name, setter in setters.items():
            if name in settings:
                try:
                    setter(settings[name])
                except (AttributeError, TypeError):
                    raise invalid(f"switch {name}: {settings[name]!r} cannot be read") from None
        if "pendingPolls" in settings:
            self._operations.pending_polls = take(settings, "pendingPolls", int, 0)
        shown = self.as_json()
        self.idle = (
            not any(shown[name] for name in ("faults", "consistency", "quotas"))
            and not self.apis.active
        )

    def reset(self) -> None:
        """Everything off."""
        self.update({"latency": {}, "faults": [], "consistency": {}, "apis": {}, "quotas": {}})
        self.upstreams.checked = False
        self._operations.pending_polls = 0
        self._operations.fail_next.clear()

    def before(self, endpoint: Endpoint, resource: str, request: Json) -> Fault | None:
        """What happens before a call: raises, or returns the fault that strikes after it."""
        method = endpoint.method
        project = self._project(resource)
        number = project.number if project else ""
        fault = self.faults.due(method.id)
        if fault and not fault.after and fault.fault != "operation":
            raise fault.error(number)
        if project:
            self.apis.check(endpoint.service.name, project)
        self.quotas.count(method, endpoint.service.name, number)
        self.consistency.check(method, resource, request)
        if fault and fault.fault == "operation":
            error = fault.error(number)
            if isinstance(error, ApiError):
                self._operations.fail_next[:] = [error]
            return None
        return fault

    def after(
        self, endpoint: Endpoint, resource: str, request: Json, answer: Json, fault: Fault | None
    ) -> None:
        """What happens after a call that took effect."""
        self._operations.fail_next.clear()
        self.consistency.created(endpoint.method, request, answer)
        if fault:
            project = self._project(resource)
            raise fault.error(project.number if project else "")

    def as_json(self) -> Json:
        """All settings."""
        return {
            "latency": self.latency.as_json(),
            "faults": self.faults.as_json(),
            "consistency": self.consistency.as_json(),
            "apis": self.apis.as_json(),
            "quotas": self.quotas.as_json(),
            "upstreams": self.upstreams.checked,
            "pendingPolls": self._operations.pending_polls,
        }

    def _project(self, resource: str) -> Project | None:
        if not resource.startswith("projects/"):
            return None
        return self._projects.find(resource.split("/")[1])
