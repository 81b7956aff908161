"""References → links: by name, by project and name, or by full resource name."""

from __future__ import annotations

from wifctl.manifest import words
from wifctl.manifest.addresses import address_of, is_full_name
from wifctl.manifest.index import Index, Node
from wifctl.resource import Link
from wifctl.schema import ReferenceUse

_FORMS = "a name, `project/name`, or a full resource name"


def link(index: Index, node: Node, use: ReferenceUse) -> Link | None:
    """Where one reference of a document leads, or None after reporting why nowhere."""
    if f"spec.{use.path}" in node.touched:
        return None
    if not use.text.strip():
        _report(node, use, "empty", "is empty", fix="name what is meant")
        return None
    if is_full_name(use.text):
        return _full(index, node, use)
    found = _named(index, node, use)
    return Link(found.address) if found is not None and found.address else None


def target(index: Index, node: Node, use: ReferenceUse) -> Node | None:
    """The document a reference by name leads to, whether it is located yet or not."""
    is_name = use.text.strip() and not is_full_name(use.text)
    return _named(index, node, use) if is_name else None


def _full(index: Index, node: Node, use: ReferenceUse) -> Link | None:
    address = address_of(use.text, index.projects)
    if address is None:
        _report(
            node,
            use,
            "bad-reference",
            f"{words.quoted(use.text)} is no resource name wifctl knows",
            fix=f"write it like `{_EXAMPLES.get(use.kinds[0], '')}`",
        )
        return None
    if address.kind not in use.kinds:
        _wrong_kind(node, use, [address.kind])
        return None
    return Link(address, declared=index.at(address) is not None)


_EXAMPLES = {
    "WorkloadIdentityPool": "projects/P/locations/global/workloadIdentityPools/POOL",
    "WorkloadIdentityPoolProvider": (
        "projects/P/locations/global/workloadIdentityPools/POOL/providers/PROVIDER"
    ),
    "ServiceAccount": "projects/P/serviceAccounts/ID@P.iam.gserviceaccount.com",
    "Secret": "projects/P/secrets/SECRET",
    "ArtifactRegistryRepository": "projects/P/locations/L/repositories/REPOSITORY",
}


def _named(index: Index, node: Node, use: ReferenceUse) -> Node | None:
    project, _, name = use.text.rpartition("/")
    candidates = index.named(use.kinds, name)
    wanted = index.projects.canonical(project) if project else node.document.project
    here = [c for c in candidates if wanted in (c.document.project, c.project)]
    chosen = here or ([] if project else candidates)
    if len({c.document.project for c in chosen}) == 1:
        return chosen[0]  # several of one project and name are reported as duplicates
    if chosen:
        _ambiguous(node, use, chosen)
    elif candidates or index.is_complete:
        _unknown(index, node, use, name, candidates)
    return None


def _ambiguous(node: Node, use: ReferenceUse, chosen: list[Node]) -> None:
    spelled = [f"{c.project or '(no project)'}/{c.document.name}" for c in chosen]
    places = [str(c.document.report.places.position) for c in chosen]
    _report(
        node,
        use,
        "ambiguous-reference",
        f"{words.quoted(use.text)} may be any of {len(chosen)} documents",
        allowed=words.listed(f"{s} ({p})" for s, p in zip(spelled, places, strict=True)),
        fix=f"say which: `{spelled[0]}`",
    )


def _unknown(
    index: Index, node: Node, use: ReferenceUse, name: str, candidates: list[Node]
) -> None:
    others = [kind for kind in index.kinds_of(name) if kind not in use.kinds]
    if others:
        _wrong_kind(node, use, others)
        return
    near = words.nearest(name, index.names(use.kinds))
    if candidates:
        fix = f"did you mean {candidates[0].project}/{name}?"
    elif near:
        fix = f"did you mean {near}?"
    else:
        fix = "declare it, or give the full resource name of one that exists elsewhere"
    _report(
        node,
        use,
        "unknown-reference",
        f"no {' or '.join(use.kinds)} is named {words.quoted(use.text)}",
        allowed=_FORMS,
        fix=fix,
    )


def _wrong_kind(node: Node, use: ReferenceUse, kinds: list[str]) -> None:
    wanted = " or ".join(use.kinds)
    _report(
        node,
        use,
        "wrong-kind",
        f"{words.quoted(use.text)} is a {' and a '.join(kinds)}, and a {wanted} is wanted",
        allowed=_FORMS,
        fix=f"name a {wanted}",
    )


def _report(
    node: Node, use: ReferenceUse, code: str, message: str, *, allowed: str = _FORMS, fix: str
) -> None:
    node.document.report.value(code, f"spec.{use.path}", message, allowed=allowed, fix=fix)
