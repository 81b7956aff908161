"""Which APIs are enabled in which project: what Service Usage keeps, and what a closed API answers.

A choice: an API that nobody has enabled or disabled is reported as Google's new projects have it,
but answers all the same, so that a fresh emulator needs no preparation. One that was disabled, by a
call or by how the project was declared, refuses with SERVICE_DISABLED until it is enabled.
"""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, error_info, help_link
from wifctl.emulator.projects import Project, Projects
from wifctl.emulator.store import Store

KIND = "api"
ALWAYS_ON = frozenset({"serviceusage.googleapis.com"})
"""Without this one nothing could ever be enabled again."""

NEW_PROJECT: frozenset[str] = frozenset(
    f"{name}.googleapis.com"
    for name in (
        "analyticshub",
        "bigquery",
        "bigquerymigration",
        "bigquerystorage",
        "cloudapis",
        "cloudtrace",
        "dataform",
        "dataplex",
        "datastore",
        "logging",
        "monitoring",
        "servicemanagement",
        "serviceusage",
        "sql-component",
        "storage",
        "storage-api",
        "storage-component",
    )
)
"""What Google enables in a new project."""


def is_enabled(store: Store, number: str, service: str) -> bool:
    """Whether Service Usage reports an API of a project as enabled."""
    record = store.get(KIND, _name(number, service))
    return bool(record["enabled"]) if record else service in NEW_PROJECT


def set_enabled(store: Store, number: str, service: str, *, enabled: bool) -> None:
    """Record what somebody asked for."""
    store.put(KIND, _name(number, service), {"enabled": enabled})


def check_api(store: Store, projects: Projects, service: str, title: str, resource: str) -> None:
    """Raise SERVICE_DISABLED when the API was disabled in the project of a resource name."""
    collection, _, rest = resource.partition("/")
    if service in ALWAYS_ON or collection != "projects":
        return
    project = projects.find(rest.partition("/")[0])
    record = store.get(KIND, _name(project.number, service)) if project else None
    if project and record and not record["enabled"]:
        raise service_disabled(project, service, title)


def service_disabled(project: Project, service: str, title: str) -> ApiError:
    """The 403 of an API that is not enabled in the consumer project."""
    url = (
        f"https://console.developers.google.com/apis/api/{service}/overview"
        f"?project={project.number}"
    )
    message = (
        f"{title} has not been used in project {project.number} before or it is disabled. Enable "
        f"it by visiting {url} then retry. If you enabled this API recently, wait a few minutes "
        "for the action to propagate to our systems and retry."
    )
    info = error_info(
        "SERVICE_DISABLED",
        "googleapis.com",
        {"consumer": f"projects/{project.number}", "service": service},
    )
    link = help_link("Google developers console API activation", url)
    return ApiError("PERMISSION_DENIED", message, details=(link, info))


def _name(number: str, service: str) -> str:
    return f"projects/{number}/services/{service}"
