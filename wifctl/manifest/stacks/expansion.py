"""Stack documents → the documents of their templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wifctl.diagnostics import Diagnostic
from wifctl.kinds import registry
from wifctl.kinds.stack import NAME, StackSpec
from wifctl.manifest.documents import Document
from wifctl.manifest.places import Origin
from wifctl.manifest.sources import SourceText
from wifctl.manifest.specs import read_spec
from wifctl.manifest.stacks.catalogue import template_of
from wifctl.manifest.stacks.values import checked_values
from wifctl.manifest.surroundings import Surroundings
from wifctl.manifest.template import context_of
from wifctl.manifest.whole_template import render_whole

Rendered = tuple[Origin | Diagnostic, Surroundings]


def expanded(documents: Iterable[Document]) -> Iterator[Rendered]:
    """The rendered texts of every Stack among the documents; what is wrong is reported there."""
    for document in documents:
        if document.kind == NAME:
            yield from _expand(document)


def refuse_nested(documents: Iterable[Document]) -> None:
    """Report stacks that stacks expanded to: they are not expanded further."""
    for document in documents:
        if document.kind == NAME and document.stack:
            document.report.value(
                "bad-stack",
                "kind",
                "a stack inside a stack",
                allowed="the other kinds",
                fix="write the inner one's documents out",
            )


def _expand(document: Document) -> Iterator[Rendered]:
    spec: StackSpec | None = read_spec(registry.kind(NAME), document).spec
    if spec is None or document.report.failed:
        return
    template = template_of(document, spec.template)
    if template is None:
        return
    values = checked_values(document.report, template, spec.values)
    if values is None:
        return
    settings = replace(
        document.settings, project=document.project, values={**values, "name": document.name}
    )
    around = Surroundings(settings, document.folder, document.name)
    for file in template.files:
        origin = _origin(document, spec.template, file)
        yield render_whole(file.text, origin, context_of(settings)), around


def _origin(document: Document, template: str, file: SourceText) -> Origin:
    position = document.report.places.position
    about = f"{file.name} of template {template}"
    return Origin(position.file, fixed=position, about=about)
