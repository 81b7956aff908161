"""Failures of both transports as `ApiError`."""

from __future__ import annotations

import json
from typing import Any

import google.auth.exceptions
import grpc
import pytest
import requests
from google.api_core import exceptions as core
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2

from wifctl.api import ApiError, Status
from wifctl.gcp.error_details import header_delay
from wifctl.gcp.errors import PLUGIN_FAILURE, from_client, from_code, from_grpc, from_http

CALL, RESOURCE = "secrets.get", "projects/acme-ci/secrets/token"

GRPC_CODES = [
    (grpc.StatusCode.INVALID_ARGUMENT, Status.INVALID_ARGUMENT),
    (grpc.StatusCode.FAILED_PRECONDITION, Status.FAILED_PRECONDITION),
    (grpc.StatusCode.NOT_FOUND, Status.NOT_FOUND),
    (grpc.StatusCode.ALREADY_EXISTS, Status.ALREADY_EXISTS),
    (grpc.StatusCode.ABORTED, Status.ABORTED),
    (grpc.StatusCode.PERMISSION_DENIED, Status.PERMISSION_DENIED),
    (grpc.StatusCode.UNAUTHENTICATED, Status.UNAUTHENTICATED),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, Status.RESOURCE_EXHAUSTED),
    (grpc.StatusCode.UNIMPLEMENTED, Status.UNIMPLEMENTED),
    (grpc.StatusCode.UNAVAILABLE, Status.UNAVAILABLE),
    (grpc.StatusCode.DEADLINE_EXCEEDED, Status.DEADLINE_EXCEEDED),
    (grpc.StatusCode.INTERNAL, Status.INTERNAL),
    (grpc.StatusCode.UNKNOWN, Status.UNKNOWN),
    (grpc.StatusCode.DATA_LOSS, Status.INTERNAL),
    (grpc.StatusCode.OUT_OF_RANGE, Status.INVALID_ARGUMENT),
    (grpc.StatusCode.CANCELLED, Status.UNKNOWN),
]


def grpc_error(code: grpc.StatusCode, message: str, *details: Any) -> ApiError:
    found = core.from_grpc_status(code, message, details=details)  # type: ignore[no-untyped-call]
    return from_grpc(found, CALL, RESOURCE)


def http_error(code: int, error: Any, **headers: str) -> ApiError:
    body = error if isinstance(error, bytes) else json.dumps({"error": error}).encode()
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_http(code, spelled, body, CALL, RESOURCE)


@pytest.mark.parametrize(("code", "status"), GRPC_CODES)
def test_every_grpc_code_has_its_status(code: grpc.StatusCode, status: Status) -> None:
    found = grpc_error(code, "no")
    assert (found.status, found.message, found.call) == (status, "no", CALL)
    assert found.resource == RESOURCE


def test_grpc_details_are_read_and_kept_out_of_the_message() -> None:
    found = grpc_error(
        grpc.StatusCode.PERMISSION_DENIED,
        "Secret Manager API has not been used in project acme-ci before or it is disabled.",
        error_details_pb2.ErrorInfo(
            reason="SERVICE_DISABLED", metadata={"service": "secretmanager.googleapis.com"}
        ),
        error_details_pb2.RetryInfo(retry_delay=Duration(seconds=2, nanos=500_000_000)),
    )
    assert found.is_service_disabled
    assert found.metadata == {"service": "secretmanager.googleapis.com"}
    assert found.retry_after == 2.5
    assert "retry_delay" not in str(found)


def test_a_refused_credential_is_no_outage() -> None:
    found = grpc_error(grpc.StatusCode.UNAVAILABLE, PLUGIN_FAILURE + "invalid_grant")
    assert found.status is Status.UNAUTHENTICATED
    assert not found.retryable
    assert "invalid_grant" in found.message


def test_a_connection_never_made_has_no_effect() -> None:
    text = "failed to connect to all addresses; last error: Connection refused"
    assert not grpc_error(grpc.StatusCode.UNAVAILABLE, text).effect_unknown
    assert grpc_error(grpc.StatusCode.UNAVAILABLE, "Socket closed").effect_unknown


