"""What wifctl asks an emulator of its own: where gRPC is spoken, and to forget everything."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.target import Endpoint, is_loopback_url

SECONDS = 5.0


def endpoint_behind(rest_url: str, numbers: Mapping[str, str] | None = None) -> Endpoint:
    """Both doors of the emulator behind a REST door, told the numbers of `wifctl.yaml`.

    Raises WifctlError when nobody, or nobody of ours, answers there.
    """
    found = _ask(rest_url, "POST", "projects", dict(numbers or {}))
    return Endpoint(rest_url, str(found.get("grpc")))


def forget(rest_url: str) -> None:
    """Empty the state of a running emulator. Raises WifctlError when there is none."""
    _ask(rest_url, "POST", "reset", {})


def _ask(rest_url: str, verb: str, what: str, body: Mapping[str, str]) -> Mapping[str, object]:
    if not is_loopback_url(rest_url):
        Endpoint(rest_url, "")
    parts = urlsplit(rest_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request(verb, f"/_wifctl/{what}", json.dumps(body), _HEADERS)
        answer = connection.getresponse()
        found = json.loads(answer.read(65536))
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(rest_url, "nobody answers there") from error
    except ValueError as error:
        raise _unreachable(rest_url, "what answers there is no wifctl emulator") from error
    finally:
        connection.close()
    if answer.status != http.client.OK or not isinstance(found, dict):
        raise _unreachable(rest_url, "what answers there is no wifctl emulator")
    return found


_HEADERS = {"Content-Type": "application/json"}


def _unreachable(url: str, why: str) -> WifctlError:
    fix = "start one with `wifctl emulator run`, or use --local"
    return WifctlError(Diagnostic("endpoint-unreachable", f"{url}: {why}", fix=fix))
