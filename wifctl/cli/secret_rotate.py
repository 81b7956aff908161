"""`wifctl secret rotate`: a new payload, the repositories behind it, and then the old version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from wifctl.api import Api
from wifctl.cli.asking import agrees, ask, require_answer
from wifctl.cli.loading import DEFAULT, tell
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.references import References
from wifctl.cli.secret_source import parse_source, read_payload
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import Diagnostic, ExitCode, Severity
from wifctl.names import SecretName
from wifctl.payloads import source_text
from wifctl.render.palette import Palette
from wifctl.render.rotation import rotation_text
from wifctl.resource import Resource
from wifctl.upstream.consumers import Consumers, consumers_of
from wifctl.upstream.manifests import declared_consumers, pinned
from wifctl.upstream.rotate import Rotator
from wifctl.upstream.rotation import Asked, Rotation, Way, plan_rotation


@wifctl_command("rotate")
@click.argument("name", metavar="NAME")
@click.option("--from", "source", metavar="SOURCE", help="env:NAME, file:PATH or stdin.")
@click.option("--trim", is_flag=True, help="Take a newline at its end off the payload.")
@click.option("--finish", is_flag=True, help="Go on with a version that was added before.")
@click.option("--rollback", is_flag=True, help="Go back to the version before.")
@click.option("--disable", is_flag=True, help="Disable the versions that are left behind.")
@click.option("--auto-approve", "--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option(
    "--manifests", "paths", metavar="PATH", multiple=True, help="Default: manifests/, if there."
)
def command(
    session: Session,
    name: str,
    source: str | None,
    trim: bool,
    finish: bool,
    rollback: bool,
    disable: bool,
    auto_approve: bool,
    dry_run: bool,
    paths: tuple[str, ...],
) -> int:
    """Add a version, repoint every repository that names the secret, then let the old one go.

    NAME is a secret in the manifests, project/name, or projects/P/secrets/S. Old versions stay
    enabled unless --disable says otherwise, since other readers cannot be seen; nothing is
    destroyed. Stopped anywhere, the same command finishes: it knows its own version by its
    payload. What is checked is that the agent may read the version and that the repositories
    name it; whether the upstream takes it says `wifctl doctor pypi`.
    """
    if sum((source is not None, finish, rollback)) != 1:
        raise click.UsageError("Say one of --from, --finish, --rollback.")
    if not dry_run:
        require_answer(session.screen, auto_approve=auto_approve)
    way = Way.FINISH if finish else Way.ROLLBACK if rollback else Way.FORWARD
    where = parse_source(source, trim=trim) if source else None
    asked = Asked(way, read_payload(session, where) if where else None, disable)
    references = References(session, paths)
    secret = references.secret(name)
    resources = _resources(references, paths)
    run = _Run(session, secret, asked, source_text(where) if where else "")

    async def work(api: Api) -> ExitCode:
        projects = dict.fromkeys((secret.project, *references.numbers))
        names = declared_consumers(resources, secret)
        found = await consumers_of(api, secret, names, projects)
        return await run.go(api, found, resources, ask_first=not auto_approve, dry=dry_run)

    with opened(session, references.numbers) as target:
        return with_api(target, work)


def _resources(references: References, paths: Sequence[str]) -> Sequence[Resource]:
    """The manifests, where there are any: a secret may be rotated without."""
    return references.loaded.resources if paths or Path(DEFAULT).is_dir() else ()


class _Run:
    """One rotation at the command line."""

    def __init__(self, session: Session, secret: SecretName, asked: Asked, source: str) -> None:
        self._session = session
        self._secret = secret
        self._asked = asked
        self._source = source

    async def go(
        self,
        api: Api,
        consumers: Consumers,
        resources: Sequence[Resource],
        *,
        ask_first: bool,
        dry: bool,
    ) -> ExitCode:
        """Plan, show, ask, do."""
        screen, asked = self._session.screen, self._asked
        rotation = await plan_rotation(api, self._secret, consumers.found, asked)
        screen.result(rotation_text(rotation, self._source, Palette(screen.out_colour)))
        tell(screen, map(_unseen, consumers.unseen))
        if dry or (rotation.is_done and not rotation.keep):
            return ExitCode.OK
        if ask_first and not rotation.is_done:
            ask(screen, "Rotate?")
        rotator = Rotator(api, rotation, lambda text: screen.say(f"✓ {text}"))
        version = await rotator.change(asked.payload)
        tell(screen, pinned(resources, self._secret, version))
        await rotator.disable(version, self._left_behind(rotation))
        return ExitCode.OK

    def _left_behind(self, rotation: Rotation) -> tuple[str, ...]:
        if not rotation.keep:
            return rotation.disable
        numbers = ", ".join(rotation.keep)
        question = f"Disable version {numbers}? Other readers of the secret cannot be seen."
        if agrees(self._session.screen, question):
            return rotation.keep
        text = f"version {numbers} stays enabled"
        fix = "once nobody reads it any more: the same command with --disable"
        tell(
            self._session.screen,
            [Diagnostic("nothing-disabled", text, Severity.NOTE, fix=fix)],
        )
        return ()


def _unseen(project: str) -> Diagnostic:
    text = f"the repositories of project {project} cannot be listed: some may name the secret"
    return Diagnostic("unseen-repositories", text, Severity.WARNING)
