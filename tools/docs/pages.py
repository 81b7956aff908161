"""Which files are generated, and from what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools.docs.commands import commands_page
from tools.docs.diagnostics import diagnostics_page
from tools.docs.fields import fields_page
from tools.docs.kinds import kinds_page
from wifctl.manifest.json_schema import all_schemas

ROOT = Path(__file__).parents[2]


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/diagnostics.md": diagnostics_page,
    "docs/reference/fields.md": fields_page,
    "docs/reference/kinds.md": kinds_page,
}


def generated() -> dict[str, str]:
    """Every generated file and its text."""
    schemas = {f"schemas/{name}": text for name, text in all_schemas().items()}
    return {name: page() for name, page in PAGES.items()} | schemas


def outdated() -> list[str]:
    """Files that are not what the code says."""
    return [name for name, text in generated().items() if _committed(name) != text]


def write() -> list[str]:
    """Write what is out of date."""
    found = {name: text for name, text in generated().items() if _committed(name) != text}
    for name, text in found.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(found)


def _committed(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
