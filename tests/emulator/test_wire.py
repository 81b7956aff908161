"""JSON in and out: the same canonical form as a protobuf message has, and Google's words."""

from __future__ import annotations

from typing import Any

import pytest
from google.cloud.secretmanager_v1.types import Secret, UpdateSecretRequest
from google.iam.v1 import policy_pb2
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from wifctl.emulator.errors import ApiError
from wifctl.emulator.rpc.convert import to_message, to_request
from wifctl.emulator.wire.decode import add_query, decode_body, finish
from wifctl.emulator.wire.encode import encode
from wifctl.emulator.wire.shape import shape_of

SECRET = Secret.pb()
SHAPE = shape_of(SECRET.DESCRIPTOR)
UPDATE = shape_of(UpdateSecretRequest.pb().DESCRIPTOR)
POLICY = shape_of(policy_pb2.Policy.DESCRIPTOR)


def canonical(body: dict[str, Any]) -> dict[str, Any]:
    return decode_body(SHAPE, body, "*")


ACCEPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"name": "", "labels": {}, "topics": []}, {}),
    ({"replication": {"automatic": {}}}, {"replication": {"automatic": {}}}),
    ({"expire_time": "2030-01-01T01:00:00+01:00"}, {"expireTime": "2030-01-01T00:00:00Z"}),
    ({"ttl": "3600.5s"}, {"ttl": "3600.500s"}),
    ({"versionAliases": {"a": 1, "b": "2"}}, {"versionAliases": {"a": "1", "b": "2"}}),
    ({"labels": None, "etag": "x"}, {"etag": "x"}),
    ({"topics": [{"name": "t"}]}, {"topics": [{"name": "t"}]}),
]


@pytest.mark.parametrize(("body", "wanted"), ACCEPTED)
def test_a_body_becomes_what_the_protobuf_message_says(
    body: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert canonical(body) == wanted
    message = json_format.ParseDict({k: v for k, v in body.items() if v is not None}, SECRET())
    assert json_format.MessageToDict(message) == wanted


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"nope": 1}, 'Unknown name "nope": Cannot find field.'),
    ({"replication": {"x": 1}}, "Unknown name \"x\" at 'replication': Cannot find field."),
    ({"name": 5}, "Invalid value at 'name' (TYPE_STRING), 5"),
    ({"name": ["a"]}, "Proto field is not repeating, cannot start list."),
    ({"name": "\ud800"}, "not valid UTF-8"),
    ({"expireTime": "soon"}, "(type.googleapis.com/google.protobuf.Timestamp), \"soon\""),
    ({"ttl": "1h"}, "Invalid value at 'ttl'"),
    ({"ttl": 5}, "Invalid value at 'ttl'"),
    ({"labels": {"a": 1}}, "Invalid value at 'labels[0].value' (TYPE_STRING)"),
    ({"labels": []}, "Invalid value at 'labels'"),
    ({"versionAliases": {"a": 2**70}}, "(TYPE_INT64)"),
    ({"versionAliases": {"a": 1.5}}, "(TYPE_INT64)"),
    ({"versionAliases": {"a": True}}, "(TYPE_INT64)"),
    ({"replication": []}, "Root element must be a message"),
    ({"replication": {"automatic": {}, "userManaged": {}}}, "is already set"),
    ({"topics": [5]}, "Root element must be a message at 'topics[0]'"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), REFUSED)
def test_a_bad_body_is_refused_in_googles_words(body: dict[str, Any], text: str) -> None:
    with pytest.raises(ApiError) as caught:
        canonical(body)
    assert text in caught.value.message
    assert caught.value.details[0]["fieldViolations"]


def test_all_faults_of_a_body_are_named_at_once() -> None:
    with pytest.raises(ApiError) as caught:
        canonical({"nope": 1, "name": 5})
    assert len(caught.value.message.splitlines()) == 2


@pytest.mark.parametrize("etag", ["!!!", "a", "====", "ü"])
def test_bad_base64_is_refused_not_read_as_no_etag(etag: str) -> None:
    with pytest.raises(ApiError, match="Base64 decoding failed"):
        decode_body(POLICY, {"etag": etag}, "*")


@pytest.mark.parametrize("etag", ["BwYW4c5j91M=", "BwYW4c5j91M", "-_-_"])
def test_both_alphabets_of_base64_are_taken(etag: str) -> None:
    assert len(decode_body(POLICY, {"etag": etag}, "*")["etag"]) % 4 == 0


