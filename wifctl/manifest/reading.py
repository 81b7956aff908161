"""Paths → documents: found, decoded, rendered, parsed, their envelopes read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest import documents, sources
from wifctl.manifest.documents import Document
from wifctl.manifest.options import LoadOptions, Source
from wifctl.manifest.places import Origin
from wifctl.manifest.report import Report
from wifctl.manifest.settings import Settings
from wifctl.manifest.settings_file import SettingsBook
from wifctl.manifest.surroundings import Surroundings
from wifctl.manifest.template import OPENING, Renderer, context_of
from wifctl.manifest.whole_template import render_whole
from wifctl.manifest.yaml.document import RawDocument
from wifctl.manifest.yaml.parse import parse

STACK = "Stack"


@dataclass(slots=True)
class Read:
    """All documents of a load, and what could not be read."""

    documents: list[Document] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    """Findings no document's report holds."""
    reports: list[Report] = field(default_factory=list)
    """One a document, in order, those of unreadable documents included."""
    is_complete: bool = True


@dataclass(slots=True)
class Reader:
    """Reads sources one by one."""

    options: LoadOptions
    book: SettingsBook
    result: Read = field(default_factory=Read)
    _renderers: dict[int, Renderer] = field(default_factory=dict)

    def read_all(self, paths: Sequence[Source]) -> Read:
        """Every document below the paths."""
        root = self.options.folder
        left_out = {(root / path).resolve() for path in self.options.values_files}
        for found in sources.files(paths, root, frozenset(left_out)):
            if isinstance(found, Diagnostic):
                self._give_up(found)
            else:
                self._read(found)
        if any(document.kind == STACK for document in self.result.documents):
            self._expand()
        return self.result

    def _expand(self) -> None:
        from wifctl.manifest.stacks.expansion import expanded, refuse_nested

        for rendered, around in expanded(tuple(self.result.documents)):
            self.take(rendered, around)
        refuse_nested(self.result.documents)

    def _give_up(self, finding: Diagnostic) -> None:
        self.result.diagnostics.append(finding)
        self.result.is_complete = False

    def _read(self, path: Source) -> None:
        source = sources.read(path, self.options.folder, self.options.stdin)
        if isinstance(source, Diagnostic):
            self._give_up(source)
            return
        settings = self.book.for_folder(source.folder)
        if (source.folder / Path(source.name).name).resolve() in self.book.value_files:
            return
        self._parse(source, Surroundings(settings, source.folder))

    def _parse(self, source: sources.SourceText, around: Surroundings) -> None:
        origin = Origin(source.name, text=source.text)
        renderer = self._renderer(around.settings)
        if source.is_template:
            self.take(render_whole(source.text, origin, renderer.context), around)
        else:
            self._take(origin, around, renderer if OPENING in source.text else None)

    def _renderer(self, settings: Settings) -> Renderer:
        known = self._renderers.get(id(settings))
        if known is None:
            known = self._renderers[id(settings)] = Renderer(context_of(settings))
        return known

    def take(self, rendered: Origin | Diagnostic, around: Surroundings) -> None:
        """Read the documents of a rendered text, or note why there is none."""
        if isinstance(rendered, Diagnostic):
            self._give_up(rendered)
        else:
            self._take(rendered, around, None)

    def _take(self, origin: Origin, around: Surroundings, renderer: Renderer | None) -> None:
        """Read the envelopes of all documents of a text, their templates rendered first."""
        stream = parse(origin.text, origin)
        self.result.diagnostics += stream.diagnostics
        self.result.is_complete &= stream.complete
        if not stream.documents and stream.complete and origin.fixed is None:
            self.result.diagnostics.append(_empty(origin))
        for raw in stream.documents:
            report = Report(raw.places)
            self.result.reports.append(report)
            if renderer is not None:
                data = renderer.render(raw.data, report)
                raw = RawDocument(data, raw.places, raw.cut)
            self._document(raw, report, around)

    def _document(self, raw: RawDocument, report: Report, around: Surroundings) -> None:
        document = documents.read(raw, around.settings, report)
        if document is None:
            self.result.is_complete = False
            return
        document.folder = around.folder
        document.stack = around.stack
        self.result.documents.append(document)


def _empty(origin: Origin) -> Diagnostic:
    return Diagnostic(
        "empty-file",
        "no document in it",
        position=Position(origin.file),
        allowed="one or more documents, with `---` between them",
        fix="write one, or remove the file",
    )
