"""STS speaks OAuth: errors are `{error, error_description}` (RFC 6749, 5.2), without envelope."""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.service import google_error
from wifctl.trust.verdict import Refusal

_STATUS = {400: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}
_CODES = {
    "INVALID_ARGUMENT": "invalid_request",
    "RESOURCE_EXHAUSTED": "quota_exceeded",
    "UNAVAILABLE": "temporarily_unavailable",
    "UNIMPLEMENTED": "invalid_request",
}
THROTTLED = (
    "The request was throttled due to rate limit: sts.googleapis.com/requests. Please retry after "
    "a few seconds."
)


class OAuthRefusalError(ApiError):
    """A refusal that knows its OAuth error code."""

    def __init__(self, refusal: Refusal, remark: str = "") -> None:
        super().__init__(
            _STATUS.get(refusal.status, "INVALID_ARGUMENT"),
            refusal.description,
            http=refusal.status,
            remark=remark,
        )
        self.error = refusal.error


def oauth_error(error: ApiError) -> tuple[int, Json]:
    """Status and body of any refusal; a disabled API is refused before STS, in its envelope."""
    if isinstance(error, OAuthRefusalError):
        return error.http_status, {"error": error.error, "error_description": error.message}
    if error.status == "PERMISSION_DENIED":
        return google_error(error)
    text = THROTTLED if error.status == "RESOURCE_EXHAUSTED" else error.message
    code = _CODES.get(error.status, "server_error")
    return error.http_status, {"error": code, "error_description": text}
