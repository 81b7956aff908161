"""Resource Manager v3 and v1, projects only: the table of their methods.

The discovery documents of both versions use the same ids; v1's get a `v1` here.
"""

from __future__ import annotations

from pathlib import Path

from wifctl.emulator import longrunning
from wifctl.emulator.documented import unserved_methods
from wifctl.emulator.policies.methods import PolicyTarget, policy_methods
from wifctl.emulator.resourcemanager import v1, v3
from wifctl.emulator.service import Method, Route, Service

_ID = "cloudresourcemanager.projects"
_ID_V1 = "cloudresourcemanager.v1.projects"
_TYPES = "wifctl.emulator.resourcemanager.messages"
_EMPTY = "google.protobuf.empty_pb2:Empty"
_RPC = "google.cloud.resourcemanager.v3.Projects"
_PERMISSION = "resourcemanager.projects"

_PROJECT = "/v3/{name=projects/*}"
_V1_PROJECT = "/v1/{project_id=projects/*}"

_V3_METHODS = (
    Method(
        f"{_ID}.get",
        (Route("GET", _PROJECT),),
        v3.get,
        f"{_TYPES}:GetProjectRequest",
        f"{_TYPES}:Project",
        f"{_RPC}/GetProject",
        f"{_PERMISSION}.get",
    ),
    Method(
        f"{_ID}.list",
        (Route("GET", "/v3/projects"),),
        v3.list_,
        f"{_TYPES}:ListProjectsRequest",
        f"{_TYPES}:ListProjectsResponse",
        f"{_RPC}/ListProjects",
    ),
    Method(
        f"{_ID}.search",
        (Route("GET", "/v3/projects:search"),),
        v3.search,
        f"{_TYPES}:SearchProjectsRequest",
        f"{_TYPES}:SearchProjectsResponse",
        f"{_RPC}/SearchProjects",
    ),
    Method(
        f"{_ID}.create",
        (Route("POST", "/v3/projects", "project"),),
        v3.create,
        f"{_TYPES}:CreateProjectRequest",
        longrunning.OPERATION,
        f"{_RPC}/CreateProject",
        write=True,
    ),
    Method(
        f"{_ID}.patch",
        (Route("PATCH", "/v3/{project.name=projects/*}", "project"),),
        v3.patch,
        f"{_TYPES}:UpdateProjectRequest",
        longrunning.OPERATION,
        f"{_RPC}/UpdateProject",
        f"{_PERMISSION}.update",
        write=True,
    ),
    Method(
        f"{_ID}.move",
        (Route("POST", f"{_PROJECT}:move", "*"),),
        v3.move,
        f"{_TYPES}:MoveProjectRequest",
        longrunning.OPERATION,
        f"{_RPC}/MoveProject",
        f"{_PERMISSION}.move",
        write=True,
    ),
    Method(
        f"{_ID}.delete",
        (Route("DELETE", _PROJECT),),
        v3.delete,
        f"{_TYPES}:DeleteProjectRequest",
        longrunning.OPERATION,
        f"{_RPC}/DeleteProject",
        f"{_PERMISSION}.delete",
        write=True,
    ),
    Method(
        f"{_ID}.undelete",
        (Route("POST", f"{_PROJECT}:undelete", "*"),),
        v3.undelete,
        f"{_TYPES}:UndeleteProjectRequest",
        longrunning.OPERATION,
        f"{_RPC}/UndeleteProject",
        f"{_PERMISSION}.undelete",
        write=True,
    ),
    Method(
        "cloudresourcemanager.operations.get",
        (Route("GET", "/v3/{name=operations/**}"),),
        longrunning.get,
        f"{longrunning.REQUESTS}:GetOperationRequest",
        longrunning.OPERATION,
        f"{longrunning.RPC}/GetOperation",
    ),
)

_V1_METHODS = (
    Method(
        f"{_ID_V1}.get",
        (Route("GET", _V1_PROJECT),),
        v1.get,
        f"{_TYPES}:V1GetProjectRequest",
        f"{_TYPES}:V1Project",
        permission=f"{_PERMISSION}.get",
    ),
    Method(
        f"{_ID_V1}.list",
        (Route("GET", "/v1/projects"),),
        v1.list_,
        f"{_TYPES}:V1ListProjectsRequest",
        f"{_TYPES}:V1ListProjectsResponse",
    ),
    Method(
        f"{_ID_V1}.create",
        (Route("POST", "/v1/projects", "project"),),
        v1.create,
        f"{_TYPES}:V1CreateProjectRequest",
        longrunning.OPERATION,
        write=True,
    ),
    Method(
        f"{_ID_V1}.update",
        (Route("PUT", _V1_PROJECT, "project"),),
        v1.update,
        f"{_TYPES}:V1UpdateProjectRequest",
        f"{_TYPES}:V1Project",
        permission=f"{_PERMISSION}.update",
        write=True,
    ),
    Method(
        f"{_ID_V1}.delete",
        (Route("DELETE", _V1_PROJECT),),
        v1.delete,
        f"{_TYPES}:V1GetProjectRequest",
        _EMPTY,
        permission=f"{_PERMISSION}.delete",
        write=True,
    ),
    Method(
        f"{_ID_V1}.undelete",
        (Route("POST", f"{_V1_PROJECT}:undelete", "*"),),
        v1.undelete,
        f"{_TYPES}:V1GetProjectRequest",
        _EMPTY,
        permission=f"{_PERMISSION}.undelete",
        write=True,
    ),
    Method(
        f"{_ID_V1}.getAncestry",
        (Route("POST", f"{_V1_PROJECT}:getAncestry", "*"),),
        v1.get_ancestry,
        f"{_TYPES}:V1GetProjectRequest",
        f"{_TYPES}:V1GetAncestryResponse",
        permission=f"{_PERMISSION}.get",
    ),
    Method(
        "cloudresourcemanager.v1.operations.get",
        (Route("GET", "/v1/{name=operations/*}"),),
        longrunning.get,
        f"{longrunning.REQUESTS}:GetOperationRequest",
        longrunning.OPERATION,
    ),
)

_POLICY_METHODS = tuple(
    method
    for prefix, version, rpc in ((_ID, "v3", _RPC), (_ID_V1, "v1", ""))
    for method in policy_methods(
        PolicyTarget(
            id_prefix=prefix,
            templates=(f"/{version}/{{resource=projects/*}}",),
            resolve=v3.resolve,
            permission_prefix=_PERMISSION,
            rpc_service=rpc,
            get_verb="POST",
            get_body="*",
        )
    )
)

SERVICE = Service(
    name="cloudresourcemanager.googleapis.com",
    methods=(
        *_V3_METHODS,
        *_V1_METHODS,
        *_POLICY_METHODS,
        *unserved_methods(Path(__file__).with_name("unserved.txt")),
    ),
)
