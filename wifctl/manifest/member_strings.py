"""Google's own member strings, checked before Google refuses them."""

from __future__ import annotations

import re

from wifctl.manifest import words
from wifctl.manifest.index import Index, Node
from wifctl.manifest.mappings import check_mapped
from wifctl.manifest.report import Report
from wifctl.names import is_project_number
from wifctl.principals import (
    EVERYONE,
    MEMBER_TYPES,
    Member,
    PoolPrincipal,
    parse_member,
    parse_pool_principal,
)
from wifctl.resource import Address

_EMAIL = re.compile(r"[^\s@:]+@[^\s@:]+\.[^\s@:]+")
_KUBERNETES = re.compile(r"[^\s@]+\.svc\.id\.goog\[[^\s\]/]+/[^\s\]/]+\]")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+")
_POOL_FORMS = (
    "principal://iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL"
    "/subject/SUBJECT; principalSet://…/group/GROUP, /attribute.NAME/VALUE or /*"
)


def check_string(index: Index, node: Node, where: str, text: str) -> None:
    """Report a member string Google would refuse, or that names nobody."""
    report = node.document.report
    member = parse_member(text)
    if member is None or text != text.strip():
        _refuse_type(report, where, text)
    elif member.deleted:
        report.value(
            "bad-member",
            where,
            "a deleted member cannot be granted anything",
            allowed="members that exist",
            fix="grant the member that took its place",
        )
    elif member.is_federated:
        _check_federated(index, node, where, text)
    elif member.type in EVERYONE:
        _check_everyone(node, where, member)
    elif member.type in ("user", "group", "serviceAccount", "domain"):
        check_email(report, where, member.type, member.value)


def _refuse_type(report: Report, where: str, text: str) -> None:
    kind = text.partition(":")[0].strip()
    near = words.nearest(kind, (*MEMBER_TYPES, *EVERYONE))
    fix = f"did you mean {near}?" if near else "say what it is: `user:`, `serviceAccount:`, …"
    if "@" in kind:
        fix = f"write serviceAccount:{kind}, user:{kind} or group:{kind}"[:200]
    report.value(
        "bad-member",
        where,
        f"{words.quoted(text)} is no member",
        allowed=f"TYPE:VALUE with {words.listed(sorted(MEMBER_TYPES))}; or allUsers and the like",
        fix=fix,
    )


def check_email(report: Report, where: str, kind: str, value: str) -> None:
    """Report what is neither an e-mail address nor, for a domain, a domain."""
    if kind == "domain":
        fits, wanted = _DOMAIN.fullmatch(value.lower()), "a domain like example.com"
    elif kind == "serviceAccount":
        fits = _EMAIL.fullmatch(value) or _KUBERNETES.fullmatch(value)
        wanted = "an e-mail like ID@PROJECT.iam.gserviceaccount.com"
    else:
        fits, wanted = _EMAIL.fullmatch(value), "an e-mail like somebody@example.com"
    if not fits:
        report.value(
            "bad-member",
            where,
            f"{words.quoted(value)} is no {kind}",
            allowed=wanted,
            fix=f"write {wanted}",
        )


def _check_everyone(node: Node, where: str, member: Member) -> None:
    on = getattr(node.spec, "on", None)
    if on is not None and on.project is not None:
        node.document.report.value(
            "bad-member",
            where,
            f"{member} cannot have a role on a project",
            allowed="members that sign in",
            fix="grant the role on the one object everybody may reach",
        )


def _check_federated(index: Index, node: Node, where: str, text: str) -> None:
    report = node.document.report
    if "/workloadIdentityPools/" not in text:
        return
    principal = parse_pool_principal(text)
    if principal is None:
        report.value(
            "bad-principal",
            where,
            f"{words.quoted(text, most=200)} is no principal of a pool",
            allowed=_POOL_FORMS,
            fix=_mended(text),
        )
        return
    _check_number(index, report, where, principal)
    project = index.projects.canonical(principal.project)
    pool = Address("WorkloadIdentityPool", (project, principal.pool))
    check_mapped(index, report, where, pool, principal.selector, principal.attribute)


def _mended(text: str) -> str:
    """The likeliest slip: the scheme, or the word before the value."""
    kind, _, rest = text.partition(":")
    swapped = f"{'principalSet' if kind == 'principal' else 'principal'}:{rest}"
    if parse_pool_principal(swapped):
        return f"write {swapped.partition(':')[0]}:// instead of {kind}://"
    dotted = re.sub(r"/attribute/([^/]+)/", r"/attribute.\1/", text)
    if dotted != text:
        return "write /attribute.NAME/VALUE, with a dot"
    if text.endswith("/*") and text.count("/") > 9:
        return "a * stands for the whole pool only; name one value"
    return "better use the typed form: {pool: …, attribute: {name: …, value: …}}"


def _check_number(index: Index, report: Report, where: str, principal: PoolPrincipal) -> None:
    if is_project_number(principal.project):
        return
    number = index.projects.number(principal.project)
    report.value(
        "project-id-in-principal",
        where,
        f"{words.quoted(principal.project)} is a project id: such a principal matches nobody",
        allowed="the project number",
        fix=f"write projects/{number}"
        if number
        else "write the number, or use the typed form {pool: …}, which finds it itself",
    )
