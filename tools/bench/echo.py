"""`python -m tools.bench.echo`: a gRPC server that does nothing, to hold the emulator against."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc


class _Echo(grpc.GenericRpcHandler):  # type: ignore[misc]
    def service(self, handler_call_details: Any) -> Any:
        """Every method answers with its own request."""
        del handler_call_details

        async def answer(message: bytes, context: Any) -> bytes:
            del context
            return message

        return grpc.unary_unary_rpc_method_handler(answer)


async def serve() -> None:
    """Print the port, then serve until killed."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Echo(),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve())
