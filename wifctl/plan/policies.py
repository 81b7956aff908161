"""One target's grants against its live policy: what to add, what to take, what stands out.

A binding's key is (role, condition). Members no manifest names are carried over: they are listed as
unclaimed and never part of an edit, unless their role is authoritative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.api import LivePolicy
from wifctl.plan.desire import Grant, TargetGrants
from wifctl.plan.model import Action, MemberChange, Reason, Unclaimed
from wifctl.principals import Member, normal_member, parse_member
from wifctl.resource import Address, Condition, Later

Key = tuple[str, Condition | None]
Live = Mapping[Key, frozenset[str]]


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What one target's policy needs."""

    members: tuple[MemberChange, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    kept: tuple[Unclaimed, ...] = ()
    """Members authority would remove, kept because that could lock somebody out."""


@dataclass(frozen=True, slots=True)
class Authority:
    """How far `authoritative` may go in this run."""

    caller: str = ""
    allow_lockout: bool = False
    absence: Reason = Reason.ABSENT
    """Why members of absent documents go."""
    revived: frozenset[str] = frozenset()
    """E-mails of accounts this plan undeletes: their `deleted:` members come back by themselves."""


def regrouped(policy: LivePolicy | None) -> Live:
    """A policy as key → members; duplicate bindings of one key count as one."""
    found: dict[Key, set[str]] = {}
    for binding in policy.bindings if policy else ():
        key = (binding.role, binding.condition)
        found.setdefault(key, set()).update(map(normal_member, binding.members))
    return {key: frozenset(members) for key, members in found.items()}


def plan_policy(
    wanted: TargetGrants, policy: LivePolicy | None, authority: Authority
) -> PolicyChange:
    """The edits of one policy; empty where live already is as desired."""
    live = _revived(regrouped(policy), authority.revived)
    claims = _claims(wanted)
    changes = [
        *_granted(wanted.grants, live),
        *_replaced(claims, live),
        *_absent(wanted.grants, live, authority.absence),
    ]
    named = {(c.role, c.condition, c.member) for c in changes} | claims
    extra = tuple(_unnamed(wanted.target, live, named))
    removed, kept = _authoritative(extra, wanted.authoritative, live, authority)
    gone = {(change.role, change.member) for change in removed}
    rest = (u for u in extra if (u.role, u.member) not in gone)
    return PolicyChange((*changes, *removed), tuple(sorted(rest, key=_order)), kept)


Claim = tuple[str, Condition | None, str | Later]


def _claims(wanted: TargetGrants) -> set[Claim]:
    return {(g.role, g.condition, g.member) for g in wanted.grants if g.wanted}


def _revived(live: Live, emails: frozenset[str]) -> Live:
    """The policy as it will read once the accounts this plan undeletes are back."""
    if not emails:
        return live
    return {key: frozenset(_plain(m, emails) for m in members) for key, members in live.items()}


def _plain(text: str, emails: frozenset[str]) -> str:
    member = parse_member(text)
    if member and member.deleted and member.value in emails:
        return str(Member(member.type, member.value))
    return text


def _granted(grants: Iterable[Grant], live: Live) -> Iterable[MemberChange]:
    for grant in grants:
        members = live.get((grant.role, grant.condition), frozenset())
        if grant.wanted and (isinstance(grant.member, Later) or grant.member not in members):
            yield MemberChange(
                Action.GRANT,
                grant.role,
                grant.member,
                Reason.NOT_GRANTED,
                grant.condition,
                grant.origin,
            )


def _replaced(claims: set[Claim], live: Live) -> Iterable[MemberChange]:
    """`deleted:` forms of accounts that this very policy grants anew."""
    for (role, condition), members in live.items():
        for text in sorted(members):
            member = parse_member(text)
            if member is None or not member.deleted:
                continue
            plain = f"{member.type}:{member.value}"
            if (role, condition, plain) in claims and plain not in members:
                yield MemberChange(Action.REVOKE, role, text, Reason.ACCOUNT_GONE, condition)


def _absent(grants: Iterable[Grant], live: Live, reason: Reason) -> Iterable[MemberChange]:
    for grant in grants:
        members = live.get((grant.role, grant.condition), frozenset())
        if not grant.wanted and grant.member in members and isinstance(grant.member, str):
            yield MemberChange(
                Action.REVOKE,
                grant.role,
                grant.member,
                reason,
                grant.condition,
                grant.origin,
            )


def _unnamed(target: Address, live: Live, named: set[Claim]) -> Iterable[Unclaimed]:
    for (role, condition), members in live.items():
        for member in sorted(members):
            if (role, condition, member) not in named:
                title = condition.title if condition else ""
                expression = condition.expression if condition else ""
                yield Unclaimed(target, role, member, title, expression)


def _authoritative(
    extra: Iterable[Unclaimed], roles: frozenset[str], live: Live, authority: Authority
) -> tuple[tuple[MemberChange, ...], tuple[Unclaimed, ...]]:
    removed: list[MemberChange] = []
    kept: list[Unclaimed] = []
    for found in extra:
        if found.role not in roles:
            continue
        member = parse_member(found.member)
        if member is not None and member.is_service_agent:
            continue
        if _locks_out(found, authority):
            kept.append(found)
            continue
        condition = _condition(found, live)
        removed.append(
            MemberChange(
                Action.REVOKE, found.role, found.member, Reason.ROLE_AUTHORITATIVE, condition
            )
        )
    return tuple(removed), tuple(kept)


def _condition(found: Unclaimed, live: Live) -> Condition | None:
    return next(
        condition
        for (role, condition), members in live.items()
        if role == found.role
        and found.member in members
        and (condition.title if condition else "") == found.condition_title
        and (condition.expression if condition else "") == found.condition_expression
    )


_SETS_POLICIES = frozenset(
    {
        "roles/owner",
        "roles/iam.securityAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.workloadIdentityPoolAdmin",
        "roles/resourcemanager.projectIamAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.folderAdmin",
        "roles/resourcemanager.folderIamAdmin",
        "roles/secretmanager.admin",
        "roles/artifactregistry.admin",
        "roles/artifactregistry.repoAdmin",
    }
)


def _locks_out(found: Unclaimed, authority: Authority) -> bool:
    """Whether removing the member could take the caller's own access away."""
    if authority.allow_lockout:
        return False
    if authority.caller:
        return found.member == normal_member(authority.caller)
    return found.role in _SETS_POLICIES or not found.role.startswith("roles/")


def _order(found: Unclaimed) -> tuple[bool, str, str, str]:
    return (not found.is_federated, str(found.target), found.role, found.member)
