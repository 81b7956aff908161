"""IAM policies: etags, versions, conditions, members, limits, deleted accounts."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, Rest

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
PATH = f"{ACCOUNTS}/{EMAIL}"
POOL = f"iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/pool-1"
USER = "roles/iam.workloadIdentityUser"
CONDITION = {"expression": "request.time < timestamp('2030-01-01T00:00:00Z')", "title": "until"}


@pytest.fixture(autouse=True)
def _account(api: Rest) -> None:
    api.post(ACCOUNTS, {"accountId": "deployer"})
    api.post(POOLS, {}, workloadIdentityPoolId="pool-1")


def write(api: Rest, *bindings: dict[str, Any], mask: str | None = None, **policy: Any) -> Any:
    sent: dict[str, Any] = {"policy": {"bindings": list(bindings), **policy}}
    if mask is not None:
        sent["updateMask"] = mask
    return api.post(f"{PATH}:setIamPolicy", sent)


def read(api: Rest, version: int = 3) -> Any:
    query = {"options.requestedPolicyVersion": str(version)}
    return api("POST", f"{PATH}:getIamPolicy", None, **query).body


def binding(*members: str, role: str = USER, **more: Any) -> dict[str, Any]:
    return {"role": role, "members": list(members), **more}


def test_a_policy_nobody_has_set_is_an_etag_alone(api: Rest) -> None:
    assert read(api) == {"etag": "ACAB"}


def test_an_etag_is_the_moment_of_the_last_write(api: Rest) -> None:
    raw = base64.b64decode(write(api, binding("user:a@example.com")).body["etag"])
    assert (len(raw), raw[0]) == (8, 7)
    assert abs(int.from_bytes(raw[1:], "big") / 1e6 - time.time()) < 60


def test_emptying_leaves_version_and_etag(api: Rest) -> None:
    write(api, binding("user:a@example.com"))
    answer = write(api, {"role": USER, "members": []})
    assert answer.body == {"version": 1, "etag": answer.body["etag"]}
    assert read(api) == answer.body


def test_a_policy_without_conditions_has_version_one_whatever_is_asked(api: Rest) -> None:
    assert write(api, binding("user:a@example.com"), version=3).body["version"] == 1
    assert [read(api, v)["version"] for v in (0, 1, 3)] == [1, 1, 1]


def test_a_stale_etag_is_refused_with_both_etags_in_octal(api: Rest) -> None:
    write(api, binding("user:a@example.com"))
    answer = write(api, binding("user:b@example.com"), etag="ACAB")
    assert (answer.status, answer.code) == (409, "ABORTED")
    assert answer.message.startswith(
        "There were concurrent policy changes. Please retry the whole read-modify-write with "
        "exponential backoff. The request's ETag '\\000 \\001' did not match the current policy's"
    )
    assert answer.body["error"]["errors"][0]["reason"] == "aborted"
    assert read(api)["bindings"] == [binding("user:a@example.com")]


def test_without_an_etag_the_last_writer_wins(api: Rest) -> None:
    write(api, binding("user:a@example.com"))
    write(api, binding("user:b@example.com"), etag="")
    assert read(api)["bindings"] == [binding("user:b@example.com")]


def test_each_write_has_a_new_etag(api: Rest) -> None:
    etags = {write(api, binding("user:a@example.com")).body["etag"] for _ in range(50)}
    assert len(etags) == 50


def test_a_condition_needs_version_three_and_is_hidden_below_it(api: Rest) -> None:
    conditional = binding("user:a@example.com", condition=CONDITION)
    assert write(api, conditional).status == 400
    assert write(api, conditional, version=1).status == 400
    answer = write(api, conditional, version=3)
    assert answer.body["version"] == 3
    assert read(api)["bindings"] == [conditional]
    for version in (0, 1):
        lowered = read(api, version)
        assert lowered["version"] == 1
        assert lowered["bindings"][0]["role"].startswith(f"{USER}_withcond_")
        assert "condition" not in lowered["bindings"][0]


def test_a_version_one_round_trip_cannot_lose_a_condition_unnoticed(api: Rest) -> None:
    write(api, binding("user:a@example.com", condition=CONDITION), version=3)
    lowered = read(api, 1)
    answer = write(api, binding("user:b@example.com"), etag=lowered["etag"], version=1)
    assert answer.status == 400
    blind = write(api, binding("user:b@example.com"), version=1)
    assert blind.body["version"] == 1


@pytest.mark.parametrize("version", [2, 4, -1])
def test_other_versions_do_not_exist(api: Rest, version: int) -> None:
    assert write(api, binding("user:a@example.com"), version=version).status == 400
    assert read(api, version)["error"]["status"] == "INVALID_ARGUMENT"


STORED = [
    ("user:A@Example.com", "user:a@example.com"),
    ("group:Devs@Example.com", "group:devs@example.com"),
    ("domain:Example.com", "domain:example.com"),
    (f"serviceAccount:{EMAIL.upper()}", f"serviceAccount:{EMAIL}"),
    ("allUsers", "allUsers"),
    (f"principalSet://{POOL}/*", f"principalSet://{POOL}/*"),
    (f"principal://{POOL}/subject/A:b/C", f"principal://{POOL}/subject/A:b/C"),
    (f"principalSet://{POOL}/group/G", f"principalSet://{POOL}/group/G"),
    (f"principalSet://{POOL}/attribute.repo/Org/Repo", None),
    ("projectOwner:acme-ci", "projectOwner:acme-ci"),
    ("serviceAccount:123-compute@developer.gserviceaccount.com", None),
    ("deleted:serviceAccount:old@acme-ci.iam.gserviceaccount.com?uid=123", None),
    ("deleted:user:gone@example.com?uid=5", None),
]  # fmt: skip


@pytest.mark.parametrize(("member", "stored"), STORED)
def test_members_are_kept_in_their_normal_form(api: Rest, member: str, stored: str | None) -> None:
    answer = write(api, binding(member))
    assert answer.status == 200, answer.body
    assert answer.body["bindings"][0]["members"] == [stored or member]


UNKNOWN = "is of an unknown type. Please set a valid type prefix for the member."
REFUSED = [
    ("a@example.com", UNKNOWN),
    ("User:a@example.com", UNKNOWN),
    ("principalSet://nonsense", UNKNOWN),
    (f"principalSet://{POOL}/subject/x", UNKNOWN),
    (f"principal://{POOL}/*", UNKNOWN),
    (f"principal://{POOL}", UNKNOWN),
    ("user:", "empty"),
    ("user:nobody", "not a valid identifier"),
    ("domain:a@example.com", "not a valid identifier"),
    (f"user:{EMAIL}", f'The principal should appear as "serviceAccount:{EMAIL}"'),
    ("serviceAccount:a@example.com", 'The principal should appear as "user:a@example.com"'),
    ("serviceAccount:nobody@acme-ci.iam.gserviceaccount.com", "does not exist."),
    (f"principalSet://{POOL}-two/*", "Identity Pool does not exist (pool-1-two)."),
    (f"principalSet://{POOL}/*".replace(NUMBER, "acme-ci"), "Identity Pool does not exist"),
    ("principal://" + POOL.replace("pool-1", "other.svc.id.goog") + "/subject/x",
     "Identity Pool does not exist (other.svc.id.goog)"),
]  # fmt: skip


@pytest.mark.parametrize(("member", "text"), REFUSED)
def test_a_member_nobody_knows_is_refused_in_googles_words(
    api: Rest, member: str, text: str
) -> None:
    answer = write(api, binding(member))
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert text in answer.message
    assert read(api) == {"etag": "ACAB"}


def test_kubernetes_pools_of_a_known_project_exist(api: Rest) -> None:
    pool = POOL.replace("pool-1", "acme-ci.svc.id.goog")
    assert write(api, binding(f"principal://{pool}/subject/ns/a/sa/b")).status == 200


BAD_BINDINGS = [
    {"members": ["allUsers"]},
    {"role": "nonsense", "members": ["allUsers"]},
    {"role": "roles/", "members": ["allUsers"]},
    binding("allUsers", role=f"{USER}_withcond_0123456789abcdef0123"),
    binding("allUsers", condition={"expression": "true"}),
    binding("allUsers", condition={"title": "t"}),
    binding("allUsers", condition={"expression": "request.time <", "title": "t"}),
    binding("allUsers", condition={"expression": "(true", "title": "t"}),
    binding("allUsers", condition={"expression": " && ".join(["true"] * 14), "title": "t"}),
]


@pytest.mark.parametrize("bad", BAD_BINDINGS, ids=lambda b: str(b)[:50])
def test_a_bad_role_or_condition_is_refused(api: Rest, bad: dict[str, Any]) -> None:
    assert write(api, bad, version=3).code == "INVALID_ARGUMENT"


def test_twelve_logical_operators_are_allowed(api: Rest) -> None:
    condition = {"expression": " && ".join(["'&& ||' == 'x'"] * 13), "title": "t"}
    assert write(api, binding("allUsers", condition=condition), version=3).status == 200


def users(count: int, kind: str = "user") -> list[str]:
    return [f"{kind}:u{i}@example.com" for i in range(count)]


@pytest.mark.parametrize(("members", "status"), [
    (users(1500), 200), (users(1501), 400), (users(250, "group"), 200), (users(251, "group"), 400),
])  # fmt: skip
def test_principals_of_a_policy_are_limited(api: Rest, members: list[str], status: int) -> None:
    assert write(api, binding(*members)).status == status


@pytest.mark.parametrize(("count", "status"), [(20, 200), (21, 400)])
def test_conditions_of_one_member_and_role_are_limited(api: Rest, count: int, status: int) -> None:
    many = [binding("allUsers", condition={**CONDITION, "title": f"t{i}"}) for i in range(count)]
    assert write(api, *many, version=3).status == status


def test_audit_configs_change_only_when_the_mask_names_them(api: Rest) -> None:
    audit = [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]}]
    assert "auditConfigs" not in write(api, binding("allUsers"), auditConfigs=audit).body
    kept = write(api, binding("allUsers"), mask="bindings,etag,auditConfigs", auditConfigs=audit)
    assert kept.body["auditConfigs"] == audit
    assert write(api).body["auditConfigs"] == audit
    only = write(api, mask="auditConfigs", auditConfigs=[])
    assert "auditConfigs" not in only.body


def test_a_mask_without_bindings_leaves_them(api: Rest) -> None:
    write(api, binding("allUsers"))
    assert write(api, mask="etag").body["bindings"] == [binding("allUsers")]


def test_a_deleted_account_is_relabelled_everywhere_and_back(api: Rest) -> None:
    other = api.post(ACCOUNTS, {"accountId": "helper"}).body
    plain = f"serviceAccount:{other['email']}"
    deleted = f"deleted:{plain}?uid={other['uniqueId']}"
    write(api, binding("allUsers", plain))
    api.delete(f"{ACCOUNTS}/{other['email']}")
    assert read(api)["bindings"] == [binding("allUsers", deleted)]
    assert write(api, binding(plain)).status == 400
    assert write(api, binding(deleted)).status == 200
    api.post(ACCOUNTS, {"accountId": "helper"})
    assert read(api)["bindings"] == [binding(deleted)]
    assert write(api, binding(deleted, plain)).status == 200
    api.delete(f"{ACCOUNTS}/{other['email']}")
    write(api, binding(deleted))
    api.post(f"{ACCOUNTS}/{other['uniqueId']}:undelete")
    assert read(api)["bindings"] == [binding(plain)]
    assert write(api, binding(deleted)).body["bindings"] == [binding(plain)]


def test_a_created_anew_account_has_a_policy_of_its_own(api: Rest) -> None:
    write(api, binding("allUsers"))
    api.delete(PATH)
    api.post(ACCOUNTS, {"accountId": "deployer"})
    assert read(api) == {"etag": "ACAB"}


def test_permissions_can_be_tested(api: Rest) -> None:
    asked = ["iam.serviceAccounts.get", "iam.serviceAccounts.getAccessToken"]
    path = f"{PATH}:testIamPermissions"
    assert api.post(path, {"permissions": asked}).body == {"permissions": asked}
    assert api.post(path, {"permissions": ["iam.*"]}).status == 400
    assert api.post(path, {}).body == {}


def test_the_policy_of_a_pool_is_read_with_options_in_the_body(api: Rest) -> None:
    path = f"{POOLS}/pool-1:getIamPolicy"
    sent = {"options": {"requestedPolicyVersion": 3}}
    assert api.post(path, sent).body == {"etag": "ACAB"}
    assert api.post(path, {"options": {"requestedPolicyVersion": 2}}).status == 400
    assert api.post(path.replace("pool-1", "pool-2"), sent).status == 404
