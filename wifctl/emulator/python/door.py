"""The door of package clients: one request → what to call → the bytes to answer with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.python.address import Address, address_of, missing
from wifctl.emulator.python.fetch import Fetched, Pending, fetch
from wifctl.emulator.python.login import CHALLENGE, token_of
from wifctl.emulator.python.service import FILE, ROOT, SEND, SIMPLE
from wifctl.emulator.rest.message import Raw, Request, as_json
from wifctl.emulator.service import google_error

if TYPE_CHECKING:
    from wifctl.emulator.kernel import Kernel

DOOR = "python"


async def serve(kernel: Kernel, request: Request) -> Raw:
    """The answer to a package client. Raises ConnectionDrop."""
    try:
        found = await _serve(kernel, request)
        return Raw(200, found["type"], found["body"])
    except ApiError as error:
        status, body = google_error(error)
        headers = (("WWW-Authenticate", CHALLENGE),) if status == 401 else ()
        return as_json(status, body, headers)


async def _serve(kernel: Kernel, request: Request) -> Json:
    try:
        endpoint, message = _meant(request, address_of(request))
        token = token_of(request)
    except ApiError as error:
        shown = request.target.partition(b"?")[0][:200].decode("ascii", "replace")
        kernel.refused(f"{request.verb} {shown}", error, DOOR)
        raise
    if delay := kernel.delay(endpoint):
        await asyncio.sleep(delay)
    answers: dict[str, Fetched] = {}
    while True:
        try:
            return kernel.call(endpoint, {**message, "answers": answers}, token, DOOR)
        except Pending as pending:
            order = pending.order
            answers[order.url] = await asyncio.to_thread(fetch, order)


def _meant(request: Request, address: Address) -> tuple[Endpoint, Json]:
    headers = request.headers
    message: Json = {
        "name": address.repository,
        "accept": headers.get(b"accept", b"").decode("latin-1"),
    }
    match request.verb, address.rest:
        case "POST", () | ("legacy",):
            kind = headers.get(b"content-type", b"").decode("latin-1")
            return SEND, {**message, "contentType": kind, "body": bytes(request.body)}
        case "GET" | "HEAD", ("simple",):
            return ROOT, message
        case "GET" | "HEAD", ("simple", project):
            return SIMPLE, {**message, "packageId": project}
        case "GET" | "HEAD", (project, filename):
            return FILE, {**message, "packageId": project, "fileId": filename}
        case _:
            raise missing(request)
