"""REST calls: what is sent, and what happens when the answer is late, broken or missing."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest

from tests.gcp.clock import Clock
from tests.gcp.rest_stub import Answer, RestStub, hang_up, rest_stub
from wifctl.api import ApiError, Json, Status
from wifctl.gcp.caller import Caller
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import Quotas
from wifctl.gcp.rest import HttpRequest, Rest
from wifctl.gcp.session import emulator_session
from wifctl.gcp.target import Endpoint

GET = HttpRequest("GET", "iam", "v1/projects/acme-ci")
READ = Method("things.get", Repeat.READ)
HASTY = Method("things.get", Repeat.ONCE, timeout=0.2)
ADD = Method("things.add", Repeat.ONCE)


def send(
    url: str,
    method: Method = READ,
    request: HttpRequest = GET,
    clock: Clock | None = None,
    *,
    token: str = "",
) -> Json:
    clock = clock or Clock()
    endpoint = Endpoint(url, "127.0.0.1:1", token)

    async def story() -> Json:
        session = emulator_session(endpoint, "wifctl/test", 4)
        caller = Caller(Quotas(clock.timing.now, enabled=False), timing=clock.timing)
        with ThreadPoolExecutor(4) as threads:
            rest = Rest(session, threads, url, caller, asyncio.Semaphore(4))
            return await rest.send(method, request, "projects/acme-ci")

    return asyncio.run(story())


def failure(url: str, method: Method = READ) -> ApiError:
    with pytest.raises(ApiError) as raised:
        send(url, method)
    return raised.value


def test_verb_path_query_body_and_agent_arrive() -> None:
    request = HttpRequest(
        "POST", "iam", "v1/projects/acme-ci:do", {"names": ["a", "b"]}, {"some": {"thing": 1}}
    )
    with rest_stub(Answer(body={"fine": True})) as stub:
        assert send(stub.url, ADD, request) == {"fine": True}
    (seen,) = stub.seen
    assert (seen.verb, seen.path, seen.body) == ("POST", "/v1/projects/acme-ci:do", request.body)
    assert seen.query == {"names": ["a", "b"]}
    assert seen.headers["User-Agent"] == "wifctl/test"
    assert "Authorization" not in seen.headers


def test_an_empty_answer_is_an_empty_message() -> None:
    with rest_stub(Answer()) as stub:
        assert send(stub.url) == {}


def test_an_outage_is_waited_out_and_retry_after_obeyed() -> None:
    clock = Clock(dice=0.0)
    busy = Answer(503, {"error": {"message": "busy"}}, {"Retry-After": "3"})
    with rest_stub(busy, busy, Answer(body={"a": 1})) as stub:
        assert send(stub.url, clock=clock) == {"a": 1}
    assert clock.slept == [3.0, 3.0]


def test_a_connection_closed_without_an_answer_leaves_a_write_unknown() -> None:
    with rest_stub(Answer(act=hang_up)) as stub:
        found = failure(stub.url, ADD)
    assert (found.status, found.effect_unknown) == (Status.UNAVAILABLE, True)
    assert len(stub.seen) == 1


def test_nobody_listening_is_known_to_have_no_effect_and_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    clock = Clock()
    with pytest.raises(ApiError) as raised:
        send(url, ADD, clock=clock)
    assert (raised.value.status, raised.value.effect_unknown) == (Status.UNAVAILABLE, False)
    assert len(clock.slept) == 5


def test_a_server_that_never_answers_is_left_at_the_deadline() -> None:
    released = threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> None:
        released.wait(5)

    with rest_stub(Answer(act=hang)) as stub:
        found, seconds = timed(lambda: failure(stub.url, HASTY))
        released.set()
    assert found.status is Status.DEADLINE_EXCEEDED
    assert found.effect_unknown
    assert seconds < 2


def test_an_answer_that_drips_is_left_at_the_deadline() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" " * 10)
            handler.wfile.flush()
            time.sleep(0.05)

    with rest_stub(Answer(act=drip)) as stub:
        found, seconds = timed(lambda: failure(stub.url, HASTY))
    assert found.status is Status.DEADLINE_EXCEEDED
    assert seconds < 1


def test_a_long_answer_in_chunks_and_compressed_is_read_whole() -> None:
    text = json.dumps({"long": "x" * 300_000}).encode()
    packed = gzip.compress(text)

    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for start in range(0, len(packed), 100):
            piece = packed[start : start + 100]
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    with rest_stub(Answer(act=chunked)) as stub:
        assert send(stub.url) == json.loads(text)


def test_an_answer_cut_short_is_a_lost_one() -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b'{"a":')
        handler.close_connection = True

    with rest_stub(Answer(act=cut)) as stub:
        assert failure(stub.url, ADD).effect_unknown


def test_redirects_are_not_followed() -> None:
    with rest_stub(Answer(body={"stolen": 1})) as elsewhere:
        answer = Answer(307, {}, {"Location": f"{elsewhere.url}/x"})
        with rest_stub(answer) as stub:
            found = failure(stub.url, ADD)
    assert found.status is Status.UNKNOWN
    assert elsewhere.seen == []


def test_an_answer_that_is_no_json_object_is_an_error_in_words() -> None:
    def html(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "6")
        handler.end_headers()
        handler.wfile.write(b"<html>")

    for answer in (Answer(act=html), Answer(body=[1])):
        with rest_stub(answer) as stub:
            assert failure(stub.url).message == "the answer was not JSON"


def test_proxies_and_netrc_of_the_user_do_not_touch_the_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("machine 127.0.0.1 login me password hunter2\n")
    with rest_stub(Answer(body={})) as proxy, rest_stub(Answer(body={"real": 1})) as stub:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("NETRC", netrc)
        assert send(stub.url, token="emulator-token") == {"real": 1}
    assert proxy.seen == []
    assert authorization(stub) == "Bearer emulator-token"


def authorization(stub: RestStub) -> str:
    return stub.seen[-1].headers["Authorization"]


def timed(work: Callable[[], ApiError]) -> tuple[ApiError, float]:
    started = time.monotonic()
    return work(), time.monotonic() - started
