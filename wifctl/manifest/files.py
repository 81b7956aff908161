"""`{file: path}` in specs: the file's text takes its place, if it stays where it may."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wifctl.manifest import words
from wifctl.manifest.report import Report
from wifctl.manifest.yaml.document import BROKEN
from wifctl.schema import Spec, file_paths

MOST_BYTES = 1024 * 1024


@dataclass(slots=True)
class FileTexts:
    """Replaces `{file: path}` in one spec."""

    report: Report
    folder: Path
    """The manifest's; relative paths start here."""
    root: Path
    """The folder of wifctl.yaml, or the manifest's: nothing outside is read."""
    texts: dict[str, str] = field(default_factory=dict)
    """Field path below `spec` → text."""

    def replaced(self, spec: dict[str, Any], model: type[Spec]) -> dict[str, Any]:
        """The spec with texts in the place of files; what cannot be read is reported."""
        data: Any = spec
        for parts in _routes(model):
            if parts[0] in data:
                data = self._put(data, parts, "")
        found: dict[str, Any] = data
        return found

    def _put(self, data: Any, parts: tuple[str, ...], path: str) -> Any:
        """A copy of the data along one path, with its files read."""
        if not parts:
            return self._text(data, path) if _names_file(data) else data
        part, rest = parts[0], parts[1:]
        if part == "[]":
            if isinstance(data, list):
                return [self._put(item, rest, f"{path}[{i}]") for i, item in enumerate(data)]
            if isinstance(data, dict):
                return {k: self._put(v, rest, f"{path}.{k}") for k, v in data.items()}
            return data
        if not isinstance(data, dict) or part not in data:
            return data
        return {**data, part: self._put(data[part], rest, f"{path}.{part}" if path else part)}

    def _text(self, data: dict[str, Any], path: str) -> Any:
        where = f"spec.{path}"
        for key in data:
            if key != "file":
                self.report.unknown(f"{where}.{key}", key, ("file",))
        name = data["file"]
        if not isinstance(name, str) or not name:
            self.report.wrong_type(f"{where}.file", "a path", name)
            return BROKEN
        text = self._read(name, f"{where}.file")
        if text is None:
            return BROKEN
        self.texts[path] = text
        return text

    def _read(self, name: str, where: str) -> str | None:
        file = inside(self.root, self.folder, name)
        if file is None:
            self.report.value(
                "file-outside",
                where,
                f"{words.quoted(name)} leads out of the folder of wifctl.yaml",
                allowed="a file in that folder or below, symbolic links followed",
                fix="copy the file there",
            )
            return None
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size <= MOST_BYTES and file.is_file() else None
        except (OSError, ValueError) as error:
            self._refuse(where, name, getattr(error, "strerror", None) or "cannot be read")
            return None
        if data is None:
            self._refuse(where, name, f"is no file of at most {MOST_BYTES} bytes")
            return None
        return self._decoded(data, where, name)

    def _decoded(self, data: bytes, where: str, name: str) -> str | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            self._refuse(where, name, "is no text in UTF-8")
            return None
        return text

    def _refuse(self, where: str, name: str, why: str) -> None:
        self.report.value(
            "unreadable-file",
            where,
            f"{words.quoted(name)}: {why}",
            allowed=f"a text file in UTF-8, at most {MOST_BYTES} bytes",
            fix="check the path; it is relative to the manifest",
        )


@functools.cache
def _routes(model: type[Spec]) -> tuple[tuple[str, ...], ...]:
    """The paths of fields that may be files, taken apart; `[]` stands for every item."""
    return tuple(tuple(re.split(r"\.|(?=\[\])", path)) for path in sorted(file_paths(model)))


def _names_file(data: Any) -> bool:
    return isinstance(data, dict) and "file" in data


def inside(root: Path, folder: Path, name: str) -> Path | None:
    """The real path of a file named in a manifest, or None when it lies outside the root."""
    try:
        real = (folder / name).resolve()
        return real if real.is_relative_to(root.resolve()) else None
    except (OSError, ValueError, RuntimeError):
        return None
