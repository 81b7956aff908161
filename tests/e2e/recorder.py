"""What a create really puts on the wire: a gRPC server that knows nothing and keeps messages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
from google.cloud import artifactregistry_v1, secretmanager_v1
from google.longrunning import operations_pb2
from google.protobuf import any_pb2

from tests.gcp.grpc_stub import grpc_stub
from wifctl.apply.execute import Execution, execute
from wifctl.apply.patience import LOCAL
from wifctl.emulator.server import Doors
from wifctl.gcp.connect import connect
from wifctl.gcp.messages import to_json
from wifctl.gcp.target import Endpoint, Target
from wifctl.live.read import Reading, read_live
from wifctl.manifest.load import load
from wifctl.manifest.options import LoadOptions
from wifctl.plan.make import Options, make_plan


def created(folder: Path, doors: Doors) -> dict[str, Any]:
    """The JSON of the one message a create of the manifests in a folder sends."""
    return asyncio.run(_created(folder, doors))


async def _created(folder: Path, doors: Doors) -> dict[str, Any]:
    got: list[dict[str, Any]] = []

    async def missing(_request: Any, context: grpc.aio.ServicerContext) -> None:
        await context.abort(grpc.StatusCode.NOT_FOUND, "Requested entity was not found.")

    async def secret(request: Any, _context: grpc.aio.ServicerContext) -> Any:
        got.append(to_json(request)["secret"])
        return request.secret

    async def repository(request: Any, _context: grpc.aio.ServicerContext) -> Any:
        got.append(to_json(request)["repository"])
        answer = any_pb2.Any()
        answer.Pack(artifactregistry_v1.Repository.pb(request.repository))
        return operations_pb2.Operation(name="operations/one", done=True, response=answer)

    methods = {
        "GetSecret": (secretmanager_v1.GetSecretRequest, missing),
        "CreateSecret": (secretmanager_v1.CreateSecretRequest, secret),
        "GetRepository": (artifactregistry_v1.GetRepositoryRequest, missing),
        "CreateRepository": (artifactregistry_v1.CreateRepositoryRequest, repository),
    }
    async with grpc_stub(methods) as target:
        await _apply(folder, Endpoint(doors.rest_url, target))
    (message,) = got
    return message


async def _apply(folder: Path, endpoint: Endpoint) -> None:
    loaded = load([folder / "manifests"], LoadOptions(folder=folder))
    async with connect(Target(endpoint)) as api:
        live = await read_live(loaded.resources, api, Reading())
        plan = make_plan(loaded.resources, live, Options())
        result = await execute(plan, live, api, Execution(patience=LOCAL))
        assert result.is_complete, result.finished
