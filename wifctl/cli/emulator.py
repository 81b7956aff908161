"""`wifctl emulator run | env | reset`: the local target for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.cli.target import LOCAL_STATE
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.names import PROJECT_ID, is_project_number


@click.group("emulator")
def command() -> None:
    """Run a local Google for programs and tests. It binds loopback only."""


@wifctl_command("run")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="REST door; 0: any free.")
@click.option(
    "--grpc-port", type=click.IntRange(0, 65535), default=0, help="gRPC door; 0: any free."
)
@click.option("--state", metavar="FILE", help="Keep the state here; default: in memory.")
@click.option(
    "--project",
    "projects",
    metavar="ID=NUMBER",
    multiple=True,
    help="A project that exists; given any, no other does. Repeatable.",
)
@click.option("--enforce-iam", is_flag=True, help="Refuse callers that lack the permission.")
@click.option(
    "--outside", metavar="FILE", help="YAML: issuers, AWS keys and strictness STS shall know."
)
@click.option("--log-requests", is_flag=True, help="Write one line a call to stderr.")
def run(
    session: Session,
    port: int,
    grpc_port: int,
    state: str | None,
    projects: tuple[str, ...],
    enforce_iam: bool,
    outside: str | None,
    log_requests: bool,
) -> int:
    """Serve both doors until interrupted.

    Once ready, one line of JSON on stdout names them: {"rest": …, "grpc": …, "pid": …}.
    """
    from wifctl.emulator.options import Options
    from wifctl.emulator.server import Doors, serve_forever

    def ready(doors: Doors) -> None:
        _announce(session.screen, doors.rest_url, doors.grpc_target)
        if enforce_iam:
            session.screen.say("IAM is enforced. The operator's bearer token is: local")

    options = Options(
        port=port,
        grpc_port=grpc_port,
        state=Path(state) if state else None,
        projects=dict(map(_project, projects)),
        enforce_iam=enforce_iam,
        outside=_outside(outside) if outside else {},
        log=session.screen.say if log_requests else None,
    )
    serve_forever(options, ready)
    return 0


@wifctl_command("env")
def env(session: Session) -> int:
    """Print the exports for gcloud, google-auth, Terraform and Google's client libraries.

    The emulator is the one of --endpoint or WIFCTL_ENDPOINT; it must be running.
    """
    from wifctl.gcp.doors import endpoint_behind
    from wifctl.render.exports import exports_text

    if not session.endpoint:
        raise click.UsageError("Say which emulator: --endpoint http://127.0.0.1:PORT.")
    doors = endpoint_behind(session.endpoint.rstrip("/"))
    project = session.project or session.environment.get("WIFCTL_PROJECT", "")
    session.screen.result(exports_text(doors.rest_url, doors.grpc_target, project))
    return 0


@wifctl_command("reset")
@click.option(
    "--state",
    metavar="FILE",
    default=str(LOCAL_STATE),
    show_default=True,
    help="The state file that is deleted; its emulator must not be running.",
)
def reset(session: Session, state: str) -> int:
    """Forget everything: of the running emulator of --endpoint, or in a state file."""
    if session.endpoint:
        from wifctl.gcp.doors import forget

        forget(session.endpoint.rstrip("/"))
        session.screen.say(f"{session.endpoint} has forgotten everything.")
        return 0
    path = Path(state)
    removed = [p for p in _state_files(path) if p.exists()]
    if removed:
        _refuse_if_running(path)
    for found in removed:
        found.unlink(missing_ok=True)
    session.screen.say(f"{path} is gone." if removed else f"There is no {path}.")
    return 0


for _command in (run, env, reset):
    command.add_command(_command)


def _announce(screen: Screen, rest_url: str, grpc_target: str) -> None:
    import os

    doors = {"rest": rest_url, "grpc": grpc_target, "pid": os.getpid()}
    screen.result(json.dumps(doors))
    if screen.is_live:
        screen.say(f'Tell other programs:  eval "$(wifctl emulator env --endpoint {rest_url})"')
        screen.say("Stop with Ctrl-C.")


def _project(text: str) -> tuple[str, str]:
    name, _, number = text.partition("=")
    if not PROJECT_ID.fullmatch(name) or not is_project_number(number):
        raise click.BadParameter(f"{text!r} is not ID=NUMBER, e.g. acme-ci=123456789012.")
    return name, number


def _outside(text: str) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(Path(text).read_text(encoding="utf-8"))
    except OSError as error:
        raise click.BadParameter(f"{text} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{text} is not YAML.") from error
    if not isinstance(found, dict):
        raise click.BadParameter(f"{text} must be a mapping.")
    return found


def _state_files(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def _refuse_if_running(path: Path) -> None:
    import sqlite3

    try:
        with sqlite3.connect(path, timeout=0) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        raise WifctlError(
            Diagnostic("state-in-use", f"{path} is in use", fix="stop the emulator first")
        ) from error
    except sqlite3.DatabaseError as error:
        found = Diagnostic(
            "not-a-state", f"{path} is no state of the emulator", fix="check --state"
        )
        raise WifctlError(found) from error
    finally:
        connection.close()
