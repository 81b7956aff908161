"""Tokens and secrets that lie ready: in files and environment variables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from wifctl.credentials.configuration.model import TokenFormat
from wifctl.credentials.exchange.sources import FileToken, SecretPlace, VariableToken
from wifctl.credentials.failures import unavailable

_LARGEST = 1024 * 1024


def file_token(source: FileToken) -> str:
    """The token in a file. Raises TokenUnavailableError."""
    return extract(read_text(source.path, "the token file"), source.format, source.path)


def variable_token(source: VariableToken, environment: Mapping[str, str]) -> str:
    """The token in a variable. Raises TokenUnavailableError."""
    value = environment.get(source.name, "").strip()
    if not value:
        fix = f"in GitLab CI, list {source.name} under id_tokens"
        raise unavailable(f"the environment variable {source.name} is not set", fix)
    return value


def read_secret(place: SecretPlace, environment: Mapping[str, str], what: str) -> str:
    """A secret without the line end a file may close with. Raises TokenUnavailableError."""
    if place.file:
        value = read_text(place.file, what).rstrip("\r\n")
    else:
        value = environment.get(place.variable, "")
    if not value:
        raise unavailable(f"{what} is empty or not given")
    return value


def read_text(path: str, what: str) -> str:
    """A small text file. Raises TokenUnavailableError, which quotes nothing of it."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise unavailable(f"cannot read {what} {path}: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise unavailable(f"{what} {path} is larger than 1 MiB")
    try:
        # PowerShell writes UTF-16 or a byte order mark unless told otherwise.
        return content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
    except UnicodeDecodeError:
        raise unavailable(f"{what} {path} is not UTF-8") from None


def extract(text: str, form: TokenFormat | None, where: str) -> str:
    """The token of a text: all of it, trimmed, or one field of a JSON object."""
    token: object = text.strip()
    if form is not None and form.type == "json":
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise unavailable(f"{where} holds no JSON") from None
        token = document.get(form.field_name) if isinstance(document, dict) else None
        if not isinstance(token, str):
            raise unavailable(f"{where} has no text field {form.field_name!r}")
    if not token:
        raise unavailable(f"{where} holds an empty token")
    return str(token)
