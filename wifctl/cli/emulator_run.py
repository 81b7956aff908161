"""`wifctl emulator run`: both doors in the foreground, with switches turned at the start."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.names import PROJECT_ID, is_project_number


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
@click.option(
    "--switches",
    metavar="FILE",
    help="YAML: latency, faults, consistency, apis, quotas, upstreams, pendingPolls, clock.",
)
@click.option(
    "--latency",
    "latencies",
    metavar="[METHOD=]MS",
    multiple=True,
    help="Answer that much later; METHOD may hold `*`. Repeatable.",
)
@click.option("--quotas", is_flag=True, help="Refuse calls above the documented quotas a minute.")
@click.option("--clock", metavar="TIME", help="Start at this moment (RFC 3339) instead of now.")
@click.option("--log-requests", is_flag=True, help="Write one line a call to stderr.")
def run(
    session: Session,
    port: int,
    grpc_port: int,
    state: str | None,
    projects: tuple[str, ...],
    enforce_iam: bool,
    outside: str | None,
    switches: str | None,
    latencies: tuple[str, ...],
    quotas: bool,
    clock: str | None,
    log_requests: bool,
) -> int:
    """Serve both doors until interrupted.

    Once ready, one line of JSON on stdout names them: {"rest": …, "grpc": …, "pid": …}.
    """
    from wifctl.emulator.options import Options
    from wifctl.emulator.server import Doors, serve_forever

    told = dict(_mapping(switches)) if switches else {}
    moment = clock or told.pop("clock", None)
    options = Options(
        port=port,
        grpc_port=grpc_port,
        state=Path(state) if state else None,
        projects=dict(map(_project, projects)),
        enforce_iam=enforce_iam,
        outside=_mapping(outside) if outside else {},
        switches={**told, **_flags(told, latencies, quotas)},
        clock=_moment(moment) if moment else None,
        log=session.screen.say if log_requests else None,
    )

    def ready(doors: Doors) -> None:
        _announce(session.screen, doors.rest_url, doors.grpc_target, options)

    serve_forever(options, ready)
    return 0


def _announce(screen: Screen, rest_url: str, grpc_target: str, options: Any) -> None:
    """One line for programs on stdout; words for people on stderr, none of them in a pipeline."""
    doors = {"rest": rest_url, "grpc": grpc_target, "pid": os.getpid()}
    screen.result(json.dumps(doors))
    if options.enforce_iam:
        screen.say("IAM is enforced. The operator's bearer token is: local")
    if options.switches:
        screen.say(f"Switched on: {', '.join(sorted(options.switches))}.")
    if screen.is_live:
        kept = f"in {options.state}" if options.state else "in memory only"
        screen.say(f"REST on {rest_url}, gRPC on {grpc_target}, state {kept}.")
        screen.say(f'Lead programs here:  eval "$(wifctl emulator env --endpoint {rest_url})"')
        screen.say("Stop with Ctrl-C.")


def _flags(told: Mapping[str, Any], latencies: tuple[str, ...], quotas: bool) -> Mapping[str, Any]:
    """The switches that flags turn; they add to those of the file."""
    found: dict[str, Any] = {"quotas": "documented"} if quotas else {}
    if latencies:
        kept = told.get("latency")
        kept = kept if isinstance(kept, dict) else {}
        found["latency"] = {**kept, **dict(map(_latency, latencies))}
    return found


def _latency(text: str) -> tuple[str, float]:
    method, _, milliseconds = text.rpartition("=")
    try:
        return method or "*", float(milliseconds)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not [METHOD=]MILLISECONDS.") from None


def _moment(text: Any) -> datetime:
    from datetime import UTC

    found = text
    if isinstance(text, str):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
    if not isinstance(found, datetime):
        raise click.BadParameter(f"{text!r} is no time such as 2026-01-31T12:00:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _project(text: str) -> tuple[str, str]:
    name, _, number = text.partition("=")
    if not PROJECT_ID.fullmatch(name) or not is_project_number(number):
        raise click.BadParameter(f"{text!r} is not ID=NUMBER, e.g. acme-ci=123456789012.")
    return name, number


def _mapping(text: str) -> Mapping[str, Any]:
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
