"""Distribution files as stored: what is known of each, and their bytes once per hash."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from email.parser import BytesHeaderParser

from wifctl.emulator.errors import Json
from wifctl.emulator.store import Store

FILE, BLOB, INDEX = "pythonFile", "blob", "pythonIndex"
"""Kinds: `REPOSITORY/packages/NAME/files/FILENAME`, `blobs/SHA256`, `REPOSITORY/packages/NAME`."""
_METADATA_LIMIT = 4 * 1024 * 1024


def package(repository: str, project: str) -> str:
    """The store name of a project in a repository given by its canonical name."""
    return f"{repository}/packages/{project}"


def stored(store: Store, repository: str, project: str) -> dict[str, Json]:
    """The files of a project that are held here, by file name."""
    found = store.list(FILE, f"{package(repository, project)}/files")
    return {name.rpartition("/")[2]: entry for name, entry in found}


def keep(store: Store, repository: str, project: str, filename: str, content: bytes) -> Json:
    """Store a file and, of a wheel, its metadata; the entry it is listed with."""
    metadata = metadata_of(filename, content)
    entry: Json = {"filename": filename, "sha256": _blob(store, content), "size": len(content)}
    if metadata:
        entry["metadata"] = _blob(store, metadata)
        requires = BytesHeaderParser().parsebytes(metadata).get("Requires-Python", "")
        entry |= {"requiresPython": str(requires)} if requires else {}
    store.put(FILE, f"{package(repository, project)}/files/{filename}", entry)
    return entry


def blob(store: Store, digest: str) -> bytes:
    """The bytes under a SHA-256."""
    found = store.get(BLOB, f"blobs/{digest}") or {}
    return b64decode(found.get("data", ""))


def projects(store: Store, repository: str) -> list[str]:
    """The projects of which a repository holds files."""
    names = (name.split("/packages/")[1] for name, _ in store.walk(FILE, f"{repository}/packages/"))
    return sorted({name.partition("/")[0] for name in names})


def drop(store: Store, repository: str) -> None:
    """Forget the files of a repository that is deleted, and bytes nobody else holds."""
    for kind in (FILE, INDEX):
        store.delete_below(kind, repository)
    used = {digest for _, entry in store.walk(FILE) for digest in _digests(entry)}
    for name, _value in list(store.walk(BLOB)):
        if name.partition("/")[2] not in used:
            store.delete(BLOB, name)


def metadata_of(filename: str, content: bytes) -> bytes:
    """A wheel's METADATA; empty for everything else, damaged wheels included."""
    if not filename.endswith(".whl"):
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [i for i in archive.infolist() if i.filename.endswith(".dist-info/METADATA")]
            if len(inside) != 1 or inside[0].file_size > _METADATA_LIMIT:
                return b""
            return archive.read(inside[0])
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
        return b""


def _blob(store: Store, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    if store.get(BLOB, f"blobs/{digest}") is None:
        store.put(BLOB, f"blobs/{digest}", {"data": b64encode(content).decode()})
    return digest


def _digests(entry: Json) -> Iterator[str]:
    yield entry["sha256"]
    yield entry.get("metadata", "")
