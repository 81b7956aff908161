"""Remote repositories: lists and files from upstream, kept once fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from wifctl.emulator.artifactregistry.names import Name
from wifctl.emulator.errors import ApiError, Json, not_found
from wifctl.emulator.python import agent, files
from wifctl.emulator.python.fetch import Fetched, Order, fetched, same_origin
from wifctl.emulator.python.indexes import index_url
from wifctl.emulator.python.pages import ACCEPT, read_page
from wifctl.emulator.service import Context

Answers = Mapping[str, Fetched]


def listing(
    context: Context, name: Name, remote: Json, project: str, answers: Answers
) -> dict[str, Json]:
    """What upstream has of a project, with what is cached; the cache alone while upstream fails.

    Raises ApiError when upstream fails and nothing is cached.
    """
    cached = files.stored(context.store, name.canonical, project)
    try:
        found = _upstream(context, name, remote, project, answers)
    except ApiError:
        if not cached:
            raise
        return cached
    return {**found, **{n: {**found.get(n, {}), **entry} for n, entry in cached.items()}}


def content(
    context: Context, name: Name, remote: Json, project: str, filename: str, answers: Answers
) -> bytes:
    """A file from the cache, or from upstream into the cache. Raises ApiError."""
    cached = files.stored(context.store, name.canonical, project).get(filename)
    if cached:
        return files.blob(context.store, cached["sha256"])
    entry = _entry(context, name, remote, project, filename, answers)
    found = _get(context, name, remote, entry["url"], "*/*", answers)
    if found is None:
        raise not_found(f"The upstream does not have the file {filename}.")
    digest = hashlib.sha256(found.body).hexdigest()
    if entry.get("sha256", digest) != digest:
        raise _failed(f"the file {filename} has another SHA-256 than its index says")
    files.keep(context.store, name.canonical, project, filename, found.body)
    return found.body


def metadata(
    context: Context, name: Name, remote: Json, project: str, filename: str, answers: Answers
) -> bytes:
    """The metadata file of a wheel, from the cache or from upstream. Raises ApiError."""
    cached = files.stored(context.store, name.canonical, project).get(filename)
    if cached:
        return files.blob(context.store, cached.get("metadata", ""))
    entry = _entry(context, name, remote, project, filename, answers)
    if not entry.get("metadata"):
        raise not_found()
    found = _get(context, name, remote, f"{entry['url']}.metadata", "*/*", answers)
    if found is None:
        raise not_found()
    return found.body


def _entry(
    context: Context, name: Name, remote: Json, project: str, filename: str, answers: Answers
) -> Json:
    index = context.store.get(files.INDEX, files.package(name.canonical, project)) or {}
    entry = index.get("files", {}).get(filename)
    if entry is None:
        entry = _upstream(context, name, remote, project, answers).get(filename)
    if entry is None:
        raise not_found(f"The upstream does not have the file {filename}.")
    found: Json = entry
    return found


def _upstream(
    context: Context, name: Name, remote: Json, project: str, answers: Answers
) -> dict[str, Json]:
    url = f"{index_url(context.store, remote)}{project}/"
    page = _get(context, name, remote, url, ACCEPT, answers)
    if page is None:
        return {}
    try:
        found = read_page(page.url, page.type, page.body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _failed(f"{_place(url)} is no package index") from None
    context.store.put(
        files.INDEX, files.package(name.canonical, project), {"url": url, "files": found}
    )
    return found


def _get(
    context: Context, name: Name, remote: Json, url: str, accept: str, answers: Answers
) -> Fetched | None:
    """A successful answer, or None for a 404. Credentials stay with the index's own origin."""
    login = None
    if same_origin(url, index_url(context.store, remote)):
        login = agent.login(context, name.place.project, remote)
    found = fetched(answers, Order(url, accept, login))
    if found.status == 404:
        return None
    if found.status in (401, 403):
        who = f"the user {login.user!r} and its password" if login else "a request without login"
        raise ApiError(
            "PERMISSION_DENIED",
            "The upstream refuses the credentials of the repository.",
            remark=f"({_place(url)} answered {who} with HTTP {found.status})",
        )
    if found.status != 200:
        raise _failed(f"{_place(url)}: {found.problem or f'HTTP {found.status}'}")
    return found


def _failed(why: str) -> ApiError:
    return ApiError("UNAVAILABLE", "The upstream of the repository failed.", remark=f"({why})")


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