@pytest.mark.parametrize("text", ["True", "true", "FALSE"])
def test_query_booleans_are_taken_in_any_case(text: str) -> None:
    from wifctl.emulator.iam.messages import MESSAGES

    shape = shape_of(MESSAGES["ListRequest"].DESCRIPTOR)
    request: dict[str, Any] = {}
    add_query(shape, request, [("showDeleted", text)], frozenset())
    assert request == ({"showDeleted": True} if text.lower() == "true" else {})


QUERIES: list[tuple[str, str, str]] = [
    ("nope", "1", "Cannot bind query parameter. Field 'nope' could not be found"),
    ("secret", "1", "Cannot bind query parameter"),
    ("secret.labels", "1", "Cannot bind query parameter"),
    ("updateMask.paths", "1", "Cannot bind query parameter"),
]


@pytest.mark.parametrize(("key", "value", "text"), QUERIES)
def test_a_query_parameter_must_be_a_field(key: str, value: str, text: str) -> None:
    with pytest.raises(ApiError, match="Invalid JSON payload") as caught:
        add_query(UPDATE, {}, [(key, value)], frozenset())
    assert text in caught.value.message


def test_system_parameters_are_passed_over() -> None:
    request: dict[str, Any] = {}
    add_query(UPDATE, request, [("alt", "json"), ("$alt", "x"), ("prettyPrint", "y")], frozenset())
    assert request == {}


MASKS = [
    ("ttl,version_aliases", ["ttl", "versionAliases"]),
    ("labels.my_key,customer_managed_encryption.kms_key_name",
     ["labels.my_key", "customerManagedEncryption.kmsKeyName"]),
    ("annotations.`a.b`", ["annotations.a.b"]),
    ("no_such_field", ["no_such_field"]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "paths"), MASKS)
def test_both_doors_read_a_mask_alike(text: str, paths: list[str]) -> None:
    request: dict[str, Any] = {}
    add_query(UPDATE, request, [("updateMask", text)], frozenset())
    assert finish(UPDATE, request)["updateMask"] == paths
    message = UpdateSecretRequest.pb()(update_mask={"paths": text.split(",") if text else []})
    assert to_request(UPDATE, message)["updateMask"] == paths


def test_no_mask_is_not_an_empty_mask() -> None:
    assert "updateMask" not in to_request(UPDATE, UpdateSecretRequest.pb()())
    assert "updateMask" not in finish(UPDATE, {})


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=6)
STAMPS = st.datetimes().map(lambda t: t.replace(year=t.year % 8000 + 1).isoformat() + "Z")
SECRETS = st.fixed_dictionaries(
    {},
    optional={
        "labels": st.dictionaries(TEXT, TEXT, max_size=3),
        "etag": TEXT,
        "createTime": STAMPS,
        "ttl": st.integers(-9999, 9999).map(lambda n: f"{n}s"),
        "versionAliases": st.dictionaries(TEXT, st.integers(-(2**63), 2**63 - 1), max_size=3),
        "topics": st.lists(st.fixed_dictionaries({}, optional={"name": TEXT}), max_size=3),
        "replication": st.sampled_from([{}, {"automatic": {}}, {"userManaged": {"replicas": []}}]),
    },
)


@given(SECRETS)
def test_canonical_form_survives_both_doors(body: dict[str, Any]) -> None:
    wanted = json_format.MessageToDict(json_format.ParseDict(body, SECRET()))
    assert canonical(body) == wanted
    assert encode(SHAPE, wanted, numbers=False) == wanted
    message = to_message(SHAPE, SECRET, wanted)
    assert message == json_format.ParseDict(wanted, SECRET())
    assert to_request(SHAPE, message) == wanted


def test_answers_leave_out_defaults_and_strangers() -> None:
    answer = {"name": "x", "etag": "", "labels": {}, "@wire": "secret", "replication": {}}
    assert encode(SHAPE, answer, numbers=False) == {"name": "x", "replication": {}}


def test_enums_are_numbers_on_request() -> None:
    from google.cloud.secretmanager_v1.types import SecretVersion

    shape = shape_of(SecretVersion.pb().DESCRIPTOR)
    assert encode(shape, {"state": "ENABLED"}, numbers=True) == {"state": 1}
    assert encode(shape, {"state": "ENABLED"}, numbers=False) == {"state": "ENABLED"}
    assert encode(shape, {"state": "STATE_UNSPECIFIED"}, numbers=True) == {}
