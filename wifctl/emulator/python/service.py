"""What package clients may call, as methods: so they are logged, switched and permitted like any.

These are no methods of the API: their ids exist in the request log and in switches only.
"""

from __future__ import annotations

from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import Json, invalid, not_found
from wifctl.emulator.python import repositories
from wifctl.emulator.python.agent import DOWNLOAD
from wifctl.emulator.python.names import is_project, normal
from wifctl.emulator.python.pages import chosen, project_page, root_page
from wifctl.emulator.python.upload import read_form, upload
from wifctl.emulator.service import Context, Method, Service

UPLOAD = "artifactregistry.repositories.uploadArtifacts"
_METADATA = ".metadata"


def _open(context: Context, request: Json) -> repositories.Repository:
    return repositories.open_repository(context, request["name"], request["answers"])


def _root(context: Context, request: Json) -> Json:
    kind = chosen(request["accept"])
    return {"type": kind, "body": root_page(repositories.projects(_open(context, request)), kind)}


def _simple(context: Context, request: Json) -> Json:
    project = _project(request)
    found = repositories.listing(_open(context, request), project)
    if not found:
        raise not_found(f"There is no package {project}.")
    kind = chosen(request["accept"])
    return {"type": kind, "body": project_page(project, found.values(), kind)}


def _file(context: Context, request: Json) -> Json:
    project, filename = _project(request), request["fileId"]
    repository = _open(context, request)
    if filename.endswith(_METADATA):
        wheel = filename.removesuffix(_METADATA)
        body = repositories.metadata(repository, project, wheel)
    else:
        body = repositories.content(repository, project, filename)
    return {"type": "application/octet-stream", "body": body}


def _upload(context: Context, request: Json) -> Json:
    upload(_open(context, request), read_form(request["contentType"], request["body"]))
    return {"type": "text/plain", "body": b"OK\n"}


def _project(request: Json) -> str:
    project = request["packageId"]
    if not is_project(project):
        raise invalid(f"{project!r} is no package name.")
    return normal(project)


SERVICE = Service("artifactregistry.googleapis.com", ())
_ID = "artifactregistry.python"
ROOT, SIMPLE, FILE, SEND = (
    Endpoint(SERVICE, method)
    for method in (
        Method(f"{_ID}.list", (), _root, response="", permission=DOWNLOAD, resource="name"),
        Method(f"{_ID}.simple", (), _simple, response="", permission=DOWNLOAD, resource="name"),
        Method(f"{_ID}.download", (), _file, response="", permission=DOWNLOAD, resource="name"),
        Method(
            f"{_ID}.upload",
            (),
            _upload,
            response="",
            permission=UPLOAD,
            resource="name",
            write=True,
        ),
    )
)
