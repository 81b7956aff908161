"""Switches: latency, faults before and after the write, quotas, closed APIs, clock, state."""

from __future__ import annotations

import http.client
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, Rest, rest
from wifctl.emulator.errors import ApiError
from wifctl.emulator.service import Method
from wifctl.emulator.switches.faults import Faults
from wifctl.emulator.switches.quotas import DOCUMENTED, Quotas, group_of

CREATE = "iam.projects.locations.workloadIdentityPools.create"
LIST = "iam.projects.locations.workloadIdentityPools.list"


def create(api: Rest, pool_id: str = "pool-1") -> Any:
    return api.post(POOLS, {}, workloadIdentityPoolId=pool_id)


def count(api: Rest) -> int:
    return len(api.get(POOLS).body.get("workloadIdentityPools", []))


FAULTS = [
    ("409", 409, "ABORTED"), ("412", 412, "FAILED_PRECONDITION"),
    ("429", 429, "RESOURCE_EXHAUSTED"), ("500", 500, "INTERNAL"), ("503", 503, "UNAVAILABLE"),
    ("504", 504, "DEADLINE_EXCEEDED"), ("UNAVAILABLE", 503, "UNAVAILABLE"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("fault", "status", "code"), FAULTS)
def test_a_fault_strikes_once_before_or_after_the_write(
    api: Rest, fault: str, status: int, code: str, after: bool
) -> None:
    api.switch(faults=[{"fault": fault, "method": CREATE, "after": after}])
    answer = create(api)
    assert (answer.status, answer.code) == (status, code)
    assert count(api) == int(after)
    assert create(api).status == (409 if after else 200)


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_is_cut_before_or_after_the_write(api: Rest, after: bool) -> None:
    api.switch(faults=[{"fault": "reset", "method": CREATE, "after": after}])
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        create(api)
    api.close()
    assert count(api) == int(after)


def test_an_operation_can_fail(api: Rest) -> None:
    api.switch(faults=[{"fault": "operation", "method": CREATE, "message": "no luck"}])
    operation = create(api).body["name"]
    done = api.get(f"/v1/{operation}").body
    assert done["error"] == {"code": 13, "message": "no luck"}
    assert "error" not in api.get(f"/v1/{create(api, 'pool-2').body['name']}").body


def struck(faults: Faults, method: str, calls: int) -> list[bool]:
    return [faults.due(method) is not None for _ in range(calls)]


def test_the_nth_calls_are_struck_and_no_others() -> None:
    faults = Faults()
    faults.set([{"fault": "500", "method": "a.*", "call": 3, "times": 2}])
    assert struck(faults, "b.get", 2) == [False, False]
    assert struck(faults, "a.get", 6) == [False, False, True, True, False, False]


def test_zero_times_means_always() -> None:
    faults = Faults()
    faults.set([{"fault": "500", "times": 0, "call": 2}])
    assert struck(faults, "a.get", 4) == [False, True, True, True]


BAD = [
    {"nonsense": 1}, {"faults": 5}, {"faults": [5]}, {"faults": [{"fault": "418"}]},
    {"faults": [{"fault": "500", "call": "x"}]}, {"faults": [{"fault": "500", "typo": 1}]},
    {"latency": {"*": "x"}}, {"latency": {"*": -1}}, {"latency": []}, {"quotas": "all"},
    {"quotas": {"nonsense": 1}}, {"quotas": {"iam.read": "x"}}, {"consistency": {"reads": "xyz"}},
    {"apis": {"disabled": []}}, {"apis": {"disabled": {"acme-ci": "x"}}}, {"pendingPolls": "x"},
]  # fmt: skip


@pytest.mark.parametrize("settings", BAD, ids=str)
def test_a_switch_nobody_understands_is_refused(api: Rest, settings: Any) -> None:
    answer = api.patch("/_wifctl/switches", settings)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")


def test_switches_are_shown_merged_and_replaced(api: Rest) -> None:
    api.switch(latency={"*": 1})
    api.switch(quotas={"iam.read": 5})
    shown = api.get("/_wifctl/switches").body
    assert (shown["latency"], shown["quotas"]) == ({"*": 1}, {"iam.read": 5})
    replaced = api("PUT", "/_wifctl/switches", {"pendingPolls": 1}).body
    assert (replaced["latency"], replaced["quotas"], replaced["pendingPolls"]) == ({}, {}, 1)


def test_latency_is_added_to_the_methods_named(api: Rest) -> None:
    api.switch(latency={LIST: 60})
    start = time.monotonic()
    api.get(POOLS)
    slow = time.monotonic() - start
    create(api)
    assert slow >= 0.06
    assert time.monotonic() - start - slow < 0.06


def test_documented_quotas_stop_the_sixty_first_write_of_a_minute(api: Rest) -> None:
    api.switch(quotas="documented")
    for i in range(DOCUMENTED["workloadIdentity.write"]):
        create(api, f"pool-{i:02}")
    answer = create(api, "one-more")
    if answer.status == 200:  # the minute turned meanwhile
        return
    assert answer.code == "RESOURCE_EXHAUSTED"
    details = answer.body["error"]["details"]
    assert details[0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert details[0]["metadata"]["consumer"] == f"projects/{NUMBER}"
    assert float(details[1]["retryDelay"].removesuffix("s")) <= 60
    assert count(api) <= 50


def test_quotas_are_per_project_and_minute() -> None:
    now = 0.0
    quotas = Quotas(lambda: now)
    quotas.set({"secretmanager.read": 1})
    method = Method("secretmanager.projects.secrets.get", (), lambda _c, _r: {})
    quotas.count(method, "secretmanager.googleapis.com", "1")
    quotas.count(method, "secretmanager.googleapis.com", "2")
    with pytest.raises(ApiError, match="Quota exceeded"):
        quotas.count(method, "secretmanager.googleapis.com", "1")
    now = 60.0
    quotas.count(method, "secretmanager.googleapis.com", "1")


GROUPS = [
    ("iam.projects.locations.workloadIdentityPools.create", True, "workloadIdentity.write"),
    ("iam.projects.serviceAccounts.get", False, "iam.read"),
    ("secretmanager.projects.secrets.versions.access", False, "secretmanager.access"),
    ("artifactregistry.projects.locations.repositories.create", True, "artifactregistry.write"),
]


@pytest.mark.parametrize(("method_id", "write", "group"), GROUPS)
def test_methods_count_against_their_own_quota(method_id: str, write: bool, group: str) -> None:
    assert group_of(Method(method_id, (), lambda _c, _r: {}, write=write)) == group
    assert group in DOCUMENTED


def test_a_closed_api_says_so_in_googles_words(api: Rest) -> None:
    api.switch(apis={"disabled": {"acme-ci": ["iam.googleapis.com"]}})
    answer = api.get(POOLS)
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert f"has not been used in project {NUMBER} before or it is disabled" in answer.message
    details = {d["@type"].rpartition(".")[2]: d for d in answer.body["error"]["details"]}
    assert details["ErrorInfo"]["reason"] == "SERVICE_DISABLED"
    assert details["ErrorInfo"]["metadata"] == {
        "consumer": f"projects/{NUMBER}",
        "service": "iam.googleapis.com",
    }


def test_strict_apis_open_when_service_usage_enables_them(api: Rest) -> None:
    api.switch(apis={"strict": True})
    assert api.get(POOLS).status == 403
    assert api.post("/v1/projects/acme-ci/services/iam.googleapis.com:enable").status == 200
    assert api.get(POOLS).status == 200


def test_the_clock_can_be_set_advanced_and_reset(api: Rest) -> None:
    shown = api.post("/_wifctl/clock", {"set": "2030-01-01T00:00:00Z"}).body["now"]
    assert shown.startswith("2030-01-01T00:00:0")
    assert api.post("/_wifctl/clock", {"advance": "86400s"}).body["now"].startswith("2030-01-02")
    assert api.post("/_wifctl/clock", {"reset": True}).body["now"][:4] == f"{datetime.now(UTC):%Y}"
    for bad in ({"set": "soon"}, {"set": 5}, {"advance": "x"}, {"typo": 1}, {"advance": "1e999"}):
        assert api.post("/_wifctl/clock", bad).status == 400, bad


def test_requests_are_remembered_without_payloads(api: Rest) -> None:
    create(api)
    api.get(f"{POOLS}/nothing")
    api.get("/v1/nonsense")
    api.get(POOLS, nonsense="1")
    found = api.get("/_wifctl/requests").body["requests"]
    assert [(c["method"].rpartition(".")[2], c["status"]) for c in found] == [
        ("create", "OK"),
        ("get", "NOT_FOUND"),
        ("GET /v1/nonsense", "NOT_FOUND"),
        ("list", "INVALID_ARGUMENT"),
    ]
    assert found[1]["resource"].endswith("/workloadIdentityPools/nothing")
    assert api.get("/_wifctl/requests", method="iam").body["requests"] == [
        found[0], found[1], found[3],
    ]  # fmt: skip
    api.delete("/_wifctl/requests")
    assert api.get("/_wifctl/requests").body["requests"] == []


def test_a_listener_hears_each_call_as_a_sentence() -> None:
    lines: list[str] = []
    with rest(log=lines.append) as api:
        create(api)
        api.get(f"{POOLS}/nothing")
        api.get(POOLS, pageSize="2", pageToken="a\nb")
        api.advance(3600)
    parent = "projects/acme-ci/locations/global"
    details = "workloadIdentityPoolId=pool-1"
    assert lines[0][12:] == f" rest  anonymous → {CREATE} {parent} {details} ← OK"
    assert lines[1].endswith("← NOT_FOUND: Requested entity was not found.")
    assert f"{parent} pageSize=2 pageToken=a�b ← " in lines[2]
    assert " ----  the clock was set to 20" in lines[3]


def test_a_state_can_be_exported_and_imported(api: Rest) -> None:
    create(api)
    api.post(ACCOUNTS, {"accountId": "deployer"})
    connection = api._connection
    connection.request("GET", "/_wifctl/state")
    response = connection.getresponse()
    exported = response.read()
    assert response.headers["Content-Type"].startswith("application/yaml")
    before = api.get(ACCOUNTS).body
    api.post("/_wifctl/reset")
    assert count(api) == 0
    assert api("PUT", "/_wifctl/state", exported).status == 200
    assert count(api) == 1
    assert api.get(ACCOUNTS).body == before


@pytest.mark.parametrize("state", [b"", b"[", b"5", b"version: 2", b"version: 1\nobjects: [1]",
                                   b"version: 1\nobjects: {a: {b: 5}}", b"\xff"])  # fmt: skip
def test_what_is_no_state_is_refused_and_changes_nothing(api: Rest, state: bytes) -> None:
    create(api)
    assert api("PUT", "/_wifctl/state", state).status == 400
    assert count(api) == 1
