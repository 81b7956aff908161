"""Tokens a program prints: Google's executable JSON, its cache file, or the bare token."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress

from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.exchange.sources import CommandToken
from wifctl.credentials.executable import ExecutableAnswer, parse_answer, variables
from wifctl.credentials.failures import TokenUnavailableError, unavailable
from wifctl.credentials.ports import CommandResult, SubjectToken, Surroundings


def command_token(
    source: CommandToken, audience: str, token_type: str, account: str, around: Surroundings
) -> SubjectToken:
    """The token of a program, or of its cache while that is valid. Raises TokenUnavailableError."""
    if source.plain:
        output = _text(_run(source, dict(around.environment), around)).strip()
        if not output:
            raise unavailable("the command printed nothing")
        return SubjectToken(output, token_type)
    if cached := _cached(source, around.now()):
        return SubjectToken(cached.token, cached.token_type, cached.expiration_time)
    added = variables(audience, token_type, account, source.output_file)
    result = _run(source, {**around.environment, **added}, around)
    answer = parse_answer(_json(_text(result)), around.now(), bool(source.output_file))
    return SubjectToken(answer.token, answer.token_type, answer.expiration_time)


def _cached(source: CommandToken, now: float) -> ExecutableAnswer | None:
    if not source.output_file:
        return None
    with suppress(TokenUnavailableError):
        text = read_text(source.output_file, "the output file")
        return parse_answer(_json(text), now, needs_expiration=True)
    return None


def _run(source: CommandToken, environment: dict[str, str], around: Surroundings) -> CommandResult:
    try:
        words = shlex.split(source.command)
    except ValueError:
        raise unavailable("the command has an open quote") from None
    if not words:
        raise unavailable("the command is empty")
    result = around.commands.run(words, environment, source.timeout_seconds)
    if result.status is None:
        raise unavailable(f"the command did not end within {source.timeout_seconds:g} seconds")
    if result.status != 0:
        raise unavailable(f"the command ended with status {result.status}{_said(result)}")
    return result


def _said(result: CommandResult) -> str:
    """What a failing program said in Google's JSON; nothing else of its output is repeated."""
    try:
        found = json.loads(result.output)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict) or found.get("success") is not False:
        return ""
    return f": {found.get('code', '')} {found.get('message', '')}".rstrip()


def _text(result: CommandResult) -> str:
    try:
        return result.output.decode()
    except UnicodeDecodeError:
        raise unavailable("the command printed something that is no text") from None


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        raise unavailable("the command printed no JSON") from None
    return found
