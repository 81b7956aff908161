"""The REST door against everything a connection can bring: answers, never a hang."""

from __future__ import annotations

import json
import re
import socket

import pytest

from tests.support.emulator import POOLS, Rest
from wifctl.emulator.rest.message import BODY_LIMIT
from wifctl.emulator.server import Doors


def talk(doors: Doors, *chunks: bytes, answers: int = 1) -> bytes:
    """Send the chunks; read until the server closes or falls silent after so many answers."""
    host, port = doors.rest_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for chunk in chunks:
            connection.sendall(chunk)
        found = b""
        try:
            while data := connection.recv(65536):
                found += data
                connection.settimeout(0.03 if len(statuses(found)) >= answers else 5)
        except TimeoutError:
            pass
        return found


def request(verb: str, target: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"{verb} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


BODIES = [
    b"{", b'{"a":', b"[]", b'"x"', b"5", b"null", b"\xff\xfe", b'{"displayName": "\xff"}',
    b'{"displayName": "\\ud800"}', b'{"displayName": NaN}', b"[" * 100_000, b'{"a":' * 50_000,
    b"\x00", b'{"mode": 1e999}', b'{"disabled": ' + b"9" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda b: repr(b[:20]))
def test_a_body_that_is_no_message_is_refused(api: Rest, body: bytes) -> None:
    answer = api("POST", POOLS, body, workloadIdentityPoolId="pool-1")
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert "Traceback" not in answer.message
    assert api.get(POOLS).status == 200


TARGETS = [
    ("/", 404), ("/v1", 404), ("/v1/", 404), ("/v1/projects/acme-ci/nothing", 404), ("//", 404),
    ("/v1/projects/acme-ci/../acme-ci/locations/global/workloadIdentityPools", 404),
    ("/v1/projects/acme-ci/%2e%2e/locations/global/workloadIdentityPools", 404),
    ("/v1/projects/acme-ci%2Flocations/global/workloadIdentityPools", 404),
    ("/v1/projects//locations/global/workloadIdentityPools", 404),
    ("/v1/projects/acme%00ci/locations/global/workloadIdentityPools", 404),
    ("/v1/projects/%ff/locations/global/workloadIdentityPools", 400),
    (f"{POOLS}?pageSize=%ff", 400), (f"{POOLS}?pageSize=x", 400), (f"{POOLS}?a=b&a=c", 400),
    (f"{POOLS}?" + "a=b&" * 2000, 400), (f"{POOLS}/", 404), (f"{POOLS}:nothing", 404),
    ("*", 404), ("http://other.example.com" + POOLS, 200), ("/_wifctl/nothing", 404),
]  # fmt: skip


@pytest.mark.parametrize(("target", "status"), TARGETS)
def test_paths_play_no_tricks(doors: Doors, target: str, status: int) -> None:
    answer = talk(doors, request("GET", target))
    assert statuses(answer) == [status]
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert status == 200 or body["error"]["code"] == status


GARBAGE = [
    b"\x00\x01\x02\x03\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /v1 HTTP/9.9\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda b: repr(b[:24]))
def test_what_is_no_http_is_answered_and_closed(doors: Doors, garbage: bytes) -> None:
    answer = talk(doors, garbage)
    assert statuses(answer) == [400]
    assert b"INVALID_ARGUMENT" in answer
    assert b"Connection: close" in answer


def test_an_upgrade_is_passed_over(doors: Doors) -> None:
    asked = request("GET", POOLS, b"", "Connection: Upgrade", "Upgrade: h2c")
    assert statuses(talk(doors, asked)) == [200]


def test_a_body_over_the_limit_is_refused_before_it_is_sent(doors: Doors) -> None:
    head = f"POST {POOLS} HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_LIMIT + 1}\r\n\r\n"
    answer = talk(doors, head.encode())
    assert b"Request payload size exceeds the limit: 10485760 bytes." in answer


def test_a_chunked_body_over_the_limit_is_refused(doors: Doors) -> None:
    head = f"POST {POOLS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    try:
        answer = talk(doors, head, *[chunk] * 11)
    except ConnectionError:
        return
    assert statuses(answer) in ([400], [])


def test_a_chunked_body_is_read(doors: Doors) -> None:
    head = f"POST {POOLS}?workloadIdentityPoolId=pool-1 HTTP/1.1\r\nHost: x\r\n"
    body = b'Transfer-Encoding: chunked\r\n\r\n13\r\n{"displayName":"x"}\r\n0\r\n\r\n'
    assert statuses(talk(doors, head.encode(), body)) == [200]


def test_a_client_that_asks_first_may_go_on(doors: Doors) -> None:
    target = f"{POOLS}?workloadIdentityPoolId=pool-1"
    asked = request("POST", target, b"{}", "Expect: 100-continue")
    assert statuses(talk(doors, asked[:-2], asked[-2:], answers=2)) == [100, 200]


def test_requests_in_small_pieces_are_understood(doors: Doors) -> None:
    whole = request("GET", POOLS)
    assert statuses(talk(doors, *[whole[i : i + 7] for i in range(0, len(whole), 7)])) == [200]


def test_pipelined_requests_are_answered_in_order(doors: Doors, api: Rest) -> None:
    api.switch(latency={"iam.projects.locations.workloadIdentityPools.get": 60})
    try:
        slow, fast = request("GET", f"{POOLS}/pool-1"), request("GET", POOLS)
        answer = talk(doors, slow + fast + slow + request("GET", "/v1/nothing") + fast, answers=5)
    finally:
        api.switch(latency={})
    assert statuses(answer) == [404, 200, 404, 404, 200]


def test_more_requests_than_may_wait_are_answered_too(doors: Doors, api: Rest) -> None:
    api.switch(latency={"*.get": 1})
    try:
        answer = talk(doors, request("GET", f"{POOLS}/pool-1") * 100, answers=100)
    finally:
        api.switch(latency={})
    assert statuses(answer) == [404] * 100


def test_a_connection_can_be_closed_by_the_client(doors: Doors) -> None:
    answer = talk(doors, request("GET", POOLS, b"", "Connection: close"))
    assert b"Connection: close" in answer


def test_head_brings_no_body(doors: Doors) -> None:
    assert talk(doors, request("HEAD", POOLS)).endswith(b"\r\n\r\n")


def test_answers_carry_googles_headers(doors: Doors) -> None:
    head = talk(doors, request("GET", POOLS)).partition(b"\r\n\r\n")[0]
    assert b"Server: ESF" in head
    assert b"Content-Type: application/json; charset=UTF-8" in head
    assert b"X-Frame-Options: SAMEORIGIN" in head


def test_an_answer_comes_without_the_nagle_delay(api: Rest) -> None:
    import time

    start = time.monotonic()
    for _ in range(20):
        api.get(POOLS)
    assert time.monotonic() - start < 0.5


def test_a_method_that_is_not_served_is_named(api: Rest) -> None:
    answer = api.post("/v1/projects/acme-ci/serviceAccounts/e@example.com/keys")
    assert (answer.status, answer.code) == (501, "UNIMPLEMENTED")
    assert "iam.projects.serviceAccounts.keys.create" in answer.message


def test_the_control_endpoint_answers_loopback_names_only(doors: Doors) -> None:
    raw = b"GET /_wifctl/requests HTTP/1.1\r\nHost: evil.example.com\r\n\r\n"
    assert statuses(talk(doors, raw)) == [403]
