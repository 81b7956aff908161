"""Which stack templates there are: those that travel with wifctl, and a manifest's own."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from wifctl.data_files import data_folder
from wifctl.diagnostics import Diagnostic
from wifctl.manifest import words
from wifctl.manifest.documents import Document
from wifctl.manifest.files import inside
from wifctl.manifest.stacks.definition import FILE, StackTemplate, read_template

OWN = "./"


def stack_names() -> tuple[str, ...]:
    """The names of all templates that travel with wifctl."""
    folder = data_folder("templates") / "stacks"
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{FILE}")))


@functools.cache
def shipped(name: str) -> StackTemplate | tuple[Diagnostic, ...]:
    """One template that travels with wifctl; the name must be one of `stack_names()`."""
    return read_template(data_folder("templates") / "stacks" / name, f"stacks/{name}")


def shipped_stacks() -> Iterator[StackTemplate]:
    """All templates that travel with wifctl."""
    for name in stack_names():
        found = shipped(name)
        if isinstance(found, StackTemplate):
            yield found


def template_of(document: Document, name: str) -> StackTemplate | None:
    """The template a Stack document names; None after reporting why there is none."""
    report, path = document.report, "spec.template"
    if name.startswith(OWN):
        root = document.settings.folder or document.folder
        folder = inside(root, document.folder, name)
        if folder is None:
            report.value(
                "file-outside",
                path,
                f"{words.quoted(name)} leads out of the folder of wifctl.yaml",
                allowed="a folder there or below, symbolic links followed",
                fix="move the template there",
            )
            return None
        found = read_template(folder, name.rstrip("/"))
    elif name in stack_names():
        found = shipped(name)
    else:
        near = words.nearest(name, stack_names())
        report.value(
            "unknown-stack",
            path,
            f"no template is named {words.quoted(name)}",
            allowed=f"{words.listed(stack_names())}; or ./FOLDER",
            fix=f"did you mean {near}?" if near else "choose one of them",
        )
        return None
    if isinstance(found, StackTemplate):
        return found
    for diagnostic in found:
        where = f" ({diagnostic.position})" if diagnostic.position else ""
        report.value(
            "bad-stack",
            path,
            f"{diagnostic.message}{where}",
            allowed=diagnostic.allowed,
            fix=diagnostic.fix,
        )
    return None
