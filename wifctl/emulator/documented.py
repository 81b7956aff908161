"""Methods that a discovery document lists and the emulator does not serve, kept as text tables."""

from __future__ import annotations

from pathlib import Path

from wifctl.emulator.service import Method, Route, unserved


def unserved_methods(table: Path, rpc_service: str = "") -> tuple[Method, ...]:
    """The methods of a table: one a line, `id verb path body rpc`, `-` for none, `#` for remarks.

    Each answers 501 with a sentence that names it; `rpc_service` is the gRPC service of the rpcs.
    """
    lines = table.read_text(encoding="utf-8").splitlines()
    return tuple(_method(line, rpc_service) for line in lines if not line.startswith("#"))


def _method(line: str, rpc_service: str) -> Method:
    method_id, verb, path, body, rpc = line.split(" ")
    route = Route(verb, path, "" if body == "-" else body)
    return unserved(method_id, route, rpc="" if rpc == "-" else f"{rpc_service}/{rpc}")
