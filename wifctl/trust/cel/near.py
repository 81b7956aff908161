"""Two texts that were meant to be equal: what stands between them, in words."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class HintKind(enum.StrEnum):
    """What a near miss is about."""

    CASE = "case"
    SPACE = "space"
    RENAMED = "renamed"
    SUBJECT_FORM = "subject-form"
    REF = "ref"
    ENVIRONMENT = "environment"
    ID_OR_NAME = "id-or-name"
    MISSING = "missing"
    UNMAPPED = "unmapped"
    TYPE = "type"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Hint:
    """A likely reason why a comparison fails, and what to do."""

    kind: HintKind
    message: str


def differences(found: str, wanted: str) -> tuple[Hint, ...]:
    """Why `found` is not `wanted`, where the reason is a well-known one."""
    checks = (_space, _case, _ids, _slash, _ref, _subject, _owner)
    return tuple(hint for check in checks if (hint := check(found, wanted)))[:2]


def _space(found: str, wanted: str) -> Hint | None:
    if found != wanted and found.strip() == wanted.strip():
        return Hint(HintKind.SPACE, "the two differ only in white space at an end")
    return None


def _case(found: str, wanted: str) -> Hint | None:
    if found != wanted and found.casefold() == wanted.casefold():
        return Hint(
            HintKind.CASE,
            f"the two differ only in upper and lower case; Google compares exactly: "
            f"write {found!r}",
        )
    return None


_ID = re.compile(r"@[0-9]+(?=[/:]|$)")


def without_ids(subject: str) -> str:
    """A GitHub subject `repo:o@1/r@2:…` in its form before 2026-07-15."""
    return _ID.sub("", subject) if subject.startswith("repo:") else subject


def _ids(found: str, wanted: str) -> Hint | None:
    old, new = without_ids(found), without_ids(wanted)
    if old.casefold() != new.casefold() or (old, new) == (found, wanted):
        return None
    which = "the token carries" if old != found else "the expression names"
    return Hint(
        HintKind.SUBJECT_FORM,
        f"{which} GitHub's subject with ids (`repo:owner@id/name@id:…`), the other side has "
        f"none; compare repository_id and repository_owner_id instead, or accept both forms",
    )


def _slash(found: str, wanted: str) -> Hint | None:
    if found != wanted and found.rstrip("/") == wanted.rstrip("/"):
        return Hint(HintKind.SPACE, "the two differ only in a slash at the end")
    return None


_REF = re.compile(r"refs/(?:heads|tags)/(.+)")


def _ref(found: str, wanted: str) -> Hint | None:
    long, short = _REF.fullmatch(found), _REF.fullmatch(wanted)
    if long and long[1] == wanted:
        return Hint(HintKind.REF, f"the claim holds the full ref: write {found!r}")
    if short and short[1] == found:
        return Hint(HintKind.REF, f"the claim holds the short name: write {found!r}")
    if long and short and long[1] == short[1]:
        return Hint(HintKind.REF, "one is a branch, the other a tag of the same name")
    return None


_SUBJECT = re.compile(r"(repo|project_path|repository):([^:]+):(.+)")
_KINDS = {
    "ref": "a branch or tag",
    "environment": "an environment",
    "pull_request": "a pull request",
}


def _subject(found: str, wanted: str) -> Hint | None:
    left, right = _SUBJECT.fullmatch(without_ids(found)), _SUBJECT.fullmatch(without_ids(wanted))
    if not left or not right or left[2].casefold() != right[2].casefold():
        return None
    came, asked = left[3].partition(":")[0], right[3].partition(":")[0]
    if came == asked or came not in _KINDS or asked not in _KINDS:
        return None
    kind = HintKind.ENVIRONMENT if "environment" in (came, asked) else HintKind.REF
    return Hint(
        kind,
        f"the subject names {_KINDS[came]}, the expression {_KINDS[asked]}: a job with an "
        f"environment, and one of a pull request, carries that instead of its ref",
    )


def _owner(found: str, wanted: str) -> Hint | None:
    left, right = _owner_and_name(found), _owner_and_name(wanted)
    if not left or not right or left[1] != right[1] or left[0].casefold() == right[0].casefold():
        return None
    return Hint(
        HintKind.RENAMED,
        f"same name under another owner ({left[0]!r}, not {right[0]!r}): was the organisation "
        f"renamed or the repository moved? Its numeric id would have stayed",
    )


def _owner_and_name(text: str) -> tuple[str, str] | None:
    subject = _SUBJECT.fullmatch(without_ids(text))
    owner, separator, name = (subject[2] if subject else text).partition("/")
    simple = separator and owner and name and not owner.startswith(("http", "refs", "arn:"))
    return (owner, name) if simple else None
