"""One call, whichever door it came through: switches, permission, handler, commit, log."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.emulator.access import Access
from wifctl.emulator.apis import check_api
from wifctl.emulator.callers import NOBODY, Identity
from wifctl.emulator.clock import Clock
from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import ApiError, ConnectionDrop, Json
from wifctl.emulator.operations import Operations
from wifctl.emulator.options import Options
from wifctl.emulator.policies.book import Policies
from wifctl.emulator.projects import Projects
from wifctl.emulator.python.fetch import Pending
from wifctl.emulator.registry import services
from wifctl.emulator.requestlog import Call, RequestLog, described, details_of
from wifctl.emulator.routing import Router
from wifctl.emulator.service import Context
from wifctl.emulator.serviceusage.catalogue import titles
from wifctl.emulator.store import Store
from wifctl.emulator.sts import outside
from wifctl.emulator.switches.board import Board


class Kernel:
    """All state of one emulator, and the one way to call a method."""

    def __init__(self, options: Options) -> None:
        """Raises WifctlError when the state file cannot be used, ApiError for bad switches."""
        self.store = Store(options.state)
        self.clock = Clock()
        if options.clock:
            self.clock.set(options.clock)
        self.projects = Projects(options.projects, options.numbers)
        self.projects.attach(self.store)
        self.access = Access(self.store, self.projects, self.clock, enforced=options.enforce_iam)
        self.operations = Operations(self.store)
        self.policies = Policies(self.store, self.clock, self.access, self.projects)
        self.log = RequestLog(options.log)
        self.board = Board(self.store, self.operations, self.projects)
        self.board.update(options.switches)
        self.endpoints = tuple(Endpoint(s, m) for s in services() for m in s.methods)
        self.router = Router(self.endpoints)
        self.doors: Mapping[str, str] = {}
        """`rest` and `grpc`, once both answer."""
        self._context = self._make_context(NOBODY, "")
        self._outside = options.outside
        try:
            self._learn_outside()
        except ApiError as error:
            fix = "see docs/reference/emulator.md for what may be said of the outside"
            raise WifctlError(Diagnostic("emulator-outside", error.message, fix=fix)) from error

    def delay(self, endpoint: Endpoint) -> float:
        """Seconds a door must wait before this call (latency switch)."""
        return self.board.latency.seconds(endpoint.method.id)

    def call(self, endpoint: Endpoint, request: Json, token: str, door: str) -> Json:
        """The canonical answer of a method. Raises ApiError or ConnectionDrop, nothing else.

        Only the methods of package clients raise Pending, too: they are called again.
        """
        resource = endpoint.resource_of(request)
        caller, status, message = NOBODY, "OK", ""
        try:
            caller = self.access.enter(token, endpoint.service.name, endpoint.method)
            return self._run(endpoint, resource, request, caller, token)
        except ApiError as error:
            status, message = error.status, f"{error.message} {error.remark}".rstrip()
            raise
        except ConnectionDrop:
            status = "DROPPED"
            raise
        except Pending:
            status = ""
            raise
        except Exception as error:
            status, message = "INTERNAL", described(error)
            raise ApiError("INTERNAL", "Internal error encountered.", "backendError") from error
        finally:
            if status:
                told = details_of(request)
                self._note(endpoint.method.id, resource, caller.member, status, door, message, told)

    def refused(self, method: str, error: ApiError, door: str) -> None:
        """Log a request that was refused before its method was called."""
        self._note(method, "", "", error.status, door, error.message)

    def reset(self) -> None:
        """Empty state, real time, all switches off, no requests remembered."""
        with self.store.transaction():
            self.store.clear()
        self.projects.forget()
        self.clock.reset()
        self.board.reset()
        self.log.clear()
        self._learn_outside()

    def close(self) -> None:
        """Give the state file free."""
        self.store.close()

    def _run(
        self, endpoint: Endpoint, resource: str, request: Json, caller: Identity, token: str
    ) -> Json:
        method, service = endpoint.method, endpoint.service.name
        title = titles().get(service, service)
        check_api(self.store, self.projects, service, title, resource)
        fault = None if self.board.idle else self.board.before(endpoint, resource, request)
        if method.permission:
            self.access.require(caller, method.permission, service, resource)
        context = self._make_context(caller, token) if token else self._context
        with self.store.transaction():
            answer = method.handler(context, request)
        if not self.board.idle:
            self.board.after(endpoint, resource, request, answer, fault)
        return answer

    def _learn_outside(self) -> None:
        with self.store.transaction():
            outside.update(self.store, self._outside)

    def _note(
        self,
        method: str,
        resource: str,
        caller: str,
        status: str,
        door: str,
        message: str,
        details: str = "",
    ) -> None:
        now = self.clock.now()
        self.log.add(Call(method, resource, caller, status, door, now, message, details))

    def _make_context(self, caller: Identity, token: str) -> Context:
        return Context(
            self.store,
            self.clock,
            self.projects,
            self.operations,
            self.policies,
            self.access,
            caller.member,
            token,
            caller,
            self.board.upstreams,
        )
