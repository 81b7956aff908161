"""`generateServiceIdentity` (v1beta1): the service agent of an API in a project."""

from __future__ import annotations

import uuid

from wifctl.emulator import longrunning
from wifctl.emulator.agents import ensure_agent
from wifctl.emulator.errors import Json
from wifctl.emulator.service import Context
from wifctl.emulator.serviceusage.services import service_of

_TYPE = "type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity"


def generate(context: Context, request: Json) -> Json:
    """The identity, made if missing; the operation is done at once, as gcloud needs it."""
    project, service = service_of(context, request.get("parent", ""), "generate identity of")
    identity = ensure_agent(context.store, project.number, service)
    started = context.operations.start(
        f"operations/finished.DONE_OPERATION.{uuid.uuid4()}",
        response={"@type": _TYPE, **identity},
        done=True,
    )
    return longrunning.load_types(started)
