"""Grants and what they open, as text: which name an identity, which nearly do, what is behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wifctl.render.escape import printable
from wifctl.render.palette import Palette, Tone
from wifctl.render.verdicts import mark
from wifctl.trust.grants import Grant, Target
from wifctl.trust.matching import GrantMatch
from wifctl.trust.reach import Reach, ReachedAccess, ReachedAccount
from wifctl.trust.verdict import Outcome


def target_text(target: Target) -> str:
    """A service account by its e-mail, anything else by its resource name."""
    return printable(target.email or target.name)


def grant_lines(
    matches: Sequence[GrantMatch], palette: Palette, *, everything: bool = False
) -> Iterator[str]:
    """Grants that match or nearly do, each with its reason; the rest is counted."""
    told = [match for match in matches if match.near or everything]
    for match in told:
        grant = match.grant
        head = f"{grant.role} on {target_text(grant.target)}"
        yield f"  {mark(match.outcome, palette)} {printable(head)}"
        yield f"      {printable(match.reason)}"
        yield from (f"      {printable(hint.message)}" for hint in match.hints)
        if grant.source:
            yield f"      {palette(Tone.FAINT, f'at {grant.source}')}"
    rest = len(matches) - len(told)
    if rest:
        grants = "grant is" if rest == 1 else "grants are"
        yield palette(Tone.FAINT, f"  {rest} {'more ' * bool(told)}{grants} for others")


def reach_lines(found: Reach, palette: Palette) -> Iterator[str]:
    """Service accounts with the roles they hold, then roles held directly."""
    for account in found.accounts:
        yield _account(account, palette)
        yield from _held(found, account.target.email, palette)
    direct = list(_held(found, "", palette))
    if direct:
        yield "  itself, without a service account"
        yield from direct
    if not found.accounts and not direct:
        yield palette(Tone.FAINT, "  nothing")


def _account(account: ReachedAccount, palette: Palette) -> str:
    through = f", through {', '.join(account.through)}" if account.through else ""
    doubt = ", if its condition holds" if account.outcome is Outcome.UNKNOWN else ""
    off = palette(Tone.WARNED, " (disabled)") if not account.usable else ""
    name = palette(Tone.STRONG, printable(account.target.email))
    return f"  {name}{off}{palette(Tone.FAINT, f'{through}{doubt}')}"


def _held(found: Reach, account: str, palette: Palette) -> Iterator[str]:
    for access in found.access:
        if access.account == account:
            yield f"    {_access(access.grant)}{palette(Tone.FAINT, _doubt(access))}"


def _access(grant: Grant) -> str:
    return printable(f"{grant.role} on {target_text(grant.target)}")


def _doubt(access: ReachedAccess) -> str:
    return ", if its condition holds" if access.outcome is Outcome.UNKNOWN else ""
