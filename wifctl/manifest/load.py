"""Manifests → resources: the whole way, with everything that is wrong in one go."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wifctl.diagnostics import Diagnostic
from wifctl.kinds import registry
from wifctl.kinds.base import Identity
from wifctl.manifest.checking import check_names, check_spec
from wifctl.manifest.comments import check_comments
from wifctl.manifest.cycles import check_cycles
from wifctl.manifest.documents import Document
from wifctl.manifest.grants import check_grants
from wifctl.manifest.index import Index, Node
from wifctl.manifest.locating import locate_all
from wifctl.manifest.members import check_members
from wifctl.manifest.options import Loaded, LoadedDocument, LoadOptions, Source
from wifctl.manifest.places import Positions
from wifctl.manifest.reading import STACK, Read, Reader
from wifctl.manifest.settings import Settings
from wifctl.manifest.settings_file import SettingsBook
from wifctl.manifest.specs import read_spec
from wifctl.manifest.walk import Mentions, mentions
from wifctl.resource import Address, Projects, Resource


def load(paths: Sequence[Source], options: LoadOptions) -> Loaded:
    """Read, render, check and resolve manifests. Never raises for what is in them."""
    with _paused_collector():
        book = SettingsBook(options)
        read = Reader(options, book).read_all(paths)
        index = Index(Projects(book.numbers), is_complete=read.is_complete)
        for document in read.documents:
            if document.kind != STACK:
                index.add(_node(document))
        locate_all(index)
        check_names(index)
        check_cycles(index)
        for node in index.nodes:
            _check_node(index, node)
        resources = tuple(r for node in index.nodes if (r := _finished(index, node)) is not None)
        documents = tuple(map(_as_written, index.nodes))
        return Loaded(resources, _settings(read, book), _findings(read, book), documents)


@contextmanager
def _paused_collector() -> Iterator[None]:
    """No garbage collection meanwhile: it would scan the growing data again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _node(document: Document) -> Node:
    kind = registry.kind(document.kind)
    reading = read_spec(kind, document)
    mentioned = mentions(reading.spec) if reading.spec is not None else Mentions()
    return Node(document, kind, reading.spec, reading.touched, mentioned, reading.files)


def _check_node(index: Index, node: Node) -> None:
    """Checks that look beyond types, and beyond the document."""
    if node.document.raw.cut:
        node.touched |= check_comments(node.document)
    if node.spec is not None and not node.document.is_absent:
        check_members(index, node)
        check_grants(node)


def _finished(index: Index, node: Node) -> Resource | None:
    """The resource of a node, once checked; None when something about it is wrong."""
    document, address = node.document, node.address
    if node.spec is None:
        return None
    places = document.report.places
    resource = Resource(
        address or _stand_in(node),
        document.name,
        node.spec,
        node.links,
        document.lifecycle,
        places.position,
        Positions(places),
        document.unique_id,
        node.files,
    )
    if not document.is_absent:
        check_spec(index, node, resource)
    return None if document.report.failed or address is None else resource


def _stand_in(node: Node) -> Address:
    """An address for checks of a document that could not be located."""
    document = node.document
    location = document.settings.location
    return node.kind.locate(Identity(document.id, document.project, location, node.spec))


def _as_written(node: Node) -> LoadedDocument:
    document = node.document
    file = document.report.places.origin.file
    return LoadedDocument(document.kind, document.name, file, document.raw.data, document.stack)


def _settings(read: Read, book: SettingsBook) -> Settings:
    """The settings of the first document, knowing the projects of all files."""
    first = read.documents[0].settings if read.documents else book.for_folder(book.options.folder)
    return Settings(
        first.project,
        first.location,
        first.labels,
        first.values,
        Projects(book.numbers),
        first.file,
        first.folder,
    )


def _findings(read: Read, book: SettingsBook) -> tuple[Diagnostic, ...]:
    every = [*book.diagnostics, *read.diagnostics]
    for report in read.reports:
        every += report.diagnostics
    ordered = sorted(every, key=lambda d: (d.position is None, d.position or 0, d.code))
    return tuple(dict.fromkeys(ordered))
