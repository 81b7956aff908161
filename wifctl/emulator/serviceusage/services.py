"""The methods of services: get, list, batchGet, enable, batchEnable, disable."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from wifctl.emulator import longrunning
from wifctl.emulator.agents import ensure_agent
from wifctl.emulator.apis import is_enabled, set_enabled
from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.paging import page
from wifctl.emulator.projects import Project
from wifctl.emulator.service import Context
from wifctl.emulator.serviceusage.catalogue import dependants, titles, with_needs

MAX_PAGE = 200
DEFAULT_PAGE = 50
MAX_BATCH_ENABLE = 20
MAX_BATCH_GET = 30

_TYPE = "type.googleapis.com/google.api.serviceusage.v1"
_DONE = "operations/noop.DONE_OPERATION"
_FILTERS = {"": None, "state:ENABLED": "ENABLED", "state:DISABLED": "DISABLED"}
_PARENT = re.compile(r"(?:projects|folders|organizations)/([^/]+)")
_NAME = re.compile(r"([^/]+/[^/]+)/services/([^/]+)")


def get(context: Context, request: Json) -> Json:
    """One API of a project and its state."""
    project, service = service_of(context, request.get("name", ""), "get")
    return _shown(context, project, service)


def list_(context: Context, request: Json) -> Json:
    """Every API there is, or those in one state; a page is never longer than asked for."""
    project = project_of(context, request.get("parent", ""), "list services for")
    wanted = request.get("filter", "")
    if wanted not in _FILTERS:
        raise invalid("The filter must be state:ENABLED or state:DISABLED.")
    if request.get("pageSize", 0) > MAX_PAGE:
        raise invalid(f"The page size cannot exceed {MAX_PAGE}.")
    found = [_shown(context, project, service) for service in titles()]
    found = [s for s in found if _FILTERS[wanted] in (None, s["state"])]
    shown, token = page(
        found, request, default=DEFAULT_PAGE, maximum=MAX_PAGE, scope=f"{project.number} {wanted}"
    )
    return {"services": list(shown), "nextPageToken": token}


def batch_get(context: Context, request: Json) -> Json:
    """Several APIs of one project, in the order asked for."""
    project = project_of(context, request.get("parent", ""), "get services of")
    names = request.get("names", [])
    if not 1 <= len(names) <= MAX_BATCH_GET:
        raise invalid(f"A batch holds 1 to {MAX_BATCH_GET} services.")
    found = [service_of(context, name, "get") for name in names]
    if any(owner != project for owner, _service in found):
        raise invalid("Every name must belong to the parent.")
    return {"services": [_shown(context, project, service) for _owner, service in found]}


def enable(context: Context, request: Json) -> Json:
    """Enable an API with what it needs; done at once when it is enabled already."""
    project, service = service_of(context, request.get("name", ""), "enable")
    changed = not is_enabled(context.store, project.number, service)
    _enable(context, project, [service])
    answer: Json = {"@type": f"{_TYPE}.EnableServiceResponse"}
    answer["service"] = _shown(context, project, service)
    return _operation(context, project, [service], answer, changed=changed)


def batch_enable(context: Context, request: Json) -> Json:
    """Enable up to 20 APIs, all or none."""
    project = project_of(context, request.get("parent", ""), "enable services for")
    services = list(dict.fromkeys(request.get("serviceIds", [])))
    if not 1 <= len(services) <= MAX_BATCH_ENABLE:
        raise invalid(f"A batch holds 1 to {MAX_BATCH_ENABLE} services.")
    _check_known(services)
    changed = not all(is_enabled(context.store, project.number, s) for s in services)
    _enable(context, project, services)
    answer: Json = {"@type": f"{_TYPE}.BatchEnableServicesResponse"}
    answer["services"] = [_shown(context, project, service) for service in services]
    return _operation(context, project, services, answer, changed=changed)


def disable(context: Context, request: Json) -> Json:
    """Disable an API, with its dependants if told so. Usage is never found, whatever is asked."""
    project, service = service_of(context, request.get("name", ""), "disable")
    if not is_enabled(context.store, project.number, service):
        raise _precondition(f"The service {service} is not enabled in the project.")
    active = [d for d in dependants(service) if is_enabled(context.store, project.number, d)]
    if active and not request.get("disableDependentServices", False):
        raise _precondition(
            f"The service {service} is depended on by the following active service(s): "
            f"{','.join(active)}; Please specify disable_dependent_services=true if you want to "
            "proceed with disabling all services."
        )
    for name in (*active, service):
        set_enabled(context.store, project.number, name, enabled=False)
    answer: Json = {"@type": f"{_TYPE}.DisableServiceResponse"}
    answer["service"] = _shown(context, project, service)
    return _operation(context, project, [service], answer, changed=True)


def project_of(context: Context, parent: str, doing: str) -> Project:
    """The project of a parent name, or Service Usage's refusal."""
    found = _PARENT.fullmatch(parent)
    if not found:
        raise invalid(f"Invalid consumer name: {parent}.")
    project = context.projects.find(found[1]) if parent.startswith("projects/") else None
    if project is None:
        raise _denied(f"Permission denied to {doing} consumer container [{parent}]")
    return project


def service_of(context: Context, name: str, verb: str) -> tuple[Project, str]:
    """The project and the API of a service's name; both must exist."""
    found = _NAME.fullmatch(name)
    if not found:
        raise invalid(f"Invalid service name: {name}.")
    project = project_of(context, found[1], f"{verb} service [{found[2]}] for")
    _check_known([found[2]])
    return project, found[2]


def _check_known(services: Iterable[str]) -> None:
    unknown = [service for service in services if service not in titles()]
    if unknown:
        raise _denied(f"Not found or permission denied for service(s): {', '.join(unknown)}.")


def _denied(message: str) -> ApiError:
    return ApiError("PERMISSION_DENIED", message, "forbidden")


def _precondition(message: str) -> ApiError:
    return ApiError("FAILED_PRECONDITION", message, "failedPrecondition")


def _enable(context: Context, project: Project, services: Iterable[str]) -> None:
    for service in services:
        for name in with_needs(service):
            set_enabled(context.store, project.number, name, enabled=True)
            ensure_agent(context.store, project.number, name)


def _shown(context: Context, project: Project, service: str) -> Json:
    parent = f"projects/{project.number}"
    enabled = is_enabled(context.store, project.number, service)
    return {
        "name": f"{parent}/services/{service}",
        "parent": parent,
        "config": {"name": service, "title": titles()[service]},
        "state": "ENABLED" if enabled else "DISABLED",
    }


def _operation(
    context: Context, project: Project, services: list[str], answer: Json, *, changed: bool
) -> Json:
    if not changed:
        return longrunning.load_types({"name": _DONE, "done": True, "response": answer})
    names = [f"projects/{project.number}/services/{service}" for service in services]
    metadata = {"@type": f"{_TYPE}.OperationMetadata", "resourceNames": names}
    operation = f"operations/acat.p2-{project.number}-{uuid.uuid4()}"
    started = context.operations.start(operation, response=answer, metadata=metadata)
    return longrunning.load_types(started)
