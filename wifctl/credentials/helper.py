"""The executable token source: one line of JSON for a client library, cached where it asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wifctl.credentials.atomic import write_whole
from wifctl.credentials.configuration.model import CHOSEN_TOKEN_TYPES, JWT
from wifctl.credentials.exchange.obtain import Purpose, obtain
from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.exchange.sources import TokenSource
from wifctl.credentials.executable import (
    AUDIENCE,
    EMAIL,
    OUTPUT_FILE,
    TOKEN_TYPE,
    ExecutableAnswer,
    failure_text,
    parse_answer,
    success_text,
)
from wifctl.credentials.failures import TokenUnavailableError, unavailable
from wifctl.credentials.ports import Surroundings
from wifctl.diagnostics import WifctlError

FRESH_SECONDS = 60
"""A cached token must be good for at least that long to be handed out again."""
ASSUMED_SECONDS = 300
"""The life of a token that does not say when it ends, where a cache needs to know."""


@dataclass(frozen=True, slots=True)
class HelperAnswer:
    """What goes to stdout, and the exit status. Nothing may go to stderr: libraries mix it in."""

    text: str
    status: int


def answer(source: TokenSource, around: Surroundings, fallback: Purpose) -> HelperAnswer:
    """Answer a client library. Its variables say what for; `fallback` counts where it is silent."""
    try:
        purpose = asked_for(around.environment, fallback)
        found = _answer(source, purpose, around)
    except TokenUnavailableError as error:
        return HelperAnswer(failure_text("TOKEN_UNAVAILABLE", _words(error)), 1)
    except WifctlError as error:
        return HelperAnswer(failure_text("FAILED", _words(error)), 1)
    return HelperAnswer(success_text(found), 0)


def asked_for(environment: Mapping[str, str], fallback: Purpose) -> Purpose:
    """What the library wants. Raises TokenUnavailableError for a type no program can give."""
    purpose = Purpose(
        environment.get(AUDIENCE) or fallback.audience,
        environment.get(TOKEN_TYPE) or fallback.token_type or JWT,
        environment.get(EMAIL) or fallback.account,
    )
    if purpose.token_type not in CHOSEN_TOKEN_TYPES:
        raise unavailable(f"a program cannot give a token of type {purpose.token_type}")
    return purpose


def _answer(source: TokenSource, purpose: Purpose, around: Surroundings) -> ExecutableAnswer:
    cache = around.environment.get(OUTPUT_FILE, "")
    if cache and (kept := _kept(cache, purpose, around.now())):
        return kept
    token = obtain(source, purpose, around)
    ends = token.expires_at
    if ends is None and cache:
        ends = around.now() + ASSUMED_SECONDS
    expiration = None if ends is None else int(ends)
    if expiration is not None and expiration <= around.now():
        raise unavailable("the token has expired already", "is this machine's clock right?")
    found = ExecutableAnswer(token.value, purpose.token_type, expiration)
    if cache:
        _keep(cache, found)
    return found


def _kept(cache: str, purpose: Purpose, now: float) -> ExecutableAnswer | None:
    """The cached answer, if it is of the type asked for and will last a while."""
    with suppress(TokenUnavailableError, ValueError, RecursionError):
        document = json.loads(read_text(cache, "the output file"))
        found = parse_answer(document, now + FRESH_SECONDS, needs_expiration=True)
        if found.token_type == purpose.token_type:
            return found
    return None


def _keep(cache: str, found: ExecutableAnswer) -> None:
    """Write the cache. A cache that cannot be written costs time, not the token."""
    with suppress(OSError):
        write_whole(Path(cache), success_text(found), private=True)


def _words(error: WifctlError) -> str:
    return "; ".join(each.message for each in error.diagnostics)
