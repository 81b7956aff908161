"""Payloads: fetched and checked before the first write, added only where still called for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.api import Api
from wifctl.apply.known import Known
from wifctl.diagnostics import Diagnostic, Severity, WifctlError
from wifctl.kinds.base import Write
from wifctl.kinds.registry import kind as kind_of
from wifctl.kinds.secret import secret_name
from wifctl.kinds.secret_version import newest_enabled
from wifctl.names import SecretVersionName
from wifctl.payloads import Payloads, SecretBytes, checked
from wifctl.plan.model import Step
from wifctl.progress import Outcome
from wifctl.resource import SECRET_VERSION, Address


def fetch(
    steps: Iterable[Step], payloads: Payloads
) -> tuple[dict[Address, SecretBytes], tuple[Diagnostic, ...]]:
    """Every payload a plan needs, with the warnings. Raises WifctlError with all problems."""
    found: dict[Address, SecretBytes] = {}
    problems: list[Diagnostic] = []
    stdin_used = False
    for step in steps:
        if step.address.kind != SECRET_VERSION:
            continue
        source = step.fields["source"]
        if source.get("stdin") and stdin_used:
            problems.append(_second_stdin(step))
            continue
        stdin_used = stdin_used or bool(source.get("stdin"))
        try:
            payload, findings = checked(source, payloads.read(source))
        except WifctlError as error:
            problems.extend(error.diagnostics)
            continue
        problems.extend(findings)
        found[step.address] = SecretBytes(payload)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise WifctlError(*problems)
    return found, tuple(problems)


def _second_stdin(step: Step) -> Diagnostic:
    return Diagnostic(
        "payload-stdin",
        "two secrets of one run read standard input",
        allowed="one",
        fix="give one of them an environment variable or a file",
        address=str(step.address),
    )


@dataclass(frozen=True, slots=True)
class Versions:
    """Runs the steps that add versions."""

    api: Api
    known: Known
    payloads: Mapping[Address, SecretBytes]

    async def run(self, step: Step) -> tuple[Outcome, str]:
        """Adds the payload unless somebody was faster, or it is there already."""
        name = secret_name(step.address)
        secret = str(Address("Secret", step.address.path))
        versions = list(await self.api.secrets.versions(name))
        newest = newest_enabled(versions)
        if versions and step.fields["when"] == "missing":
            if newest:
                self.known.version(secret, newest)
            return Outcome.ALREADY, "the secret has a version"
        payload = self.payloads[step.address].value
        if newest and await self.api.secrets.access(SecretVersionName(name, newest)) == payload:
            self.known.version(secret, newest)
            return Outcome.ALREADY, f"version {newest} holds this payload"
        return await self._add(step, secret)

    async def _add(self, step: Step, secret: str) -> tuple[Outcome, str]:
        remote = kind_of(SECRET_VERSION).remote
        assert remote is not None
        payload = self.payloads[step.address]
        write = Write(step.address, {}, payload=lambda: payload.value)
        added = await remote.create(self.api, write) or {}
        number = str(added["version"])
        self.known.version(secret, number)
        return Outcome.DONE, f"version {number}"
