"""What a workflow is made from, and the checks that keep it from saying something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wifctl.credentials.configuration.document import configuration_document, configuration_text
from wifctl.credentials.configuration.model import CredentialConfiguration, FileSource
from wifctl.credentials.workflows.systems import System
from wifctl.diagnostics import Diagnostic, raise_failures
from wifctl.names import ProviderName, is_project_number

Output = Literal["credentials-file", "access-token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The values every template gets. `options` are those of the system, by name."""

    provider: ProviderName
    """With the project *number*."""
    service_account: str = ""
    """Empty: the federated identity itself is used."""
    audience: str = ""
    """What the token is asked for; empty: the provider's own URL, Google's default."""
    token_lifetime_seconds: int | None = None
    output: Output = "credentials-file"
    name: str = "google-cloud"
    branch: str = "main"
    setup: tuple[str, ...] = ("python -m pip install wifctl",)
    """Commands that need no identity."""
    commands: tuple[str, ...] = ("wifctl plan",)
    """Commands that act as it."""
    options: Mapping[str, str] = field(default_factory=dict)


def context(workflow: Workflow, system: System) -> dict[str, object]:
    """The names a template may use. Raises WifctlError with everything that is wrong."""
    raise_failures(_problems(workflow, system))
    default_audience = f"https:{workflow.provider.audience}"
    defaults: dict[str, object] = {name: each.default for name, each in system.options.items()}
    configuration = _configuration(workflow, system)
    common: dict[str, object] = {
        "provider": workflow.provider,
        "service_account": workflow.service_account,
        "default_audience": default_audience,
        "audience": workflow.audience or default_audience,
        "token_lifetime_seconds": workflow.token_lifetime_seconds,
        "output": workflow.output,
        "name": workflow.name,
        "branch": workflow.branch,
        "setup": workflow.setup,
        "commands": workflow.commands,
        "credentials_text": configuration_text(configuration),
        "credentials_line": json.dumps(configuration_document(configuration)),
    }
    return common | defaults | dict(workflow.options)


def _configuration(workflow: Workflow, system: System) -> CredentialConfiguration:
    return CredentialConfiguration(
        provider=str(workflow.provider),
        source=FileSource(system.token_path),
        service_account=workflow.service_account,
        token_lifetime_seconds=workflow.token_lifetime_seconds,
    )


_ID = re.compile(r"[a-z0-9-]+")
_EMAIL = re.compile(r"[a-z0-9.-]+@[a-z0-9.-]+")
_BRANCH = re.compile(r"[A-Za-z0-9._/-]+")
_AUDIENCE = re.compile(r"[A-Za-z0-9:/._~{}@-]+")
_LINE = re.compile(r"[^\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]*")


def _problems(workflow: Workflow, system: System) -> Iterator[Diagnostic]:
    provider = workflow.provider
    if not is_project_number(provider.project):
        yield _problem("provider", f"{provider.project!r} is not a project number")
    if not _ID.fullmatch(provider.pool) or not _ID.fullmatch(provider.provider):
        yield _problem("provider", f"{str(provider)!r} is not the name of a provider")
    if workflow.audience and not _AUDIENCE.fullmatch(workflow.audience):
        yield _problem("audience", f"{workflow.audience!r} is no audience")
    if workflow.service_account and not _EMAIL.fullmatch(workflow.service_account):
        yield _problem(
            "service_account", f"{workflow.service_account!r} is no e-mail of an account"
        )
    if not _BRANCH.fullmatch(workflow.branch):
        yield _problem("branch", f"{workflow.branch!r} is no branch this can be written for")
    if workflow.output not in system.outputs:
        yield _problem("output", f"{system.title} cannot give {workflow.output}")
    if system.needs_account and not workflow.service_account:
        yield _problem("service_account", f"{system.title} needs a service account")
    yield from _option_problems(workflow, system)


def _option_problems(workflow: Workflow, system: System) -> Iterator[Diagnostic]:
    for name, option in system.options.items():
        if option.default is None and not workflow.options.get(name):
            yield _problem(name, f"{system.title} needs it: {option.help}")
    lines = {"name": workflow.name} | dict(workflow.options)
    for name, value in lines.items():
        if not _LINE.fullmatch(value):
            yield _problem(name, "holds a line break or a control character")


def _problem(path: str, message: str) -> Diagnostic:
    return Diagnostic("workflow-value", message, path=path)
