"""`wifctl.yaml`: defaults for every document below its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wifctl.resource import Projects

FILE = "wifctl.yaml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults in force for a folder, flags and environment already put over the file."""

    project: str = ""
    location: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    """What templates see."""
    projects: Projects = field(default_factory=Projects)
    """Ids and numbers the file knows."""
    file: Path | None = None
    """The `wifctl.yaml` found, if any."""
    folder: Path | None = None
    """Its folder; `{file: …}` stays inside."""
