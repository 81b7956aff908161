"""A proxy that lets nothing out and remembers who wanted to leave."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def fence() -> Iterator[tuple[str, list[str]]]:
    """The proxy's URL, and the hosts asked for so far."""
    asked: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode("latin-1").split(" ")[1])
            self.wfile.write(REFUSAL)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def environment(url: str) -> dict[str, str]:
    """Variables that send whatever leaves loopback to the proxy."""
    local = "127.0.0.1,localhost"
    upper = {"HTTPS_PROXY": url, "HTTP_PROXY": url, "ALL_PROXY": url, "NO_PROXY": local}
    return {**upper, **{name.lower(): value for name, value in upper.items()}}