def test_rest_answers_carry_status_reason_and_delay() -> None:
    found = http_error(
        429,
        {
            "code": 429,
            "message": "Quota exceeded",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "RATE_LIMIT_EXCEEDED",
                    "domain": "googleapis.com",
                    "metadata": {"quota_limit_value": "60"},
                },
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"},
            ],
        },
    )
    assert (found.status, found.reason, found.retry_after, found.retryable) == (
        Status.RESOURCE_EXHAUSTED,
        "RATE_LIMIT_EXCEEDED",
        7.0,
        True,
    )


REST_CASES: list[tuple[int, Any, Status]] = [
    (409, {"errors": [{"reason": "alreadyExists"}], "message": "exists"}, Status.ALREADY_EXISTS),
    (409, {"status": "ABORTED", "message": "concurrent"}, Status.ABORTED),
    (403, {"errors": [{"reason": "rateLimitExceeded"}]}, Status.RESOURCE_EXHAUSTED),
    (403, {"message": "no"}, Status.PERMISSION_DENIED),
    (400, {"status": "FAILED_PRECONDITION"}, Status.FAILED_PRECONDITION),
    (400, {"status": "SOMETHING_NEW"}, Status.INVALID_ARGUMENT),
    (503, b"<html>upstream connect error</html>", Status.UNAVAILABLE),
    (502, b"", Status.UNAVAILABLE),
    (404, b"[1, 2]", Status.NOT_FOUND),
    (418, b"{}", Status.UNKNOWN),
    (302, b"", Status.UNKNOWN),
]


@pytest.mark.parametrize(("code", "error", "status"), REST_CASES)
def test_rest_answers_without_a_canonical_status(code: int, error: Any, status: Status) -> None:
    found = http_error(code, error)
    assert found.status is status
    assert found.message
    assert "html" not in found.message


def test_a_malformed_detail_is_passed_over() -> None:
    broken = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "soon"}
    found = http_error(503, {"message": "busy", "details": [broken, "text"]})
    assert (found.status, found.retry_after) == (Status.UNAVAILABLE, None)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30.0), ("", None), ("soon", None), ("-1", None)]
)
def test_retry_after_in_seconds(text: str, seconds: float | None) -> None:
    assert header_delay({"Retry-After": text}) == seconds


def test_retry_after_as_a_date_that_has_passed_is_now() -> None:
    assert header_delay({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert http_error(503, {}, Retry_After="4").retry_after == 4.0


def test_the_outcome_of_a_failed_operation_is_known() -> None:
    found = from_code(13, "backend error", [], CALL, RESOURCE)
    assert (found.status, found.effect_unknown) == (Status.INTERNAL, False)


REFUSED = google.auth.exceptions.RefreshError("invalid_grant")  # type: ignore[no-untyped-call]
NO_ROUTE = google.auth.exceptions.TransportError("no route")  # type: ignore[no-untyped-call]
CLIENT_CASES = [
    (requests.exceptions.ConnectionError("reset"), Status.UNAVAILABLE, True),
    (requests.exceptions.ConnectTimeout(), Status.UNAVAILABLE, False),
    (requests.exceptions.ReadTimeout(), Status.DEADLINE_EXCEEDED, True),
    (requests.exceptions.SSLError("bad certificate"), Status.UNAVAILABLE, False),
    (REFUSED, Status.UNAUTHENTICATED, False),
    (NO_ROUTE, Status.UNAVAILABLE, False),
]


@pytest.mark.parametrize(("raised", "status", "unknown"), CLIENT_CASES)
def test_failures_below_http(raised: Exception, status: Status, unknown: bool) -> None:
    found = from_client(raised, CALL, RESOURCE)
    assert (found.status, found.effect_unknown) == (status, unknown)


def test_a_bad_certificate_and_a_bad_credential_are_not_tried_again() -> None:
    assert not from_client(requests.exceptions.SSLError("x"), CALL, RESOURCE).retryable
    assert not from_client(REFUSED, CALL, RESOURCE).retryable
