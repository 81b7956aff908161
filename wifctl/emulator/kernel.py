"""One call, whichever door it came through: switches, permission, handler, commit, log."""

from __future__ import annotations

from wifctl.emulator.access import Access
from wifctl.emulator.clock import Clock
from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.operations import Operations
from wifctl.emulator.options import Options
from wifctl.emulator.policies.book import Policies
from wifctl.emulator.projects import Projects
from wifctl.emulator.registry import services
from wifctl.emulator.requestlog import Call, RequestLog
from wifctl.emulator.routing import Router
from wifctl.emulator.service import Context
from wifctl.emulator.store import Store


class Kernel:
    """All state of one emulator, and the one way to call a method."""

    def __init__(self, options: Options) -> None:
        """Raises WifctlError when the state file cannot be used."""
        self.store = Store(options.state)
        self.clock = Clock()
        if options.clock:
            self.clock.set(options.clock)
        self.projects = Projects(options.projects, options.numbers)
        self.projects.restore(self.store)
        self.access = Access(enforced=options.enforce_iam)
        self.operations = Operations(self.store)
        self.policies = Policies(self.store, self.clock, self.access, self.projects)
        self.log = RequestLog(options.log)
        self.endpoints = tuple(Endpoint(s, m) for s in services() for m in s.methods)
        self.router = Router(self.endpoints)

    def call(self, endpoint: Endpoint, request: Json, token: str, door: str) -> Json:
        """The canonical answer of a method. Raises ApiError, and nothing else."""
        method = endpoint.method
        resource = endpoint.resource_of(request)
        caller = ""
        status, message = "OK", ""
        try:
            if method.permission:
                self.access.require(caller, method.permission, resource)
            context = self._context(caller, token)
            with self.store.transaction():
                return method.handler(context, request)
        except ApiError as error:
            status, message = error.status, error.message
            raise
        finally:
            at = self.clock.timestamp()
            self.log.add(Call(method.id, resource, caller, status, door, at, message))

    def close(self) -> None:
        """Give the state file free."""
        self.store.close()

    def _context(self, caller: str, token: str) -> Context:
        return Context(
            self.store,
            self.clock,
            self.projects,
            self.operations,
            self.policies,
            self.access,
            caller,
            token,
        )
