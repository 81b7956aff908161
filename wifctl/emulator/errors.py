"""The one error a service raises, and the details Google attaches to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

HTTP_STATUS: Mapping[str, int] = {
    "OK": 200,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
"""HTTP status of each canonical code (google/rpc/code.proto)."""

GRPC_CODE: Mapping[str, int] = {
    "OK": 0,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}

LEGACY_REASON: Mapping[str, str] = {
    "INVALID_ARGUMENT": "badRequest",
    "FAILED_PRECONDITION": "failedPrecondition",
    "NOT_FOUND": "notFound",
    "ALREADY_EXISTS": "alreadyExists",
    "ABORTED": "aborted",
    "PERMISSION_DENIED": "forbidden",
    "RESOURCE_EXHAUSTED": "rateLimitExceeded",
    "UNAUTHENTICATED": "authError",
    "UNIMPLEMENTED": "notImplemented",
    "UNAVAILABLE": "backendError",
}
"""The word the old `errors[]` list of an error body carries."""


class ApiError(Exception):
    """A refusal: rendered as Google's envelope on REST, as a status with details on gRPC."""

    def __init__(
        self,
        status: str,
        message: str,
        reason: str = "",
        details: tuple[Json, ...] = (),
        http: int = 0,
        remark: str = "",
    ) -> None:
        """`status` is a canonical name; `reason` makes the REST body carry an `errors[]` list.

        `details` are proto-JSON `Any` values (`{"@type": …}`), see `error_info` and `retry_info`.
        `http` overrides the HTTP status of the code (412, which only a fault switch answers).
        `remark` is for the request log alone: what the caller is not told.
        """
        super().__init__(message)
        self._http = http
        self.remark = remark
        self.status = status
        self.message = message
        self.reason = reason
        self.details = details

    @property
    def http_status(self) -> int:
        """The HTTP status of the canonical code, unless it was overridden."""
        return self._http or HTTP_STATUS[self.status]

    @property
    def grpc_code(self) -> int:
        """The numeric gRPC code."""
        return GRPC_CODE[self.status]


class ConnectionDrop(Exception):  # noqa: N818 - what happens, not an error of anybody
    """The connection is cut instead of answered (a fault switch)."""


def invalid(message: str, *details: Json) -> ApiError:
    """INVALID_ARGUMENT, HTTP 400."""
    return ApiError("INVALID_ARGUMENT", message, details=details)


def precondition(message: str, *details: Json) -> ApiError:
    """FAILED_PRECONDITION, HTTP 400 (never 412 in these APIs)."""
    return ApiError("FAILED_PRECONDITION", message, details=details)


def not_found(message: str = "Requested entity was not found.") -> ApiError:
    """NOT_FOUND, HTTP 404."""
    return ApiError("NOT_FOUND", message)


def already_exists(message: str = "Requested entity already exists") -> ApiError:
    """ALREADY_EXISTS, HTTP 409."""
    return ApiError("ALREADY_EXISTS", message)


def denied(permission: str, resource: str) -> ApiError:
    """PERMISSION_DENIED with IAM's sentence and ErrorInfo; also for an unknown project.

    `resource` is the full name, e.g. `//iam.googleapis.com/projects/x/locations/global`.
    """
    message = f"Permission '{permission}' denied on resource '{resource}' (or it may not exist)."
    metadata = {"permission": permission, "resource": resource.rpartition(".com/")[2]}
    info = error_info("IAM_PERMISSION_DENIED", "iam.googleapis.com", metadata)
    return ApiError("PERMISSION_DENIED", message, details=(info,))


def error_info(reason: str, domain: str, metadata: Mapping[str, str]) -> Json:
    """A google.rpc.ErrorInfo as proto-JSON Any."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": domain,
        "metadata": dict(metadata),
    }


def retry_info(seconds: float) -> Json:
    """A google.rpc.RetryInfo as proto-JSON Any."""
    return {
        "@type": "type.googleapis.com/google.rpc.RetryInfo",
        "retryDelay": f"{seconds:g}s",
    }


def help_link(description: str, url: str) -> Json:
    """A google.rpc.Help with one link as proto-JSON Any."""
    return {
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": description, "url": url}],
    }
