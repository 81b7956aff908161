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
from wifctl.manifest.yaml.document import RawDocument, Stream
from wifctl.manifest.yaml.parse import parse


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

    def read_all(self, paths: Sequence[Source]) -> Read:
        """Every document below the paths."""
        root = self.options.folder
        left_out = {(root / path).resolve() for path in self.options.values_files}
        for found in sources.files(paths, root, frozenset(left_out)):
            if isinstance(found, Diagnostic):
                self._give_up(found)
            else:
                self._read(found)
        return self.result

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
        self._parse(source, settings)

    def _parse(self, source: sources.SourceText, settings: Settings) -> None:
        origin, text = Origin(source.name, text=source.text), source.text
        self.take(parse(text, origin), settings, origin)

    def take(self, stream: Stream, settings: Settings, origin: Origin, stack: str = "") -> None:
        """Read the envelopes of all documents of a stream."""
        self.result.diagnostics += stream.diagnostics
        self.result.is_complete &= stream.complete
        if not stream.documents and stream.complete and not stream.diagnostics:
            self.result.diagnostics.append(_empty(origin))
        for raw in stream.documents:
            self._document(raw, settings, stack)

    def _document(self, raw: RawDocument, settings: Settings, stack: str) -> None:
        report = Report(raw.places)
        self.result.reports.append(report)
        document = documents.read(raw, settings, report)
        if document is None:
            self.result.is_complete = False
            return
        document.stack = stack
        self.result.documents.append(document)


def _empty(origin: Origin) -> Diagnostic:
    return Diagnostic(
        "empty-file",
        "no document in it",
        position=Position(origin.file),
        allowed="one or more documents, with `---` between them",
        fix="write one, or remove the file",
    )
