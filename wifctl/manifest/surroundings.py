"""What the documents of one text have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wifctl.manifest.settings import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Defaults and folder of a text's documents."""

    settings: Settings
    folder: Path
    stack: str = ""
    """The name of the Stack they come from."""
