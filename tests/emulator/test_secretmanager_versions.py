"""Secret versions: states, `latest`, aliases, checksums, destruction."""

from __future__ import annotations

import base64
from typing import Any
from urllib.request import urlopen

import pytest

from tests.support.emulator import NUMBER, PROJECT, Answer, Rest
from wifctl.emulator.secretmanager.crc32c import crc32c
from wifctl.emulator.server import Doors

SECRETS = f"/v1/projects/{PROJECT}/secrets"
TOKEN = f"{SECRETS}/token"
NAME = f"projects/{NUMBER}/secrets/token"


@pytest.fixture(autouse=True)
def secret(api: Rest) -> None:
    api.post(SECRETS, {"replication": {"automatic": {}}}, secretId="token")


def add(api: Rest, data: bytes = b"hunter2", **payload: Any) -> Answer:
    encoded = base64.b64encode(data).decode()
    return api.post(f"{TOKEN}:addVersion", {"payload": {"data": encoded, **payload}})


def do(api: Rest, version: str, verb: str, **body: str) -> Answer:
    return api.post(f"{TOKEN}/versions/{version}:{verb}", body)


def access(api: Rest, version: str) -> Answer:
    return api.get(f"{TOKEN}/versions/{version}:access")


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (b"123456789", 0xE3069283),
        (b"", 0),
        (b"\x00" * 32, 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_the_checksum_is_castagnolis(data: bytes, checksum: int) -> None:
    """Vectors of RFC 3720, B.4."""
    assert crc32c(data) == checksum


def test_a_version_is_numbered_from_one_and_mirrors_its_secret(api: Rest) -> None:
    first = add(api).body
    assert first == {
        "name": f"{NAME}/versions/1",
        "createTime": first["createTime"],
        "state": "ENABLED",
        "replicationStatus": {"automatic": {}},
        "etag": first["etag"],
    }
    assert add(api).body["name"].endswith("/versions/2")


def test_a_payload_comes_back_with_its_checksum(api: Rest) -> None:
    add(api, b"\x00\xffbytes")
    found = access(api, "1").body
    assert found["name"] == f"{NAME}/versions/1"
    assert base64.b64decode(found["payload"]["data"]) == b"\x00\xffbytes"
    assert found["payload"]["dataCrc32c"] == str(crc32c(b"\x00\xffbytes"))


def test_a_checksum_that_fits_is_noted(api: Rest) -> None:
    added = add(api, dataCrc32c=str(crc32c(b"hunter2")))
    assert added.body["clientSpecifiedPayloadChecksum"] is True


@pytest.mark.parametrize("checksum", ["0", "-1", str(2**40)])
def test_a_checksum_that_does_not_fit_is_refused(api: Rest, checksum: str) -> None:
    refused = add(api, dataCrc32c=checksum)
    assert refused.code == "INVALID_ARGUMENT"
    assert "checksum" in refused.message
    assert api.get(f"{TOKEN}/versions").body == {}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Field [payload] is required."),
        ({"payload": {}}, "Secret Payload cannot be empty."),
        ({"payload": {"data": ""}}, "Secret Payload cannot be empty."),
    ],
)
def test_a_version_without_a_payload_is_refused(
    api: Rest, body: dict[str, Any], message: str
) -> None:
    assert api.post(f"{TOKEN}:addVersion", body).message == message


def test_a_payload_may_have_64_kib_and_no_byte_more(api: Rest) -> None:
    assert add(api, b"x" * 65536).status == 200
    assert add(api, b"x" * 65537).code == "INVALID_ARGUMENT"


def test_the_states_follow_each_other(api: Rest) -> None:
    add(api)
    etags = {api.get(f"{TOKEN}/versions/1").body["etag"]}
    for verb, state in (("disable", "DISABLED"), ("enable", "ENABLED"), ("destroy", "DESTROYED")):
        answer = do(api, "1", verb).body
        assert answer["state"] == state
        assert answer["etag"] not in etags
        etags.add(answer["etag"])
    assert len(answer["destroyTime"]) == len("2026-11-21T10:00:00.123456789Z")


@pytest.mark.parametrize("verb", ["enable", "disable", "destroy"])
def test_destroyed_is_for_ever(api: Rest, verb: str) -> None:
    add(api)
    do(api, "1", "destroy")
    answer = do(api, "1", verb)
    assert (answer.status, answer.code) == (400, "FAILED_PRECONDITION")
    assert answer.message == f"Secret Version [{NAME}/versions/1] is in DESTROYED state."


