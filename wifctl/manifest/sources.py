"""Paths → texts: files as given, folders searched, standard input under its own name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.settings import FILE
from wifctl.manifest.yaml.text import decoded

SUFFIXES = (".yaml", ".yml", ".yaml.j2", ".yml.j2")
STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one source."""

    name: str
    """As findings show it."""
    text: str
    folder: Path
    """Where the manifest stands; the current folder for standard input."""

    @property
    def is_template(self) -> bool:
        """Whether the whole text is rendered before it is parsed."""
        return self.name.endswith(".j2")


def files(
    paths: Sequence[Path | Literal["-"]], root: Path, left_out: frozenset[Path]
) -> Iterator[Path | Literal["-"] | Diagnostic]:
    """Every file once, in a stable order; what cannot be found as a finding."""
    seen: set[Path] = set()
    for path in paths:
        if path == "-":
            yield "-"
            continue
        for found in _below(path, root, left_out):
            if isinstance(found, Path):
                real = (root / found).resolve()
                if real in seen:
                    continue
                seen.add(real)
            yield found


def _below(path: Path, root: Path, left_out: frozenset[Path]) -> Iterator[Path | Diagnostic]:
    whole = root / path
    if whole.is_dir():
        found = [p for p in sorted(whole.rglob("*")) if _is_manifest(p, whole, left_out)]
        for file in found:
            yield path / file.relative_to(whole)
        if not found:
            yield _nothing(path)
    elif whole.is_file():
        yield path
    else:
        yield Diagnostic(
            "no-such-file",
            f"{path} does not exist",
            position=Position(str(path)),
            allowed="a file, a folder, or - for standard input",
            fix="check the path; it is relative to the current folder",
        )


def _is_manifest(path: Path, root: Path, left_out: frozenset[Path]) -> bool:
    if not path.name.endswith(SUFFIXES) or path.name == FILE or not path.is_file():
        return False
    inner = path.relative_to(root).parts
    return not any(part.startswith(".") for part in inner) and path.resolve() not in left_out


def _nothing(path: Path) -> Diagnostic:
    return Diagnostic(
        "no-manifests",
        "no manifest in this folder or below",
        position=Position(str(path)),
        allowed=f"files that end in {', '.join(SUFFIXES)}",
        fix="name the folder that holds them, or `wifctl init TEMPLATE`",
    )


def read(path: Path | Literal["-"], root: Path, stdin: bytes) -> SourceText | Diagnostic:
    """The text of one source, or why it cannot be read."""
    if path == "-":
        text = decoded(stdin, STDIN)
        return text if isinstance(text, Diagnostic) else SourceText(STDIN, text, root)
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        return Diagnostic(
            "unreadable-file",
            f"cannot be read: {error.strerror or type(error).__name__}",
            position=Position(str(path)),
            fix="check its permissions",
        )
    text = decoded(data, str(path))
    if isinstance(text, Diagnostic):
        return text
    return SourceText(str(path), text, (root / path).parent)
