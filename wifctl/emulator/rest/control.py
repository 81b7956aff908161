"""`/_wifctl/…`: what the emulator was asked, its switches, its clock, its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from wifctl.emulator import snapshot
from wifctl.emulator.clock import format_time, parse_time
from wifctl.emulator.errors import ApiError, Json, invalid, not_found
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.rest.body import json_body
from wifctl.emulator.rest.message import Request
from wifctl.emulator.sts import outside
from wifctl.names import PROJECT_ID, is_project_number

PREFIX = b"/_wifctl/"
_LOCAL = ("127.0.0.1", "localhost", "[::1]", "")

Answer = tuple[int, Json | str]


def control(kernel: Kernel, request: Request) -> Answer:
    """Answer a request below `/_wifctl/`. Raises ApiError.

    Browsers of this machine are kept out by the Host header: only loopback names are served.
    """
    host = request.headers.get(b"host", b"").decode("latin-1")
    if host.rsplit(":", 1)[0] not in _LOCAL and host not in _LOCAL:
        raise ApiError("PERMISSION_DENIED", "The control endpoint answers loopback names only.")
    path, _, query = request.target.partition(b"?")
    key = (request.verb, path.removeprefix(PREFIX).decode("latin-1"))
    handler = _HANDLERS.get(key)
    if handler is None:
        raise not_found(f"The control endpoint has no {key[0]} {key[1]}.")
    answer = handler(kernel, request, dict(parse_qsl(query.decode("latin-1"))))
    if request.verb != "GET" and key[1] != "projects":
        kernel.log.remark(_REMARKS[key[1]].format(now=kernel.clock.timestamp()), kernel.clock.now())
    return 200, answer


def _doors(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    return dict(kernel.doors)


def _projects(kernel: Kernel, request: Request, query: Mapping[str, str]) -> Json:
    for project_id, number in json_body(request).items():
        if not PROJECT_ID.fullmatch(project_id) or not is_project_number(str(number)):
            raise invalid(f"projects: {project_id}: {number} is no id and number")
        kernel.projects.suggest(project_id, str(number))
    return _doors(kernel, request, query)


def _requests(kernel: Kernel, _request: Request, query: Mapping[str, str]) -> Json:
    wanted = query.get("method", "")
    calls = [c.as_json() for c in kernel.log.calls() if c.method.startswith(wanted)]
    return {"requests": calls}


def _forget(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    kernel.log.clear()
    return {}


def _switches(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    return kernel.board.as_json()


def _patch_switches(kernel: Kernel, request: Request, _query: Mapping[str, str]) -> Json:
    kernel.board.update(json_body(request))
    return kernel.board.as_json()


def _put_switches(kernel: Kernel, request: Request, _query: Mapping[str, str]) -> Json:
    settings = json_body(request)
    kernel.board.reset()
    kernel.board.update(settings)
    return kernel.board.as_json()


def _clock(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    return {"now": format_time(kernel.clock.now())}


def _set_clock(kernel: Kernel, request: Request, query: Mapping[str, str]) -> Json:
    body = json_body(request)
    if set(body) - {"set", "advance", "reset"}:
        raise invalid("clock: known settings are set, advance and reset")
    if body.get("reset"):
        kernel.clock.reset()
    if "set" in body:
        kernel.clock.set(_moment(body["set"]))
    if "advance" in body:
        kernel.clock.advance(_duration(body["advance"]))
    return _clock(kernel, request, query)


def _outside(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    return outside.as_json(kernel.store)


def _patch_outside(kernel: Kernel, request: Request, query: Mapping[str, str]) -> Json:
    with kernel.store.transaction():
        outside.update(kernel.store, json_body(request))
    return _outside(kernel, request, query)


def _put_outside(kernel: Kernel, request: Request, query: Mapping[str, str]) -> Json:
    with kernel.store.transaction():
        outside.forget(kernel.store)
        outside.update(kernel.store, json_body(request))
    return _outside(kernel, request, query)


def _reset(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> Json:
    kernel.reset()
    return {}


def _export(kernel: Kernel, _request: Request, _query: Mapping[str, str]) -> str:
    return snapshot.export_yaml(kernel.store)


def _import(kernel: Kernel, request: Request, _query: Mapping[str, str]) -> Json:
    with kernel.store.transaction():
        count = snapshot.import_yaml(kernel.store, bytes(request.body))
    kernel.projects.attach(kernel.store)
    return {"objects": count}


def _moment(value: Any) -> datetime:
    try:
        moment = parse_time(value)
    except (ValueError, TypeError, AttributeError):
        raise invalid(f"clock: {value!r} is no RFC 3339 time") from None
    if moment.tzinfo is None:
        raise invalid(f"clock: {value!r} has no time zone")
    return moment


def _duration(value: Any) -> timedelta:
    try:
        return timedelta(seconds=float(str(value).removesuffix("s")))
    except (ValueError, OverflowError):
        raise invalid(f"clock: {value!r} is no duration in seconds") from None


_REMARKS = {
    "requests": "the requests before this one are forgotten",
    "switches": "the switches were turned",
    "clock": "the clock was set to {now}",
    "outside": "the world outside has changed",
    "reset": "everything is forgotten, the clock is right, all switches are off",
    "state": "the state was replaced",
}
_Handler = Callable[[Kernel, Request, Mapping[str, str]], "Json | str"]
_HANDLERS: Mapping[tuple[str, str], _Handler] = {
    ("GET", "doors"): _doors,
    ("POST", "projects"): _projects,
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget,
    ("GET", "switches"): _switches,
    ("PATCH", "switches"): _patch_switches,
    ("PUT", "switches"): _put_switches,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _set_clock,
    ("GET", "outside"): _outside,
    ("PATCH", "outside"): _patch_outside,
    ("PUT", "outside"): _put_outside,
    ("POST", "reset"): _reset,
    ("GET", "state"): _export,
    ("PUT", "state"): _import,
}
