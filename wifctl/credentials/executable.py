"""The JSON between client libraries and executable token sources, version 1.

From the guide's section on executable credentials; used by both sides, asking and answering.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from wifctl.credentials.configuration.model import CHOSEN_TOKEN_TYPES, SAML2
from wifctl.credentials.failures import redacted, unavailable

VERSION = 1
AUDIENCE = "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE"
TOKEN_TYPE = "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE"  # noqa: S105 - a variable's name
EMAIL = "GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL"
OUTPUT_FILE = "GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE"
ALLOW = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"


@dataclass(frozen=True, slots=True)
class ExecutableAnswer:
    """A successful answer. `expiration_time` counts seconds since 1970."""

    token: str = field(repr=False)
    token_type: str
    expiration_time: int | None = None


def variables(audience: str, token_type: str, account: str, output_file: str) -> dict[str, str]:
    """What a client library tells the program it runs; the last two only where they apply."""
    found = {AUDIENCE: audience, TOKEN_TYPE: token_type}
    if account:
        found[EMAIL] = account
    if output_file:
        found[OUTPUT_FILE] = output_file
    return found


def success_text(answer: ExecutableAnswer) -> str:
    """The JSON of a successful answer, one line."""
    name = "saml_response" if answer.token_type == SAML2 else "id_token"
    document: dict[str, object] = {
        "version": VERSION,
        "success": True,
        "token_type": answer.token_type,
        name: answer.token,
    }
    if answer.expiration_time is not None:
        document["expiration_time"] = answer.expiration_time
    return json.dumps(document)


def failure_text(code: str, message: str) -> str:
    """The JSON of a failure, one line; the program then ends with a status other than 0."""
    return json.dumps({"version": VERSION, "success": False, "code": code, "message": message})


def parse_answer(document: object, now: float, needs_expiration: bool) -> ExecutableAnswer:
    """The token of an answer. Raises TokenUnavailableError for anything the guide rules out."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise unavailable(f"the answer is not of version {VERSION}")
    if document.get("success") is not True:
        said = redacted(f"{document.get('code', '')} {document.get('message', '')}", ())
        raise unavailable(f"the program failed: {said or 'no reason given'}")
    token_type = document.get("token_type")
    if token_type not in CHOSEN_TOKEN_TYPES:
        raise unavailable(f"the answer's token_type {token_type!r} is not known")
    token = document.get("saml_response" if token_type == SAML2 else "id_token")
    if not isinstance(token, str) or not token:
        raise unavailable("the answer holds no token")
    expiration = _expiration(document.get("expiration_time"), now, needs_expiration)
    return ExecutableAnswer(token, token_type, expiration)


def _expiration(value: object, now: float, needed: bool) -> int | None:
    if value is None and not needed:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise unavailable("the answer has no expiration_time, which an output file requires")
    if value <= now:
        raise unavailable("the answer's token has expired")
    return value
