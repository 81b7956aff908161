"""Edits of IAM policies in both of their forms."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from google.iam.v1 import policy_pb2
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from wifctl.api import Binding, LivePolicy, MemberEdit
from wifctl.gcp.policy_edits import apply_edits, live_policy
from wifctl.gcp.policy_forms import JsonPolicy, ProtoPolicy
from wifctl.principals import normal_member
from wifctl.resource import Condition

VIEWER, OWNER = "roles/viewer", "roles/owner"
ANN, BOB = "user:ann@example.com", "user:bob@example.com"
UNTIL = Condition("request.time < timestamp('2027-01-01T00:00:00Z')", "until")


def add(role: str, member: str, condition: Condition | None = None) -> MemberEdit:
    return MemberEdit(role, member, add=True, condition=condition)


def remove(role: str, member: str, condition: Condition | None = None) -> MemberEdit:
    return MemberEdit(role, member, add=False, condition=condition)


def edited(message: dict[str, Any], *edits: MemberEdit) -> LivePolicy:
    """The edit in both forms, which must agree."""
    as_json = JsonPolicy(copy.deepcopy(message))
    as_proto = ProtoPolicy(json_format.ParseDict(message, policy_pb2.Policy()))
    apply_edits(as_json, edits)
    apply_edits(as_proto, edits)
    found = live_policy(as_json)
    assert live_policy(as_proto) == found
    assert as_proto.message.version == as_json.message.get("version", 0)
    return found


def binding(role: str, *members: str, condition: dict[str, str] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"role": role, "members": list(members)}
    return body | ({"condition": condition} if condition else {})


def test_a_member_joins_the_first_binding_of_its_key() -> None:
    message = {"bindings": [binding(VIEWER, ANN), binding(OWNER, ANN), binding(VIEWER, ANN)]}
    found = edited(message, add(VIEWER, BOB))
    assert [b.members for b in found.bindings] == [(ANN, BOB), (ANN,), (ANN,)]


def test_a_member_that_is_there_already_is_not_added_again() -> None:
    message = {"bindings": [binding(VIEWER, ANN), binding(VIEWER, "user:Bob@Example.com")]}
    found = edited(message, add(VIEWER, BOB))
    assert [b.members for b in found.bindings] == [(ANN,), ("user:Bob@Example.com",)]


def test_a_member_leaves_every_binding_of_its_key_however_it_is_spelled() -> None:
    message = {
        "bindings": [
            binding(VIEWER, ANN, BOB),
            binding(VIEWER, "user:BOB@example.com"),
            binding(OWNER, BOB),
        ]
    }
    found = edited(message, remove(VIEWER, BOB))
    assert found.bindings == (Binding(VIEWER, (ANN,)), Binding(OWNER, (BOB,)))


def test_expression_title_and_description_make_a_key() -> None:
    same = {"expression": UNTIL.expression, "title": "until"}
    message = {
        "version": 3,
        "bindings": [
            binding(VIEWER, ANN),
            binding(VIEWER, ANN, condition=same | {"description": "x"}),
            binding(VIEWER, ANN, condition=same),
        ],
    }
    found = edited(message, add(VIEWER, BOB, UNTIL), remove(VIEWER, ANN))
    assert [(b.members, b.condition) for b in found.bindings] == [
        ((ANN,), Condition(UNTIL.expression, "until", "x")),
        ((ANN, BOB), UNTIL),
    ]


def test_a_condition_in_the_policy_makes_it_version_3_even_when_the_last_one_leaves() -> None:
    policy = JsonPolicy({"version": 1, "bindings": [binding(VIEWER, ANN)]})
    apply_edits(policy, [add(VIEWER, BOB, UNTIL)])
    assert policy.message["version"] == 3
    apply_edits(policy, [remove(VIEWER, BOB, UNTIL)])
    assert policy.message["version"] == 3
    plain = JsonPolicy({"version": 1, "bindings": [binding(VIEWER, ANN)]})
    apply_edits(plain, [add(OWNER, ANN)])
    assert plain.message["version"] == 1


def test_what_the_edits_do_not_name_survives_in_json() -> None:
    message = {
        "etag": "BwYW4c5j91M=",
        "auditConfigs": [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]}],
        "someNewField": {"a": [1, 2]},
        "bindings": [binding(VIEWER, ANN) | {"bindingId": "b-1"}],
    }
    policy = JsonPolicy(copy.deepcopy(message))
    apply_edits(policy, [add(VIEWER, BOB)])
    message["bindings"] = [binding(VIEWER, ANN, BOB) | {"bindingId": "b-1"}]
    assert policy.message == message


def test_unknown_protobuf_fields_survive_a_copy_an_edit_and_a_send() -> None:
    unknown = bytes([0xFA, 0x3E, 3]) + b"new"  # field 1007, a string
    wire = policy_pb2.Policy(etag=b"abc").SerializeToString()
    with_unknown = policy_pb2.Binding(role=VIEWER, members=[ANN]).SerializeToString() + unknown
    wire += bytes([0x22, len(with_unknown)]) + with_unknown + unknown
    message = copy.deepcopy(policy_pb2.Policy.FromString(wire))
    apply_edits(ProtoPolicy(message), [add(VIEWER, BOB)])
    assert message.SerializeToString().count(unknown) == 2
    assert live_policy(ProtoPolicy(message)).etag == "YWJj"


def test_an_empty_policy_takes_its_first_binding() -> None:
    assert edited({"etag": "ACAB"}, add(VIEWER, ANN)).bindings == (Binding(VIEWER, (ANN,)),)
    assert edited({"etag": "ACAB"}, remove(VIEWER, ANN)).bindings == ()


members = st.sampled_from([ANN, BOB, "user:ANN@example.com", "allUsers", "domain:example.com"])
roles = st.sampled_from([VIEWER, OWNER])
conditions = st.sampled_from([None, UNTIL, Condition("true", "until")])
edits_lists = st.lists(st.builds(MemberEdit, roles, members, st.booleans(), conditions))


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    bindings = []
    for _ in range(draw(st.integers(0, 5))):
        condition = draw(conditions)
        texts = {"expression": condition.expression, "title": condition.title} if condition else {}
        some = draw(st.lists(members, min_size=1, max_size=3))
        bindings.append(binding(draw(roles), *some, condition=texts))
    return {"bindings": bindings} if bindings else {}


Access = set[tuple[str, Condition | None, str]]


def access(bindings: Sequence[Binding]) -> Access:
    return {(b.role, b.condition, normal_member(m)) for b in bindings for m in b.members}


@given(policies(), edits_lists)
def test_edits_do_to_the_access_what_they_say_and_nothing_else(
    message: dict[str, Any], edits: list[MemberEdit]
) -> None:
    wanted = access(live_policy(JsonPolicy(copy.deepcopy(message))).bindings)
    for edit in edits:
        one = {(edit.role, edit.condition, normal_member(edit.member))}
        wanted = wanted | one if edit.add else wanted - one
    found = edited(message, *edits)
    assert access(found.bindings) == wanted
    assert all(b.members for b in found.bindings)
