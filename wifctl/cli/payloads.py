"""Secret payloads from the environment, from files and from standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.payloads import LIMIT, Source, source_text


class ProcessPayloads:
    """Where this process finds payloads; standard input is read once and kept."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        """`folder`: where relative paths start, and which none may leave."""
        self._environment = environment
        self._folder = folder
        self._stdin: bytes | None = None

    def available(self, source: Source) -> bool:
        """Whether the payload can be had here, without consuming it."""
        if "env" in source:
            return source["env"] in self._environment
        if "file" in source:
            return self._path(source).is_file()
        return not sys.stdin.isatty()

    def read(self, source: Source) -> bytes:
        """The bytes, verbatim. Raises WifctlError when there are none."""
        if "env" in source:
            return self._from_environment(source)
        if "file" in source:
            return self._from_file(source)
        if self._stdin is None:
            self._stdin = sys.stdin.buffer.read(LIMIT + 2)
        return self._stdin

    def _from_environment(self, source: Source) -> bytes:
        try:
            text = self._environment[source["env"]]
        except KeyError as error:
            raise _missing(source, "the variable is not set", "set it") from error
        return text.encode("utf-8", "surrogateescape")

    def _from_file(self, source: Source) -> bytes:
        path = self._path(source)
        try:
            with path.open("rb") as file:
                return file.read(LIMIT + 2)
        except OSError as error:
            raise _missing(source, error.strerror or "it cannot be read", "check it") from error

    def _path(self, source: Source) -> Path:
        folder = self._folder.resolve()
        path = (folder / str(source["file"])).resolve()
        if not path.is_relative_to(folder):
            raise WifctlError(
                Diagnostic(
                    "file-outside",
                    f"{source['file']} leaves the folder of wifctl.yaml",
                    allowed="a path inside it, symbolic links followed",
                    fix="move the file, or take the payload from the environment",
                )
            )
        return path


def _missing(source: Source, why: str, fix: str) -> WifctlError:
    found = f"there is no payload {source_text(source)}: {why}"
    return WifctlError(Diagnostic("payload-missing", found, fix=fix))
