"""Secret payloads: their limits and their checksum. A payload is never part of an error text."""

from __future__ import annotations

import base64

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.secretmanager.crc32c import crc32c

MAX_BYTES = 64 * 1024


def checked_payload(request: Json) -> Json:
    """The payload of an addVersion as stored: `data` in base64 and `dataCrc32c` as text."""
    payload = request.get("payload")
    if payload is None:
        raise invalid("Field [payload] is required.")
    data = base64.b64decode(payload.get("data", ""))
    if not data:
        raise invalid("Secret Payload cannot be empty.")
    if len(data) > MAX_BYTES:
        raise invalid(f"Secret Payload is {len(data)} bytes long; at most {MAX_BYTES} are allowed.")
    checksum = str(crc32c(data))
    if payload.get("dataCrc32c", checksum) != checksum:
        raise invalid("The checksum [payload.data_crc32c] does not match the payload received.")
    return {"data": payload["data"], "dataCrc32c": checksum}