@pytest.mark.parametrize(("verb", "state"), [("disable", "DISABLED"), ("destroy", "DESTROYED")])
def test_latest_never_falls_back_to_an_older_version(api: Rest, verb: str, state: str) -> None:
    add(api)
    add(api)
    do(api, "2", verb)
    answer = access(api, "latest")
    assert (answer.status, answer.code) == (400, "FAILED_PRECONDITION")
    assert answer.message == f"Secret Version [{NAME}/versions/2] is in {state} state."
    assert api.get(f"{TOKEN}/versions/latest").body["name"] == f"{NAME}/versions/2"


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("latest", f"Secret [{NAME}] not found or has no versions."),
        ("9", f"Secret Version [{NAME}/versions/9] not found."),
        ("prod", f"Secret Version [{NAME}/versions/prod] not found."),
    ],
)
def test_a_version_that_is_not_there_is_not_found(api: Rest, version: str, message: str) -> None:
    answer = access(api, version)
    assert (answer.status, answer.message) == (404, message)


def test_an_alias_works_for_get_and_access_only(api: Rest) -> None:
    add(api)
    add(api)
    set_alias = {"versionAliases": {"prod": "1"}}
    patched = api.patch(TOKEN, set_alias, updateMask="version_aliases").body
    assert patched["versionAliases"] == {"prod": "1"}
    assert access(api, "prod").body["name"] == f"{NAME}/versions/1"
    assert api.get(f"{TOKEN}/versions/prod").body["name"] == f"{NAME}/versions/1"
    for version in ("prod", "latest"):
        assert do(api, version, "disable").code == "INVALID_ARGUMENT"


@pytest.mark.parametrize("alias", ["latest", "NEW", "1st", "a" * 64, "a.b"])
def test_an_alias_that_is_none_is_refused(api: Rest, alias: str) -> None:
    add(api)
    answer = api.patch(TOKEN, {"versionAliases": {alias: "1"}}, updateMask="versionAliases")
    assert answer.code == "INVALID_ARGUMENT"


def test_a_stale_etag_leaves_the_version_as_it_is(api: Rest) -> None:
    etag = add(api).body["etag"]
    do(api, "1", "disable", etag=etag)
    assert do(api, "1", "enable", etag=etag).code == "FAILED_PRECONDITION"
    assert api.get(f"{TOKEN}/versions/1").body["state"] == "DISABLED"


def test_destruction_waits_for_its_delay(api: Rest) -> None:
    api.patch(TOKEN, {"versionDestroyTtl": "3600s"}, updateMask="versionDestroyTtl")
    add(api)
    waiting = do(api, "1", "destroy").body
    assert waiting["state"] == "DISABLED"
    assert waiting["scheduledDestroyTime"] > waiting["createTime"]
    api.advance(3601)
    done = api.get(f"{TOKEN}/versions/1").body
    assert (done["state"], done["destroyTime"]) == ("DESTROYED", waiting["scheduledDestroyTime"])
    assert "scheduledDestroyTime" not in done


@pytest.mark.parametrize(("verb", "state"), [("enable", "ENABLED"), ("disable", "DISABLED")])
def test_a_destruction_not_yet_due_is_called_off(api: Rest, verb: str, state: str) -> None:
    api.patch(TOKEN, {"versionDestroyTtl": "3600s"}, updateMask="versionDestroyTtl")
    add(api)
    do(api, "1", "destroy")
    assert "scheduledDestroyTime" not in do(api, "1", verb).body
    api.advance(7200)
    assert api.get(f"{TOKEN}/versions/1").body["state"] == state


def test_lists_hold_destroyed_versions_newest_first_and_no_payload(api: Rest) -> None:
    for _ in range(3):
        add(api)
    do(api, "2", "destroy")
    listed = api.get(f"{TOKEN}/versions").body
    found = [(v["name"].rpartition("/")[2], v["state"]) for v in listed["versions"]]
    assert found == [("3", "ENABLED"), ("2", "DESTROYED"), ("1", "ENABLED")]
    assert listed["totalSize"] == 3
    assert not any("payload" in v for v in listed["versions"])
    enabled = api.get(f"{TOKEN}/versions", filter="state:ENABLED").body["versions"]
    assert len(enabled) == 2


def test_a_destroyed_payload_is_out_of_the_state(api: Rest, doors: Doors) -> None:
    add(api, b"very-secret-indeed")
    do(api, "1", "destroy")
    with urlopen(f"{doors.rest_url}/_wifctl/state") as answer:
        state = answer.read()
    assert b"DESTROYED" in state
    assert base64.b64encode(b"very-secret-indeed") not in state


def test_a_refused_payload_is_not_repeated_in_the_error(api: Rest) -> None:
    body = {"payload": {"data": "not base64 but secret!"}}
    answer = api.post(f"{TOKEN}:addVersion", body)
    assert answer.status == 400
    assert "secret!" not in str(answer.body)
