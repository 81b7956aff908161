"""Fake IAM policies: JSON messages edited in place, guarded by etags."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.fake_world import Body, World, problem
from wifctl.api import Binding, LivePolicy, MemberEdit, PolicyTarget, Status
from wifctl.names import PoolName, ProjectName, RepositoryName, SecretName, ServiceAccountName
from wifctl.resource import Condition

NEVER_SET = "ACAB"

COLLECTIONS: dict[type, str] = {
    ProjectName: "projects",
    PoolName: "workloadIdentityPools",
    ServiceAccountName: "serviceAccounts",
    SecretName: "secrets",
    RepositoryName: "repositories",
}


@dataclass(frozen=True, slots=True)
class FakePolicies:
    """`wifctl.api.Policies`; a missing target is NOT_FOUND, projects always exist."""

    world: World

    async def read(self, target: PolicyTarget) -> LivePolicy:
        call = f"{COLLECTIONS[type(target)]}.getIamPolicy"
        async with self.world.call(call, target):
            return live(self._stored(target, call))

    async def edit(
        self, target: PolicyTarget, policy: LivePolicy, edits: Sequence[MemberEdit]
    ) -> LivePolicy:
        call = f"{COLLECTIONS[type(target)]}.setIamPolicy"
        async with self.world.call(call, target, list(edits)):
            if policy.etag != self._stored(target, call)["etag"]:
                text = "There were concurrent policy changes."
                raise problem(Status.ABORTED, text, call, target)
            message = copy.deepcopy(policy.message)
            assert isinstance(message, dict)
            for edit in edits:
                apply_edit(message.setdefault("bindings", []), edit)
            return live(store(self.world, target, message))

    def _stored(self, target: PolicyTarget, call: str) -> Body:
        if not isinstance(target, ProjectName):
            self.world.find(target, call)
        return self.world.policies.get(self.world.key(target), {"etag": NEVER_SET})


def store(world: World, target: object, message: Body) -> Body:
    """Keep a policy as the server does: bindings without members dropped, a fresh etag."""
    bindings = [b for b in message.get("bindings", []) if b.get("members")]
    kept = {k: v for k, v in message.items() if k != "bindings"}
    kept |= {"etag": f"etag-{world.next_id()}", "version": _version(bindings)}
    if bindings:
        kept["bindings"] = bindings
    world.policies[world.key(target)] = kept
    return kept


def live(message: Body) -> LivePolicy:
    """The policy a read gives."""
    message = copy.deepcopy(message)
    bindings = tuple(_binding(b) for b in message.get("bindings", []))
    return LivePolicy(bindings, message.get("etag", ""), message)


def binding_json(binding: Binding) -> Body:
    """A binding as REST JSON."""
    body: Body = {"role": binding.role, "members": list(binding.members)}
    if binding.condition:
        texts = ("expression", "title", "description")
        body["condition"] = {
            t: getattr(binding.condition, t) for t in texts if getattr(binding.condition, t)
        }
    return body


def apply_edit(bindings: list[Body], edit: MemberEdit) -> None:
    """Add to the first binding of the key, or remove from all of them."""
    same = [b for b in bindings if (b["role"], _condition(b)) == (edit.role, edit.condition)]
    if not edit.add:
        for body in same:
            body["members"] = [m for m in body["members"] if m != edit.member]
    elif not same:
        bindings.append(binding_json(Binding(edit.role, (edit.member,), edit.condition)))
    elif all(edit.member not in b["members"] for b in same):
        same[0]["members"].append(edit.member)


def relabel(world: World, email: str, unique_id: str, *, deleted: bool) -> None:
    """What deleting or undeleting an account does to every policy that names it."""
    plain = f"serviceAccount:{email}"
    gone = f"deleted:{plain}?uid={unique_id}"
    before, after = (plain, gone) if deleted else (gone, plain)
    for policy in world.policies.values():
        for body in policy.get("bindings", []):
            body["members"] = [after if m == before else m for m in body["members"]]


def _binding(body: Body) -> Binding:
    return Binding(body["role"], tuple(body["members"]), _condition(body))


def _condition(body: Body) -> Condition | None:
    found: Any = body.get("condition")
    if not found:
        return None
    return Condition(found["expression"], found.get("title", ""), found.get("description", ""))


def _version(bindings: Sequence[Body]) -> int:
    return 3 if any(b.get("condition") for b in bindings) else 1
