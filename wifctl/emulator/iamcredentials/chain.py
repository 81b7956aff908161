"""Who may act as whom: the account that is asked for, and the delegates on the way to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wifctl.emulator.access_refusals import no_impersonation
from wifctl.emulator.apis import check_api
from wifctl.emulator.callers import Identity
from wifctl.emulator.errors import Json, invalid, precondition
from wifctl.emulator.service import Context

SERVICE = "iamcredentials.googleapis.com"
TITLE = "IAM Service Account Credentials API"
DELEGATION = "iam.serviceAccounts.implicitDelegation"
_NAME = re.compile(r"projects/-/serviceAccounts/([^/]+)")


@dataclass(frozen=True, slots=True)
class Account:
    """A service account that may be used: the key of the store and the resource."""

    key: str
    resource: Json

    @property
    def email(self) -> str:
        """Its e-mail."""
        return str(self.resource["email"])

    @property
    def unique_id(self) -> str:
        """21 digits."""
        return str(self.resource["uniqueId"])

    @property
    def identity(self) -> Identity:
        """The account as a caller."""
        return Identity(f"serviceAccount:{self.email}")


def authorized(context: Context, request: Json, permission: str) -> Account:
    """The account a request names, when the caller may use it, through its delegates if any.

    Each one in the chain needs `implicitDelegation` on the next, the last one `permission` on the
    account. Raises INVALID_ARGUMENT for names of another form, PERMISSION_DENIED for what is
    missing or not allowed, FAILED_PRECONDITION for what is disabled.
    """
    name = request.get("name", "")
    chain = [*request.get("delegates", []), name]
    for link in chain:
        if not _NAME.fullmatch(link):
            raise invalid(
                f"Invalid name {link}: it must be projects/-/serviceAccounts/"
                "{ACCOUNT_EMAIL_OR_UNIQUEID}. The `-` wildcard character is required."
            )
    caller = context.identity
    for delegate in chain[:-1]:
        caller = _reached(context, caller, delegate, DELEGATION).identity
    return _reached(context, caller, name, permission)


def _reached(context: Context, caller: Identity, name: str, permission: str) -> Account:
    account = _find(context, name.rpartition("/")[2])
    if account is None or not context.access.allows(caller, permission, name):
        raise no_impersonation(permission)
    project = f"projects/{account.resource['projectId']}"
    check_api(context.store, context.projects, SERVICE, TITLE, project)
    if account.resource.get("disabled"):
        raise precondition(f"Service account {account.email} is disabled.")
    return account


def _find(context: Context, text: str) -> Account | None:
    kind, name = ("accountId", "ids") if text.isdigit() else ("accountEmail", "emails")
    entry = context.store.get(kind, f"{name}/{text.lower()}")
    record = context.store.get("account", entry["key"]) if entry else None
    if entry is None or record is None or "deleteTime" in record:
        return None
    return Account(entry["key"], record)
