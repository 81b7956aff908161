"""The other door of an emulator: its REST door knows where gRPC is spoken."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.target import is_loopback_url

PATH = "/_wifctl/doors"
SECONDS = 5.0


def grpc_target_of(rest_url: str) -> str:
    """`127.0.0.1:PORT` of the gRPC door behind a REST door.

    Raises WifctlError when nobody, or nobody of ours, answers there.
    """
    if not is_loopback_url(rest_url):
        return ""
    parts = urlsplit(rest_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", PATH)
        return str(json.loads(connection.getresponse().read(65536))["grpc"])
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(rest_url, "nobody answers there") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _unreachable(rest_url, "what answers there is no wifctl emulator") from error
    finally:
        connection.close()


def _unreachable(url: str, why: str) -> WifctlError:
    fix = "start one with `wifctl emulator run`, or use --local"
    return WifctlError(Diagnostic("endpoint-unreachable", f"{url}: {why}", fix=fix))
