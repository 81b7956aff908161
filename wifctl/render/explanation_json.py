"""An explanation as JSON; `docs/reference/formats.md` documents the shape."""

from __future__ import annotations

from typing import Any

from wifctl.access.explained import Report
from wifctl.trust.cel.tree import Evaluated
from wifctl.trust.mapping import MappedValue
from wifctl.trust.matching import GrantMatch
from wifctl.trust.reach import ReachedAccess, ReachedAccount
from wifctl.trust.reasons import Reason
from wifctl.trust.verdict import Refusal, Verdict

FORMAT_VERSION = "1.0"


def explanation_json(report: Report) -> dict[str, Any]:
    """Everything the text says, and every rule."""
    found, judgement = report.explanation, report.judgement
    mapping = judgement.mapping
    return {
        "format_version": FORMAT_VERSION,
        "outcome": found.outcome.value,
        "failed": found.failed.value if found.failed else None,
        "judged": report.about,
        "provider": _provider(report),
        "refusal": _refusal(judgement.refusal),
        "expires_in": judgement.expires_in,
        "rules": [verdict_json(verdict) for verdict in judgement.verdicts],
        "mapping": [_mapped(value) for value in mapping.values] if mapping else [],
        "condition": _condition(report),
        "principals": [str(principal) for principal in found.principals],
        "grants": [_grant(match) for match in found.matches],
        "service_accounts": [_account(account) for account in found.reach.accounts],
        "access": [_access(access) for access in found.reach.access],
        "reasons": [_reason(reason) for reason in found.reasons],
        "notes": [_reason(note) for note in found.notes],
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """One rule's answer; members without a value are left out."""
    members = {
        "rule": verdict.rule,
        "outcome": verdict.outcome.value,
        "summary": verdict.summary,
        "found": verdict.found,
        "wanted": verdict.wanted,
        "hint": verdict.hint,
        "notes": list(verdict.notes),
        "document": verdict.document,
    }
    return {name: value for name, value in members.items() if value}


def _provider(report: Report) -> dict[str, Any]:
    known = report.provider
    return {
        "name": known.config.name,
        "kind": known.config.kind.value,
        "source": str(known.position("") or ""),
        "live": report.live,
    }


def _refusal(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {
        "error": refusal.error,
        "error_description": refusal.description,
        "status": refusal.status,
        "documented": refusal.documented,
    }


def _mapped(value: MappedValue) -> dict[str, Any]:
    members: dict[str, Any] = {"attribute": value.key, "expression": value.expression}
    if value.texts is None:
        return {**members, "trouble": value.trouble if value.failed else "not a text"}
    return {**members, "values": list(value.texts)}


def _condition(report: Report) -> dict[str, Any] | None:
    expression = report.provider.config.attribute_condition
    if not expression:
        return None
    found = report.judgement.condition
    return {
        "expression": expression,
        "outcome": found.verdict.outcome.value,
        "source": str(report.provider.position("spec.attributeCondition") or ""),
        "tree": _tree(found.tree) if found.tree else None,
        "causes": [
            {"operand": cause.operand.text, "hints": [hint.message for hint in cause.hints]}
            for cause in found.causes
        ],
    }


def _tree(node: Evaluated) -> dict[str, Any]:
    result: dict[str, Any] = {"text": node.text, "type": node.result.type}
    if node.result.failed:
        result["error"] = node.result.error
    else:
        result["value"] = node.result.value
    return {**result, "parts": [_tree(part) for part in node.parts]} if node.parts else result


def _grant(match: GrantMatch) -> dict[str, Any]:
    grant = match.grant
    condition = grant.condition
    return {
        "outcome": match.outcome.value,
        "near": match.near,
        "role": grant.role,
        "resource": grant.target.name,
        "member": grant.member,
        "condition": condition.expression if condition else None,
        "reason": match.reason,
        "hints": [hint.message for hint in match.hints],
        "source": grant.source,
    }


def _account(account: ReachedAccount) -> dict[str, Any]:
    return {
        "email": account.target.email,
        "outcome": account.outcome.value,
        "disabled": account.target.disabled,
        "through": list(account.through),
        "source": account.grant.source,
    }


def _access(access: ReachedAccess) -> dict[str, Any]:
    return {
        "role": access.grant.role,
        "resource": access.grant.target.name,
        "as": access.account or None,
        "outcome": access.outcome.value,
        "source": access.grant.source,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "message": reason.message,
        "change": reason.hint,
        "rule": reason.rule,
        "check": reason.check.name.lower().replace("_", "-") if reason.check else "",
        "source": reason.source,
    }
