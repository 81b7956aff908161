"""What a workload gets its tokens from, on loopback: URLs, Azure's and AWS's metadata servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, str]
Route = Callable[[Mapping[str, str]], Reply]
"""Request headers, lower case → status and text."""
AWS_ROLE = "/latest/meta-data/iam/security-credentials"
AWS_ZONE = "/latest/meta-data/placement/availability-zone"
AWS_SESSION = "/latest/api/token"
SESSION = "imds-session"


def text(content: str) -> Route:
    """Always the same text."""
    return lambda _headers: (200, content)


def guarded(header: str, value: str, content: str) -> Route:
    """The text for who sends the header, 403 for others."""
    return lambda headers: (200, content) if headers.get(header) == value else (403, "no header")


def aws_metadata(key: Mapping[str, str], *, session: bool) -> dict[str, Route]:
    """AWS's metadata server with one role; with `session`, version 2 of it."""
    credentials = {
        "AccessKeyId": key["id"],
        "SecretAccessKey": key["secret"],
        "Token": key["token"],
        "Code": "Success",
    }
    pages = {
        AWS_ZONE: "eu-west-1b",
        AWS_ROLE: "ci-deploy",
        f"{AWS_ROLE}/ci-deploy": json.dumps(credentials),
    }
    header = "x-aws-ec2-metadata-token"
    return {
        AWS_SESSION: text(SESSION),
        **{p: guarded(header, SESSION, t) if session else text(t) for p, t in pages.items()},
    }


@contextmanager
def serving(routes: Mapping[str, Route]) -> Iterator[str]:
    """A server that answers GET and PUT by path, the query aside; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            route = routes.get(self.path.partition("?")[0])
            status, content = route(headers) if route else (404, "not here")
            self.send_response(status)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        do_PUT = do_GET  # noqa: N815 - http.server calls it so

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
