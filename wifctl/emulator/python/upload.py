"""Uploads as twine and uv send them: a multipart form with one distribution file."""

from __future__ import annotations

import hashlib
import re

from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.python import files
from wifctl.emulator.python.names import normal, parts_of
from wifctl.emulator.python.repositories import STANDARD, Repository

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')
_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')
_ALGORITHMS = {"sha256_digest": "sha256", "blake2_256_digest": "blake2b", "md5_digest": "md5"}


def read_form(content_type: str, body: bytes) -> Json:
    """The fields of a form: texts, and of the file `filename` and `content` (bytes)."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not found:
        raise invalid("An upload must be multipart/form-data.")
    form: Json = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode("latin-1"))[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        said = head.decode("utf-8", "replace")
        name, filename = _NAME.search(said), _FILENAME.search(said)
        if filename:
            form |= {"filename": filename[1], "content": value}
        elif name:
            form[name[1]] = value.decode("utf-8", "replace")
    return form


def upload(repository: Repository, form: Json) -> None:
    """Keep an uploaded file. Raises INVALID_ARGUMENT, or ALREADY_EXISTS: files never change."""
    if repository.mode != STANDARD:
        raise invalid(
            f"Repository {repository.name} is no standard repository: nothing can be "
            "uploaded to it."
        )
    filename, content = _checked(form)
    project = normal(form["name"])
    store, place = repository.context.store, repository.name.canonical
    if filename in files.stored(store, place, project):
        raise ApiError("ALREADY_EXISTS", f"The file {filename} already exists.")
    files.keep(store, place, project, filename, content)


def _checked(form: Json) -> tuple[str, bytes]:
    if form.get(":action") != "file_upload":
        raise invalid("The form's :action must be file_upload.")
    filename, content = str(form.get("filename", "")), form.get("content", b"")
    parts = parts_of(filename)
    if parts is None or not content:
        raise invalid(f"{filename!r} is no wheel and no source distribution.")
    if parts[0] != normal(str(form.get("name", ""))):
        raise invalid(f"The file {filename} does not belong to a project {form.get('name')!r}.")
    for field, algorithm in _ALGORITHMS.items():
        if form.get(field) and str(form[field]).lower() != _digest(algorithm, content):
            raise invalid(f"The {field} of {filename} is wrong.")
    return filename, content


def _digest(algorithm: str, content: bytes) -> str:
    if algorithm == "blake2b":
        return hashlib.blake2b(content, digest_size=32).hexdigest()
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
