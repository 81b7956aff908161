"""What wifctl asks an emulator of its own: its doors, its state, to forget everything."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.target import Endpoint, is_loopback_url

SECONDS = 5.0
_PATIENCE = 60.0
"""Seconds for a whole state."""


def endpoint_behind(rest_url: str, numbers: Mapping[str, str] | None = None) -> Endpoint:
    """Both doors of the emulator behind a REST door, told the numbers of `wifctl.yaml`.

    Raises WifctlError when nobody, or nobody of ours, answers there.
    """
    found = _ask(rest_url, "POST", "projects", dict(numbers or {}))
    return Endpoint(rest_url, str(found.get("grpc")))


def forget(rest_url: str) -> None:
    """Empty the state of a running emulator. Raises WifctlError when there is none."""
    _ask(rest_url, "POST", "reset", {})


def state_of(rest_url: str) -> str:
    """The state of a running emulator as YAML. Raises WifctlError when there is none."""
    status, body = _send(rest_url, "GET", "state", b"", _PATIENCE)
    if status != http.client.OK:
        raise _unreachable(rest_url, _STRANGER)
    return body.decode("utf-8")


def replace_state(rest_url: str, text: bytes) -> int:
    """Give a running emulator another state, as YAML; the number of objects.

    Raises WifctlError when there is no emulator, or it refuses the text.
    """
    status, body = _send(rest_url, "PUT", "state", text, _PATIENCE)
    found = _object(rest_url, body)
    if status == http.client.OK:
        return int(str(found.get("objects")))
    error = found.get("error")
    why = error.get("message") if isinstance(error, dict) else "the emulator refuses it"
    raise WifctlError(Diagnostic("not-a-state", str(why), fix="use what `emulator export` prints"))


def _ask(rest_url: str, verb: str, what: str, body: Mapping[str, str]) -> Mapping[str, object]:
    status, answer = _send(rest_url, verb, what, json.dumps(body).encode(), SECONDS)
    found = _object(rest_url, answer)
    if status != http.client.OK:
        raise _unreachable(rest_url, _STRANGER)
    return found


def _send(rest_url: str, verb: str, what: str, body: bytes, seconds: float) -> tuple[int, bytes]:
    if not is_loopback_url(rest_url):
        Endpoint(rest_url, "")
    parts = urlsplit(rest_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request(verb, f"/_wifctl/{what}", body, _HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(rest_url, "nobody answers there") from error
    finally:
        connection.close()


def _object(rest_url: str, body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise _unreachable(rest_url, _STRANGER) from error
    if not isinstance(found, dict):
        raise _unreachable(rest_url, _STRANGER)
    return found


_HEADERS = {"Content-Type": "application/json"}
_STRANGER = "what answers there is no wifctl emulator"


def _unreachable(url: str, why: str) -> WifctlError:
    fix = "start one with `wifctl emulator run`, or use --local"
    return WifctlError(Diagnostic("endpoint-unreachable", f"{url}: {why}", fix=fix))
