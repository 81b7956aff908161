"""`wifctl emulator reset | export | import`: the state, of a running emulator or in its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.cli.target import LOCAL_STATE
from wifctl.diagnostics import Diagnostic, WifctlError

if TYPE_CHECKING:
    from wifctl.emulator.store import Store

_state = click.option(
    "--state",
    metavar="FILE",
    default=str(LOCAL_STATE),
    show_default=True,
    help="The state file, where no --endpoint is given; its emulator must not be running.",
)


@wifctl_command("reset")
@_state
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


@wifctl_command("export")
@_state
def export(session: Session, state: str) -> int:
    """Print the whole state as YAML, for `emulator import`. It holds secret payloads."""
    if session.endpoint:
        from wifctl.gcp.doors import state_of

        session.screen.result(state_of(session.endpoint.rstrip("/")))
        return 0
    from wifctl.emulator.snapshot import export_yaml

    if not Path(state).exists():
        raise click.UsageError(f"There is no {state}. Say which: --state FILE, --endpoint URL.")
    store = _opened(state)
    try:
        session.screen.result(export_yaml(store))
    finally:
        store.close()
    return 0


@wifctl_command("import")
@click.argument("file", type=click.File("rb"))
@_state
def import_(session: Session, file: BinaryIO, state: str) -> int:
    """Replace the whole state by an exported one; `-` reads standard input."""
    text = file.read()
    if session.endpoint:
        from wifctl.gcp.doors import replace_state

        count = replace_state(session.endpoint.rstrip("/"), text)
        session.screen.say(f"{session.endpoint} now holds {_objects(count)}.")
        return 0
    session.screen.say(f"{state} now holds {_objects(_import(state, text))}.")
    return 0


def _import(state: str, text: bytes) -> int:
    from wifctl.emulator.errors import ApiError
    from wifctl.emulator.snapshot import import_yaml

    store = _opened(state)
    try:
        with store.transaction():
            return import_yaml(store, text)
    except ApiError as error:
        found = Diagnostic("not-a-state", error.message, fix="use what `emulator export` prints")
        raise WifctlError(found) from error
    finally:
        store.close()


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count} objects"


def _opened(state: str) -> Store:
    from wifctl.emulator.store import Store

    return Store(Path(state))


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
