"""Secret payloads: where they come from, and a wrapper that never shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from wifctl.diagnostics import Diagnostic, Severity, WifctlError

LIMIT = 65536
"""Bytes of one payload (Secret Manager's limit, 64 KiB)."""

Source = Mapping[str, Any]
"""`{env: NAME}`, `{file: path}` or `{stdin: true}`, with an optional `trim: true`."""


@dataclass(frozen=True, slots=True)
class SecretBytes:
    """A payload that no repr, log or exception shows."""

    value: bytes = field(repr=False)


class Payloads(Protocol):
    """Where payloads are fetched from; the command line knows environment, files and stdin."""

    def available(self, source: Source) -> bool:
        """Whether the payload can be had here, without consuming it."""
        ...

    def read(self, source: Source) -> bytes:
        """The bytes, verbatim. Raises WifctlError when there are none."""
        ...


class NoPayloads:
    """Where nothing can be fetched: plans that must stay offline."""

    def available(self, source: Source) -> bool:
        """Never."""
        del source
        return False

    def read(self, source: Source) -> bytes:
        """Always refused."""
        raise WifctlError(Diagnostic("payload-missing", f"no payload {source_text(source)} here"))


def source_text(source: Source) -> str:
    """The source in words."""
    if "env" in source:
        return f"from environment variable {source['env']}"
    return f"from file {source['file']}" if "file" in source else "from standard input"


def checked(source: Source, payload: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """The payload as it is sent, with its findings: empty, too long, a newline at the end."""
    if source.get("trim"):
        payload = payload.removesuffix(b"\n").removesuffix(b"\r")
    where = source_text(source)
    if not payload:
        problem = Diagnostic(
            "payload-empty",
            f"the payload {where} is empty",
            allowed=f"1 to {LIMIT} bytes",
            fix="fill the source before applying",
        )
        return payload, (problem,)
    if len(payload) > LIMIT:
        problem = Diagnostic(
            "payload-too-long",
            f"the payload {where} has {len(payload)} bytes",
            allowed=f"at most {LIMIT}",
            fix="keep large data elsewhere, and its key here",
        )
        return payload, (problem,)
    if payload.endswith(b"\n"):
        return payload, (_newline(where),)
    return payload, ()


def _newline(where: str) -> Diagnostic:
    return Diagnostic(
        "payload-newline",
        f"the payload {where} ends with a newline, which is sent as part of it",
        severity=Severity.WARNING,
        fix="set `trim: true`, or write the source without it",
    )
