"""Which files are generated, and from what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tools.docs.commands import commands_page
from tools.docs.diagnostics import diagnostics_page
from tools.docs.kinds import kinds_page
from wifctl.kinds.registry import kinds
from wifctl.render.manifest_schema import manifest_schema

ROOT = Path(__file__).parents[2]


def schema_file() -> str:
    """The JSON Schema of manifests, as `wifctl schema` prints it."""
    return json.dumps(manifest_schema(kinds()), indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/diagnostics.md": diagnostics_page,
    "docs/reference/kinds.md": kinds_page,
    "schemas/manifest.schema.json": schema_file,
}


def outdated() -> list[str]:
    """Files that are not what the code says."""
    return [name for name, page in PAGES.items() if _committed(name) != page()]


def write() -> list[str]:
    """Write what is out of date."""
    found = outdated()
    for name in found:
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES[name](), encoding="utf-8")
    return found


def _committed(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
