"""Which Google a command talks to: the real one, an emulator behind a URL, or one of its own."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from wifctl.api import Api
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.gcp.target import GOOGLE, CallRecord, Endpoint, Hooks, Target, Wait

T = TypeVar("T")

LOCAL_STATE = Path(".wifctl/local.db")
LOCAL = "local target"


def target_name(session: Session) -> str:
    """What plans are made for; the port of a local target changes, its name does not."""
    if session.local:
        return LOCAL
    return session.endpoint or f"https://{session.universe_domain or GOOGLE}"


@contextmanager
def opened(session: Session, numbers: Mapping[str, str] | None = None) -> Iterator[Target]:
    """The target, for the length of a block; `--local` starts an emulator for as long.

    `numbers`: project ids and numbers the local target should know.
    """
    # From here on work lasts: collect again, but never look at what start-up made.
    gc.freeze()
    gc.enable()
    if session.local:
        with _local(numbers or {}) as endpoint:
            yield _target(session, endpoint)
    elif session.endpoint:
        yield _target(session, _endpoint(session.endpoint, numbers or {}))
    else:
        yield _target(session, None)


def with_api(target: Target, work: Callable[[Api], Coroutine[Any, Any, T]]) -> T:
    """Run asynchronous work against a target."""
    from wifctl.gcp.connect import connect

    async def run() -> T:
        async with connect(target) as api:
            return await work(api)

    return asyncio.run(run())


@contextmanager
def _local(numbers: Mapping[str, str]) -> Iterator[Endpoint]:
    from wifctl.emulator.options import Options
    from wifctl.emulator.server import running

    LOCAL_STATE.parent.mkdir(exist_ok=True)
    with running(LOCAL_STATE, Options(numbers=numbers)) as doors:
        yield Endpoint(doors.rest_url, doors.grpc_target)


def _endpoint(url: str, numbers: Mapping[str, str]) -> Endpoint:
    from wifctl.gcp.doors import endpoint_behind

    return endpoint_behind(url.rstrip("/"), numbers)


def _target(session: Session, endpoint: Endpoint | None) -> Target:
    from wifctl.cli.version import versions

    return Target(
        endpoint=endpoint,
        impersonate=",".join(session.impersonate),
        quota_project=session.quota_project,
        universe_domain=session.universe_domain or GOOGLE,
        user_agent=f"wifctl/{versions()['wifctl']}",
        parallelism=session.parallelism,
        hooks=Hooks(_waits(session.screen), _log_call),
    )


def _waits(screen: Screen) -> Callable[[Wait], None]:
    """Tell long pauses, but never into a picture that is redrawn."""

    def tell(wait: Wait) -> None:
        if not screen.is_live:
            screen.say(f"… {wait.method} {wait.resource} waits {wait.seconds:.0f} s: {wait.why}")

    return tell


def _log_call(call: CallRecord) -> None:
    logging.getLogger("wifctl").debug(
        "%s %s: %s in %.3f s", call.method, call.resource, call.outcome, call.seconds
    )
