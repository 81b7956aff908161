"""What Google refuses of a repository, said before the call (Artifact Registry v1 reference)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from wifctl.kinds import checks
from wifctl.kinds.base import Problem
from wifctl.kinds.repository_body import in_seconds
from wifctl.resource import Resource

_ID = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_REMOTE = ("upstream", "upstream_credentials", "remote_repository_config")
_VIRTUAL = ("upstream_policies", "virtual_repository_config")


def check(resource: Resource) -> Iterable[Problem]:
    """Every problem of one repository's spec."""
    spec = resource.spec
    if not _ID.fullmatch(resource.address.id):
        yield Problem(
            "bad-id",
            "metadata.id",
            f"{resource.address.id!r} is no repository id",
            allowed="1 to 63 of a-z, 0-9 and -, a letter first, no hyphen last",
            fix="set `metadata.id`, which may differ from the name",
        )
    yield from checks.labels(spec.labels, "spec.labels")
    yield from _blocks(spec)
    if spec.mode == "REMOTE_REPOSITORY":
        yield from _remote(spec)
    yield from _regional(resource)
    yield from _policies(spec)
    for key, policy in (spec.cleanup_policies or {}).items():
        yield from _cleanup(policy, key)


def _blocks(spec: Any) -> Iterable[Problem]:
    for mode, fields in (("REMOTE_REPOSITORY", _REMOTE), ("VIRTUAL_REPOSITORY", _VIRTUAL)):
        for field in fields:
            if getattr(spec, field) is not None and spec.mode != mode:
                yield Problem(
                    "conflicting-fields",
                    f"spec.{type(spec).model_fields[field].alias}",
                    f"only a {mode} has this field",
                    fix=f"set `mode: {mode}`, or remove the field",
                )
    for short, long in (("upstream_policies", "virtual_repository_config"),):
        if getattr(spec, short) is not None and getattr(spec, long) is not None:
            yield checks.one_of("spec", ("upstreamPolicies", "virtualRepositoryConfig"))


def _remote(spec: Any) -> Iterable[Problem]:
    config = spec.remote_repository_config
    long = config is not None and (config.python_repository or config.common_repository)
    if (spec.upstream is None) == (not long):
        names = ("upstream", "remoteRepositoryConfig with pythonRepository or commonRepository")
        yield checks.one_of("spec", names)
    elif config is not None and config.python_repository and config.common_repository:
        names = ("pythonRepository", "commonRepository")
        yield checks.one_of("spec.remoteRepositoryConfig", names)
    if spec.upstream is not None and spec.upstream != "PYPI":
        yield from _uri(spec.upstream, "spec.upstream")
    if config is not None and config.common_repository:
        path = "spec.remoteRepositoryConfig.commonRepository.uri"
        yield from _uri(config.common_repository.uri, path)
    if config is not None and config.upstream_credentials and spec.upstream_credentials:
        names = ("upstreamCredentials", "remoteRepositoryConfig.upstreamCredentials")
        yield checks.one_of("spec", names)
    if spec.upstream_credentials is not None:
        yield from _password(spec.upstream_credentials.password_secret_version)


def _uri(text: str, path: str) -> Iterable[Problem]:
    parts = checks.url_parts(text)
    if parts.scheme != "https" or not parts.hostname:
        yield Problem(
            "bad-url",
            path,
            f"{text!r} is neither PYPI nor an https URI",
            allowed="PYPI, or https://HOST/PATH",
            fix="write the upstream's address",
        )


def _password(form: Any) -> Iterable[Problem]:
    path = "spec.upstreamCredentials.passwordSecretVersion"
    if (form.name is None) == (form.secret is None):
        yield checks.one_of(path, ("a full name", "secret"))
    elif form.secret is not None and form.version is None:
        yield Problem(
            "missing-field",
            path,
            "a secret without version",
            allowed="a number, or newest",
            fix="add `version: newest`",
        )


def _regional(resource: Resource) -> Iterable[Problem]:
    """Google's form of the name, projects/P/secrets/S/versions/N, has no place for a region."""
    path = "upstreamCredentials.passwordSecretVersion.secret"
    link = resource.links.get(path)
    if link is not None and len(link.address.path) > 2:
        yield Problem(
            "not-allowed",
            f"spec.{path}",
            f"{link.address.id} is a regional secret, and Artifact Registry reads global ones only",
            allowed="a secret without `location`",
            fix="declare a global secret for the password",
        )


def _policies(spec: Any) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, policy in enumerate(spec.upstream_policies or ()):
        if policy.id in seen:
            yield Problem(
                "duplicate-value",
                f"spec.upstreamPolicies[{index}].id",
                f"a second policy {policy.id!r}",
                allowed="each id once",
                fix="rename one",
            )
        seen.add(policy.id)


def _cleanup(policy: Any, key: str) -> Iterable[Problem]:
    path = f"spec.cleanupPolicies.{key}"
    if policy.id is not None and policy.id != key:
        yield Problem(
            "conflicting-fields",
            f"{path}.id",
            f"{policy.id!r} stands under the key {key!r}",
            allowed="the key",
            fix="remove `id`",
        )
    if (policy.condition is None) == (policy.most_recent_versions is None):
        yield checks.one_of(path, ("condition", "mostRecentVersions"))
    for name in ("older_than", "newer_than"):
        text = getattr(policy.condition, name, None)
        if text is not None:
            field = "olderThan" if name == "older_than" else "newerThan"
            yield from checks.duration(in_seconds(text), f"{path}.condition.{field}", 0, 10**10)
