"""Documents → addresses and links; two documents of one object are found here."""

from __future__ import annotations

from wifctl.kinds.base import Identity
from wifctl.manifest import words
from wifctl.manifest.index import Index, Node
from wifctl.manifest.references import link, target
from wifctl.resource import Address
from wifctl.schema import ReferenceUse


def locate_all(index: Index) -> None:
    """Give every node its address, parents first, then its links."""
    for node in index.nodes:
        if not node.kind.parent:
            _locate(index, node, None)
    for node in index.nodes:
        if node.kind.parent:
            _locate_below(index, node)
    for node in index.nodes:
        _link_all(index, node)


def _locate_below(index: Index, node: Node) -> None:
    """Locate a document by the reference to its parent."""
    if node.address is not None or node.spec is None:
        return
    path = node.kind.parent
    use = next((u for u in node.mentions.references if u.path == path), None)
    if use is None:
        if f"spec.{path}" not in node.touched:
            _report_missing(node, f"spec.{path}", "the object cannot be found without it")
        return
    parent = target(index, node, use)
    if parent is not None and parent.kind.parent and parent is not node:
        _locate_below(index, parent)
    found = link(index, node, use)
    if found is not None:
        node.links[path] = found
        _locate(index, node, found.address)


def _locate(index: Index, node: Node, parent: Address | None) -> None:
    document, kind = node.document, node.kind
    if node.spec is None or not document.id:
        return
    given = node.spec.__dict__.get("location")
    location = given if isinstance(given, str) else document.settings.location
    if kind.needs_location and not location and "spec.location" not in node.touched:
        _report_missing(node, "spec.location", "neither here nor in wifctl.yaml")
        return
    if kind.remote is not None and parent is None and not document.project:
        _report_no_project(node)
        return
    identity = Identity(document.id, document.project, location, node.spec, parent)
    _place(index, node, kind.locate(identity))


def _report_missing(node: Node, path: str, why: str) -> None:
    field = path.rpartition(".")[2]
    node.document.report.value("missing-field", path, f"is missing: {why}", fix=f"add `{field}:`")


def _report_no_project(node: Node) -> None:
    report = node.document.report
    if "metadata.project" in report.places.packed:
        return
    report.value(
        "no-project",
        "metadata.project",
        "no project is given, and no default is known",
        allowed="a project id or number",
        fix="set `metadata.project`, `project:` in wifctl.yaml, WIFCTL_PROJECT, or --project",
    )


def _place(index: Index, node: Node, address: Address) -> None:
    first = index.place(node, address)
    if first is None:
        return
    there = first.document.report.places.position
    node.document.report.value(
        "duplicate-identity",
        "metadata",
        f"{address} is already declared at {there}",
        allowed="one document an object, whatever its name",
        fix="merge the two documents, or give one another `metadata.id`",
    )


def _link_all(index: Index, node: Node) -> None:
    for use in node.mentions.references:
        if use.path not in node.links:
            _link_one(index, node, use)
        _refuse_absent(index, node, use)


def _link_one(index: Index, node: Node, use: ReferenceUse) -> None:
    if use.path == node.kind.parent:
        return
    found = link(index, node, use)
    if found is not None:
        node.links[use.path] = found


def _refuse_absent(index: Index, node: Node, use: ReferenceUse) -> None:
    """A document that stays must not name one that goes."""
    found = node.links.get(use.path)
    goal = index.at(found.address) if found else None
    if goal is None or not goal.document.is_absent or node.document.is_absent:
        return
    node.document.report.value(
        "absent-referenced",
        f"spec.{use.path}",
        f"{words.quoted(use.text)} is to be removed, and is still needed here",
        allowed="a document that stays",
        fix=f"remove this reference, or `state: absent` at {goal.document.report.places.position}",
    )
