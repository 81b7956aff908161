"""Which policies count for a resource: its own, and those of everything that contains it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wifctl.emulator.projects import Projects
from wifctl.emulator.store import Store

_PROJECT = re.compile(r"projects/([^/]+)")
_ACCOUNT = re.compile(r"projects/([^/]+)/serviceAccounts/([^/]+)(?:/.*)?")


def lineage(resource: str, store: Store, projects: Projects) -> Iterator[str]:
    """Names under which policies are kept, the resource's own first, its project's last.

    `resource` is a name as requests spell it: project by id, number or, of a service account, `-`.
    """
    if account := _ACCOUNT.fullmatch(resource):
        yield from _account(account[1], account[2], store, projects)
    elif (project := _PROJECT.match(resource)) and (found := projects.find(project[1])):
        rest = resource[project.end() :]
        yield from _containers(f"projects/{found.number}{rest}", found.id)


def _account(project_text: str, account: str, store: Store, projects: Projects) -> Iterator[str]:
    by_id = account.isdigit()
    kind, name = ("accountId", "ids/") if by_id else ("accountEmail", "emails/")
    entry = store.get(kind, name + account.lower())
    if entry:
        yield entry["key"]
    holder = entry["key"].split("/")[1] if entry else project_text
    if project := projects.find(holder):
        yield f"projects/{project.number}"


def _containers(name: str, project_id: str) -> Iterator[str]:
    """`projects/1/secrets/s/versions/2` and everything it is part of, under either project form."""
    parts = name.split("/")
    for length in range(len(parts), 1, -1):
        yield "/".join(parts[:length])
        if length > 2:
            yield "/".join(("projects", project_id, *parts[2:length]))
