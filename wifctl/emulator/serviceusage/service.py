"""Service Usage v1 and v1beta1's service identities: the table of its methods."""

from __future__ import annotations

from pathlib import Path

from wifctl.emulator import longrunning
from wifctl.emulator.documented import unserved_methods
from wifctl.emulator.service import Method, Route, Service
from wifctl.emulator.serviceusage import identity, services

_ID = "serviceusage.services"
_TYPES = "wifctl.emulator.serviceusage.messages"
_RPC = "google.api.serviceusage.v1.ServiceUsage"
_SERVICE = "/v1/{name=*/*/services/*}"
_SERVICES = "/v1/{parent=*/*}/services"
_OPERATION = "/v1/{name=operations/*}"

_SERVICE_METHODS = (
    Method(
        f"{_ID}.get",
        (Route("GET", _SERVICE),),
        services.get,
        f"{_TYPES}:GetServiceRequest",
        f"{_TYPES}:Service",
        f"{_RPC}/GetService",
        "serviceusage.services.get",
    ),
    Method(
        f"{_ID}.list",
        (Route("GET", _SERVICES),),
        services.list_,
        f"{_TYPES}:ListServicesRequest",
        f"{_TYPES}:ListServicesResponse",
        f"{_RPC}/ListServices",
        "serviceusage.services.list",
    ),
    Method(
        f"{_ID}.batchGet",
        (Route("GET", f"{_SERVICES}:batchGet"),),
        services.batch_get,
        f"{_TYPES}:BatchGetServicesRequest",
        f"{_TYPES}:BatchGetServicesResponse",
        f"{_RPC}/BatchGetServices",
        "serviceusage.services.get",
    ),
    Method(
        f"{_ID}.enable",
        (Route("POST", f"{_SERVICE}:enable", "*"),),
        services.enable,
        f"{_TYPES}:EnableServiceRequest",
        longrunning.OPERATION,
        f"{_RPC}/EnableService",
        "serviceusage.services.enable",
        write=True,
    ),
    Method(
        f"{_ID}.batchEnable",
        (Route("POST", f"{_SERVICES}:batchEnable", "*"),),
        services.batch_enable,
        f"{_TYPES}:BatchEnableServicesRequest",
        longrunning.OPERATION,
        f"{_RPC}/BatchEnableServices",
        "serviceusage.services.enable",
        write=True,
    ),
    Method(
        f"{_ID}.disable",
        (Route("POST", f"{_SERVICE}:disable", "*"),),
        services.disable,
        f"{_TYPES}:DisableServiceRequest",
        longrunning.OPERATION,
        f"{_RPC}/DisableService",
        "serviceusage.services.disable",
        write=True,
    ),
    Method(
        f"{_ID}.generateServiceIdentity",
        (Route("POST", "/v1beta1/{parent=*/*/services/*}:generateServiceIdentity"),),
        identity.generate,
        f"{_TYPES}:GenerateServiceIdentityRequest",
        longrunning.OPERATION,
        "google.api.serviceusage.v1beta1.ServiceUsage/GenerateServiceIdentity",
        "serviceusage.services.enable",
        write=True,
    ),
)

_OPERATION_METHODS = (
    Method(
        "serviceusage.operations.get",
        (Route("GET", _OPERATION), Route("GET", "/v1beta1/{name=operations/*}")),
        longrunning.get,
        f"{longrunning.REQUESTS}:GetOperationRequest",
        longrunning.OPERATION,
        f"{longrunning.RPC}/GetOperation",
    ),
    Method(
        "serviceusage.operations.list",
        (Route("GET", "/v1/operations"), Route("GET", "/v1beta1/operations")),
        longrunning.list_,
        f"{longrunning.REQUESTS}:ListOperationsRequest",
        f"{longrunning.REQUESTS}:ListOperationsResponse",
        f"{longrunning.RPC}/ListOperations",
    ),
    Method(
        "serviceusage.operations.cancel",
        (Route("POST", f"{_OPERATION}:cancel", "*"),),
        longrunning.cancel,
        f"{longrunning.REQUESTS}:CancelOperationRequest",
        rpc=f"{longrunning.RPC}/CancelOperation",
    ),
    Method(
        "serviceusage.operations.delete",
        (Route("DELETE", _OPERATION),),
        longrunning.delete,
        f"{longrunning.REQUESTS}:DeleteOperationRequest",
        rpc=f"{longrunning.RPC}/DeleteOperation",
        write=True,
    ),
)

SERVICE = Service(
    name="serviceusage.googleapis.com",
    methods=(
        *_SERVICE_METHODS,
        *_OPERATION_METHODS,
        *unserved_methods(Path(__file__).with_name("unserved.txt")),
    ),
)
