"""gRPC calls: one official client behind lanes, with errors, deadline and repeats of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.api_core import exceptions as core

from wifctl.gcp.caller import Caller
from wifctl.gcp.channels import Channels
from wifctl.gcp.errors import from_grpc
from wifctl.gcp.method import Method


@dataclass(frozen=True, slots=True)
class Rpc:
    """One service of a target."""

    channels: Channels
    caller: Caller
    client: type
    """The asyncio client class of the official package."""
    host: str

    async def send(
        self, method: Method, rpc: str, request: Any, resource: object, *, host: str = ""
    ) -> Any:
        """What the client's method `rpc` answers; `host` differs for regional services."""

        async def attempt(seconds: float) -> Any:
            return await self._attempt(method, rpc, request, str(resource), host, seconds)

        return await self.caller.run(method, str(resource), attempt)

    async def _attempt(
        self, method: Method, rpc: str, request: Any, resource: str, host: str, seconds: float
    ) -> Any:
        lane = self.channels.lane(self.client, host or self.host)
        lane.users += 1
        try:
            async with lane.slots:
                call = getattr(lane.client, rpc)
                return await call(request=request, retry=None, timeout=seconds)
        except core.GoogleAPICallError as error:
            raise from_grpc(error, method.name, resource) from None
        finally:
            lane.users -= 1
