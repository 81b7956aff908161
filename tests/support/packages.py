"""Packages for tests: wheels put together by hand, and pypiserver on loopback with a login."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pypiserver

USER = "__token__"
"""What PyPI wants as the user name beside an API token."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@dataclass(slots=True)
class Upstream:
    """A package index that only serves who signs in; counts what it was asked."""

    folder: Path
    logins: set[tuple[str, str]]
    url: str = ""
    refused: int = 0

    def takes(self, user: str, password: str) -> bool:
        """Whether a login is right."""
        right = (user, password) in self.logins
        self.refused += not right
        return right

    def add(self, name: str, version: str = "1.0", **options: str) -> Path:
        """Publish a wheel."""
        return make_wheel(self.folder, name, version, **options)


@contextmanager
def upstream(folder: Path, token: str, user: str = USER) -> Iterator[Upstream]:
    """A running index; listing and downloading need the login."""
    folder.mkdir(exist_ok=True)
    found = Upstream(folder, {(user, token)})
    app = pypiserver.app(
        roots=[folder],
        authenticate=["list", "download", "update"],
        auther=found.takes,
        fallback_url="http://127.0.0.1:1/",
        disable_fallback=True,
    )
    server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_wheel(
    folder: Path, name: str, version: str = "1.0", requires: str = "", text: str = ""
) -> Path:
    """A wheel with one module; `requires` is a Requires-Python."""
    information = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Python: {requires}\n" if requires else ""
    files = {
        f"{name}.py": text,
        f"{information}/METADATA": metadata,
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = io.StringIO()
    for path, content in files.items():
        digest = urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")
        record.write(f"{path},sha256={digest},{len(content)}\n")
    record.write(f"{information}/RECORD,,\n")
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in (files | {f"{information}/RECORD": record.getvalue()}).items():
            archive.writestr(path, content)
    return wheel
