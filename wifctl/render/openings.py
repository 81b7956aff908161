"""Ways from outside as text and JSON: by what they lead to, or what a change did to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from wifctl.access.changes import Change, Changes
from wifctl.access.openings import Opening
from wifctl.names import (
    RepositoryName,
    SecretName,
    ServiceAccountName,
    parse_name,
    parse_service_account_email,
)
from wifctl.render.escape import printable
from wifctl.render.palette import PLAIN, Palette, Tone
from wifctl.trust.grants import Target, TargetKind

FORMAT_VERSION = "1.0"
CAN, CANNOT = "can now", "can no longer"
READER = "roles/secretmanager.secretAccessor"
_SECTIONS = {
    TargetKind.SERVICE_ACCOUNT: "Service accounts",
    TargetKind.SECRET: "Secrets",
    TargetKind.REPOSITORY: "Repositories",
    TargetKind.POOL: "Pools",
    TargetKind.PROJECT: "Projects",
}


def openings_text(found: Sequence[Opening], palette: Palette = PLAIN) -> str:
    """Grouped by kind of target and target, accounts first, with the roles they hold."""
    if not found:
        return "Nobody from outside."
    told = [o for o in found if o.becomes or not o.through or o.target.kind is TargetKind.SECRET]
    blocks = []
    for kind, title in _SECTIONS.items():
        same = [opening for opening in told if opening.target.kind is kind]
        if same:
            blocks.append("\n".join(_section(title, same, found, palette)))
    return "\n\n".join([*blocks, palette(Tone.STRONG, _count(found))])


def changes_text(found: Changes, revision: str, palette: Palette = PLAIN) -> str:
    """One sentence for each way that was opened or closed."""
    if not found.opened and not found.closed:
        return f"Nobody from outside gains or loses anything since {revision}."
    blocks = [
        "\n".join(line for change in changes for line in _change(change, sign, verb, palette))
        for changes, sign, verb in (
            (found.opened, palette(Tone.ADDED, "+"), CAN),
            (found.closed, palette(Tone.REMOVED, "-"), CANNOT),
        )
        if changes
    ]
    opened, closed = len(found.opened), len(found.closed)
    return "\n\n".join(
        [*blocks, palette(Tone.STRONG, f"{opened} opened or widened, {closed} closed or narrowed")]
    )


def openings_json(found: Iterable[Opening]) -> dict[str, Any]:
    """All ways; `docs/reference/formats.md` documents the shape."""
    return {"format_version": FORMAT_VERSION, "openings": [_json(opening) for opening in found]}


def changes_json(found: Changes, revision: str) -> dict[str, Any]:
    """What was opened and closed since a revision."""
    return {
        "format_version": FORMAT_VERSION,
        "since": revision,
        "opened": [_change_json(change, CAN) for change in found.opened],
        "closed": [_change_json(change, CANNOT) for change in found.closed],
    }


def sentence(opening: Opening, verb: str) -> str:
    """`repository 123 of owner 456 on any branch can now become deployer of acme-ci`."""
    through = f", as {' and then '.join(map(_account, opening.through))}" if opening.through else ""
    condition = f", if {opening.condition}" if opening.condition else ""
    return f"{opening.who} {verb} {_what(opening)}{through}{condition}"


def _sentence(change: Change, verb: str) -> str:
    """The sentence of a way; one that widens or narrows says who it was before."""
    if change.before is None:
        return sentence(change.opening, verb)
    if verb == CAN:
        return f"{sentence(change.opening, CAN)}; before only {change.before.who}"
    return f"only {sentence(change.opening, 'can still')}; before {change.before.who}"


def _what(opening: Opening) -> str:
    if opening.becomes:
        return f"become {_named(opening.target)}"
    if opening.role == READER and opening.target.kind is TargetKind.SECRET:
        return f"read {_named(opening.target)}"
    return f"use {opening.role} on {_named(opening.target)}"


def _named(target: Target) -> str:
    """A target as one says it: `deployer of acme-ci`, `secret pypi-token of acme-ci`."""
    match parse_name(target.name):
        case ServiceAccountName(email=email):
            return _account(email)
        case SecretName(project=project, secret=secret):
            return f"secret {secret} of {project}"
        case RepositoryName(project=project, repository=repository):
            return f"repository {repository} of {project}"
        case _:
            return target.name.replace("projects/", "project ", 1)


def _account(email: str) -> str:
    name = parse_service_account_email(email)
    return f"{email.partition('@')[0]} of {name.project}" if name else email


def _section(
    title: str, told: Sequence[Opening], found: Sequence[Opening], palette: Palette
) -> Iterator[str]:
    yield palette(Tone.STRONG, title)
    for target, same in groupby(told, key=lambda opening: opening.target):
        yield f"  {printable(target.email or target.name)}"
        for opening in same:
            yield from _way(opening, palette)
        for held in _held(target, found):
            yield palette(Tone.FAINT, f"    holds {printable(held)}")


def _held(target: Target, found: Sequence[Opening]) -> Iterator[str]:
    """The roles that come with a service account."""
    own = (o for o in found if not o.becomes and o.through[-1:] == (target.email,))
    yield from dict.fromkeys(f"{o.role} on {o.target.name}" for o in own)


def _way(opening: Opening, palette: Palette) -> Iterator[str]:
    become = opening.becomes or opening.role == READER
    role = "" if become else palette(Tone.CHANGED, f"{opening.role}  ")
    through = f", as {' and then '.join(opening.through)}" if opening.through else ""
    condition = f", if {opening.condition}" if opening.condition else ""
    yield f"    {role}{printable(opening.who + through + condition)}"
    places = filter(None, (opening.provider and f"by {opening.provider}", opening.source))
    if behind := ", ".join(places):
        yield f"      {palette(Tone.FAINT, printable(behind))}"


def _count(found: Sequence[Opening]) -> str:
    accounts = {opening.target.name for opening in found if opening.becomes}
    secrets = {o.target.name for o in found if o.target.kind is TargetKind.SECRET}
    ways = f"{len(found)} way{'s' * (len(found) != 1)} from outside"
    return f"{ways}, to {_plural(accounts, 'service account')} and {_plural(secrets, 'secret')}"


def _plural(found: set[str], what: str) -> str:
    return f"{len(found)} {what}{'s' * (len(found) != 1)}"


def _change(change: Change, sign: str, verb: str, palette: Palette) -> Iterator[str]:
    opening = change.opening
    yield f"{sign} {printable(_sentence(change, verb))}"
    for further in change.with_it:
        yield f"    and so {printable(_what(further))}"
    if opening.source:
        yield f"    {palette(Tone.FAINT, printable(opening.source))}"


def _change_json(change: Change, verb: str) -> dict[str, Any]:
    return {
        "sentence": _sentence(change, verb),
        "before": change.before.who if change.before else None,
        **_json(change.opening),
        "with_it": [_json(opening) for opening in change.with_it],
    }


def _json(opening: Opening) -> dict[str, Any]:
    return {
        "who": opening.who,
        "provider": opening.provider,
        "member": opening.member,
        "target": opening.target.name,
        "kind": opening.target.kind.value,
        "role": opening.role,
        "becomes": opening.becomes,
        "through": list(opening.through),
        "condition": opening.condition,
        "source": opening.source,
    }
