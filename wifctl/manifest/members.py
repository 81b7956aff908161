"""Members of grants: one variant each, well formed, and of attributes a provider maps."""

from __future__ import annotations

import re

from wifctl.kinds.forms import VARIANTS, MemberForm
from wifctl.kinds.members import SERVICE_AGENTS
from wifctl.manifest import words
from wifctl.manifest.documents import check_project
from wifctl.manifest.index import Index, Node
from wifctl.manifest.mappings import check_mapped
from wifctl.manifest.member_strings import check_email, check_string
from wifctl.principals import Selector

_SELECTORS = ("subject", "group", "attribute", "all")
_ATTRIBUTE = re.compile(r"[a-z0-9_]{1,100}")


def check_members(index: Index, node: Node) -> None:
    """Report every member of a document that cannot be meant."""
    for path, form in node.mentions.members:
        where = f"spec.{path}"
        if any(touched.startswith(where) for touched in node.touched):
            continue
        if _check_variant(node, where, form):
            _check_one(index, node, where, form)


def _given(form: MemberForm, names: tuple[str, ...]) -> list[str]:
    fields = {info.alias or name: name for name, info in MemberForm.model_fields.items()}
    return [name for name in names if getattr(form, fields[name]) is not None]


def _check_variant(node: Node, where: str, form: MemberForm) -> bool:
    """Whether a member is exactly one thing; reported when not."""
    variants, selectors = _given(form, VARIANTS), _given(form, _SELECTORS)
    if form.pool is not None:
        others = [v for v in variants if v not in ("pool", "group")]
        if others:
            return _refuse(node, where, f"pool and {' and '.join(others)} at once", VARIANTS)
        if len(selectors) != 1:
            found = " and ".join(selectors) if selectors else "none of them"
            message = f"a member of a pool needs one selector, found {found}"
            return _refuse(node, where, message, _SELECTORS)
    else:
        strays = [s for s in selectors if s != "group"]
        if strays:
            names = " and ".join(strays)
            return _refuse(node, where, f"{names} without `pool`", (), "add `pool:`")
        if len(variants) != 1:
            found = " and ".join(variants) + " at once" if variants else "none of them"
            return _refuse(node, where, f"a member is one thing, found {found}", VARIANTS)
    if form.project is not None and form.service_agent is None:
        message = "`project` without `serviceAgent`"
        return _refuse(node, where, message, (), "remove it; a reference may be `project/name`")
    return True


def _refuse(
    node: Node, where: str, message: str, names: tuple[str, ...], fix: str = "keep the one you mean"
) -> bool:
    shown = [n for n in names if n != "member"]
    allowed = f"exactly one of {', '.join(shown)}" if shown else ""
    node.document.report.value("bad-member", where, message, allowed=allowed, fix=fix)
    return False


def _check_one(index: Index, node: Node, where: str, form: MemberForm) -> None:
    report = node.document.report
    if form.member is not None:
        check_string(index, node, where, form.member)
    elif form.pool is not None:
        _check_pool(index, node, where, form)
    elif form.service_agent is not None:
        _check_agent(node, where, form.service_agent, form.project)
    for kind, value in (("user", form.user), ("group", form.group), ("domain", form.domain)):
        if value is not None and form.pool is None:
            check_email(report, f"{where}.{kind}", kind, value)


def _check_pool(index: Index, node: Node, where: str, form: MemberForm) -> None:
    report = node.document.report
    if form.all is False:
        message = "false names nobody"
        report.value("bad-member", f"{where}.all", message, allowed="true", fix="remove the member")
    for name in ("subject", "group"):
        if getattr(form, name) == "":
            report.value("empty", f"{where}.{name}", "is empty", allowed="a text", fix="fill it in")
    link = node.links.get(f"{where.removeprefix('spec.')}.pool")
    if form.attribute is not None:
        name = form.attribute.name
        if not _ATTRIBUTE.fullmatch(name):
            _refuse_attribute(node, f"{where}.attribute.name", name)
        elif link is not None:
            path = f"{where}.attribute.name"
            check_mapped(index, report, path, link.address, Selector.ATTRIBUTE, name)
        if form.attribute.value == "":
            report.value(
                "empty", f"{where}.attribute.value", "is empty", allowed="a text", fix="fill it in"
            )
    if form.group is not None and link is not None:
        check_mapped(index, report, f"{where}.group", link.address, Selector.GROUP, "")


def _refuse_attribute(node: Node, path: str, name: str) -> None:
    bare = name.removeprefix("attribute.")
    fits = bare != name and _ATTRIBUTE.fullmatch(bare)
    node.document.report.value(
        "bad-attribute",
        path,
        f"{words.quoted(name)} is no attribute name",
        allowed="1 to 100 of a-z, 0-9 and _, as the mapping has it behind `attribute.`",
        fix=f"write {bare}" if fits else "copy the name from the provider's attributeMapping",
    )


def _check_agent(node: Node, where: str, service: str, project: str | None) -> None:
    report, name = node.document.report, service.removesuffix(".googleapis.com")
    if name not in SERVICE_AGENTS:
        near = words.nearest(name, SERVICE_AGENTS)
        report.value(
            "unknown-service-agent",
            f"{where}.serviceAgent",
            f"wifctl knows no agent of {words.quoted(service)}",
            allowed=words.listed(SERVICE_AGENTS),
            fix=f"did you mean {near}?" if near else "give its e-mail: `serviceAccount:…`",
        )
    if project is not None:
        check_project(report, f"{where}.project", project)
    elif not node.document.project:
        report.value(
            "no-project",
            f"{where}.serviceAgent",
            "of which project? None is given, and no default is known",
            allowed="a project id or number",
            fix="add `project:`",
        )
