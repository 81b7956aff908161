"""What a load is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wifctl.diagnostics import Diagnostic
from wifctl.manifest.settings import Settings
from wifctl.resource import Resource

Source = Path | Literal["-"]
"""A file, a folder, or `-` for standard input."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Flags, environment and standard input; nothing of them is read by the loader itself."""

    project: str = ""
    """`--project`."""
    values_files: Sequence[Path] = ()
    """`--values`, the last one wins."""
    sets: Sequence[str] = ()
    """`--set NAME=VALUE`, the last one wins."""
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    """What `-` stands for."""
    folder: Path = Path()
    """Where relative paths start, and where `wifctl.yaml` is looked for when reading `-`."""


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """One document as it was written, for views that show what was read."""

    kind: str
    name: str
    text_file: str
    data: Mapping[str, object]
    """Rendered, but otherwise as written."""
    stack: str = ""
    """The name of the `Stack` it comes from."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything the manifests declare, and everything that is wrong with them."""

    resources: tuple[Resource, ...]
    settings: Settings
    diagnostics: tuple[Diagnostic, ...]
    documents: tuple[LoadedDocument, ...] = ()
