"""Members of a binding: refused when unknown or malformed, kept in their normal form."""

from __future__ import annotations

import re

from wifctl.emulator.agents import is_missing_agent
from wifctl.emulator.errors import ApiError
from wifctl.emulator.projects import Projects
from wifctl.emulator.store import Store
from wifctl.names import parse_service_account_email
from wifctl.principals import MEMBER_TYPES, Member, parse_member, parse_pool_principal

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DOMAIN = re.compile(r"[^@\s/]+\.[^@\s/.]+")
_GKE = ".svc.id.goog"
_HELP = "See https://cloud.google.com/iam/help/members/types"


def normal_member(text: str, store: Store, projects: Projects) -> str:
    """The member as it is stored. Raises INVALID_ARGUMENT in IAM's words."""
    member = parse_member(text)
    if member is None:
        raise _untyped(text)
    if member.deleted:
        return _still_deleted(member, store)
    if member.is_federated:
        _check_principal(text, member, store, projects)
    elif member.type == "domain":
        _require(_DOMAIN.fullmatch(member.value), member)
    elif member.type in ("user", "group", "serviceAccount"):
        _require(_EMAIL.fullmatch(member.value), member)
        _check_email(member, store)
    return str(member)


def refuse(message: str) -> ApiError:
    """INVALID_ARGUMENT with the `errors[]` list, as IAM answers policies."""
    return ApiError("INVALID_ARGUMENT", message, "badRequest")


def _untyped(text: str) -> ApiError:
    kind = text.removeprefix("deleted:").partition(":")[0]
    if kind in MEMBER_TYPES and text.endswith(":"):
        return refuse(f"Invalid principal {text}: the value is empty.")
    return refuse(
        f"The member {text} is of an unknown type. Please set a valid type prefix for the member."
    )


def _require(found: object, member: Member) -> None:
    if not found:
        raise refuse(f"Invalid principal ({member}): {member.value} is not a valid identifier.")


def _check_email(member: Member, store: Store) -> None:
    email = member.value
    is_account = email.endswith(".gserviceaccount.com")
    if member.type != "serviceAccount" and is_account:
        raise refuse(
            f'Principal {email} is of type "serviceAccount". The principal should appear as '
            f'"serviceAccount:{email}". {_HELP} for additional documentation.'
        )
    if member.type == "serviceAccount" and not is_account:
        raise refuse(
            f'Principal {email} is of type "user". The principal should appear as '
            f'"user:{email}". {_HELP} for additional documentation.'
        )
    if is_missing_agent(store, email):
        raise refuse(f"Service account {email} does not exist.")
    if member.type == "serviceAccount" and parse_service_account_email(email):
        record = store.get("accountEmail", f"emails/{email}")
        if record is None or record.get("unpropagated"):
            raise refuse(f"Service account {email} does not exist.")


def _still_deleted(member: Member, store: Store) -> str:
    """A deleted account that lives again is written plainly again."""
    known = store.get("accountId", f"ids/{member.unique_id}") if member.unique_id else None
    if known and known.get("email") == member.value and not known.get("deleted"):
        return f"{member.type}:{member.value}"
    return str(member)


def _check_principal(text: str, member: Member, store: Store, projects: Projects) -> None:
    if "/workloadIdentityPools/" not in member.value:
        if not re.match(r"//(iam|cloudresourcemanager)\.googleapis\.com/[^/]+/.+", member.value):
            raise _untyped(text)
        return
    found = parse_pool_principal(text)
    if found is None:
        raise _untyped(text)
    if found.pool.endswith(_GKE):
        exists = projects.find(found.pool.removesuffix(_GKE)) is not None
    else:
        name = f"projects/{found.project}/locations/global/workloadIdentityPools/{found.pool}"
        exists = store.get("pool", name) is not None
    if not exists:
        raise refuse(
            f"Identity Pool does not exist ({found.pool}). Please check that you specified a "
            "valid resource name as returned in the `name` attribute in the configuration API."
        )
