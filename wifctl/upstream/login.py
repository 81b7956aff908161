"""Whether the upstream is an index and takes the login; which half of a refused one is wrong."""

from __future__ import annotations

from wifctl.upstream.configuration import Credentials
from wifctl.upstream.findings import BrokenError, Found, Link, State
from wifctl.upstream.probe import Probe, Reply
from wifctl.upstream.secret import rotate_command

TOKEN_USER = "__token__"  # noqa: S105 - the user name PyPI wants beside any API token


def check_login(
    probe: Probe, upstream: str, credentials: Credentials | None, payload: bytes | None
) -> Found:
    """Ask the upstream with the very credentials the repository uses. Raises BrokenError."""
    user, password = (credentials.user, payload or b"") if credentials else ("", b"")
    reply = probe.ask(upstream, user, password)
    if reply.is_index:
        return Found(Link.LOGIN, State.SOUND, f"{upstream} answers, and takes the login")
    if not reply.is_refused:
        return _no_index(probe, upstream, reply)
    if credentials is None:
        text = f"{upstream} wants a login (HTTP {reply.status}), and the repository shows none"
        fix = "give it upstreamCredentials: gcloud artifacts repositories update REPOSITORY"
        fix += " --remote-username=USER --remote-password-secret-version=VERSION"
        raise BrokenError(Link.CREDENTIALS, text, fix)
    if user != TOKEN_USER and probe.ask(upstream, TOKEN_USER, password).is_index:
        text = f"{upstream} takes the password with the user {TOKEN_USER}, not with {user}"
        fix = f"set upstreamCredentials.username to {TOKEN_USER}, and apply"
        raise BrokenError(Link.CREDENTIALS, text, fix)
    raise _wrong_password(probe, upstream, credentials, password, reply)


def _wrong_password(
    probe: Probe, upstream: str, credentials: Credentials, password: bytes, reply: Reply
) -> BrokenError:
    text = f"{upstream} refuses the user {credentials.user} with the password in "
    text += f"{credentials.version} (HTTP {reply.status})"
    stripped = password.strip()
    if stripped != password and probe.ask(upstream, credentials.user, stripped).is_index:
        text += "; white space around the password is all that is wrong"
    assert credentials.name is not None
    return BrokenError(Link.LOGIN, text, rotate_command(credentials.name.secret))


def _no_index(probe: Probe, upstream: str, reply: Reply) -> Found:
    said = reply.problem or f"HTTP {reply.status}"
    if not probe.is_local and not reply.status:
        # Artifact Registry asks from elsewhere: what this machine cannot reach, it may.
        return Found(Link.LOGIN, State.UNKNOWN, f"{upstream} does not answer from here: {said}")
    text = f"there is no package index at {upstream}: {said}"
    fix = "an upstream cannot be changed: declare a repository with a new id and the right one"
    if probe.is_local and not probe.address(upstream):
        fix += "; or tell the emulator who stands in for it: outside, packageIndexes"
    raise BrokenError(Link.UPSTREAM, text, fix)
