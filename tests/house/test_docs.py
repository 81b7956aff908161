"""The documents say what the code does."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from tests.house.code import ROOT
from tools.docs.pages import outdated
from wifctl.cli.program import program
from wifctl.cli.table import COMMANDS
from wifctl.kinds.registry import kinds

HANDBOOK = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command, and those inside groups, by what one types."""
    root = program()
    context = click.Context(root)
    for name in COMMANDS:
        found = root.get_command(context, name)
        assert found is not None
        yield name, found
        if isinstance(found, click.Group):
            for inner in found.list_commands(context):
                command = found.get_command(context, inner)
                assert command is not None
                yield f"{name} {inner}", command


def test_generated_pages_are_the_committed_ones() -> None:
    assert outdated() == [], "run `make docs`"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda v: str(v))
def test_a_command_and_its_options_have_help(name: str, command: click.Command) -> None:
    assert command.help, f"{name} has no help"
    bare = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert not bare


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_a_command_is_mentioned_in_the_documents(name: str) -> None:
    pages = [page for page in HANDBOOK if page.name != "commands.md"]
    assert any(f"wifctl {name}" in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_field_of_a_kind_is_described(kind: object) -> None:
    schema = kind.spec.model_json_schema()  # type: ignore[attr-defined]
    blocks = [schema, *schema.get("$defs", {}).values()]
    bare = [
        f"{block.get('title')}.{name}"
        for block in blocks
        for name, field in block.get("properties", {}).items()
        if not field.get("description")
    ]
    assert not bare
