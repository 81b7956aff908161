"""A Python index on loopback that asks for an access token, and a tiny package to put there."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pypiserver


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@contextmanager
def index(folder: Path, token: str) -> Iterator[str]:
    """The index's URL. Listing, downloading and uploading need the token."""
    app = pypiserver.app(
        roots=[folder],
        authenticate=["list", "download", "update"],
        auther=lambda user, password: (user, password) == ("oauth2accesstoken", token),
        fallback_url="http://127.0.0.1:1/",
        disable_fallback=True,
    )
    server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_wheel(folder: Path, name: str = "acme_sample", version: str = "1.0") -> Path:
    """A wheel without content, put together by hand so that no build runs."""
    information = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = io.StringIO()
    for path, text in files.items():
        digest = urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record.write(f"{path},sha256={digest},{len(text)}\n")
    record.write(f"{information}/RECORD,,\n")
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in (files | {f"{information}/RECORD": record.getvalue()}).items():
            archive.writestr(path, text)
    return wheel
