"""Service accounts in the store: by unique id, found by e-mail, gone after 30 days."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from wifctl.emulator.clock import parse_time
from wifctl.emulator.errors import LEGACY_REASON, ApiError, Json, denied
from wifctl.emulator.projects import Project
from wifctl.emulator.service import Context
from wifctl.names import service_account_email

ACCOUNT, BY_EMAIL, BY_ID = "account", "accountEmail", "accountId"
"""Store kinds: `projects/ID/serviceAccounts/UNIQUEID`, `emails/E`, `ids/U`."""
KEPT = timedelta(days=30)
"""How long a deleted account can be undeleted."""
ETAG = "MDEwMjE5MjA="
"""The etag every account has; it is deprecated and never changes."""

_NAME = re.compile(r"projects/([^/]+)/serviceAccounts/([^/]+)")
_DELETED = "deleteTime"


def refusal(status: str, message: str) -> ApiError:
    """An error with the `errors[]` list that this part of IAM sends."""
    return ApiError(status, message, LEGACY_REASON[status])


def project_of(context: Context, name: str, permission: str) -> Project:
    """The project of `projects/P…`. Raises PERMISSION_DENIED when it is unknown."""
    text = name.removeprefix("projects/").partition("/")[0]
    return context.projects.require(
        text, permission, f"//cloudresourcemanager.googleapis.com/projects/{text}"
    )


def find(context: Context, name: str, verb: str) -> tuple[str, Json]:
    """Key and record of a live account, by e-mail or unique id; P may be `-`.

    Raises NOT_FOUND, and PERMISSION_DENIED under `-` or an unknown project.
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise refusal("INVALID_ARGUMENT", f"Invalid form of service account name: {name}.")
    project_text, account = found.groups()
    permission = f"iam.serviceAccounts.{verb}"
    project = None if project_text == "-" else project_of(context, name, permission)
    key = _key(context, account)
    record = context.store.get(ACCOUNT, key) if key else None
    if record and _DELETED not in record and (not project or record["projectId"] == project.id):
        return key, record
    if project is None:
        raise denied(permission, f"//iam.googleapis.com/{name}")
    raise refusal("NOT_FOUND", "Unknown service account")


def find_deleted(context: Context, unique_id: str) -> tuple[str, Json]:
    """Key and record of a deleted account that is still kept. Raises NOT_FOUND."""
    entry = context.store.get(BY_ID, f"ids/{unique_id}")
    record = context.store.get(ACCOUNT, entry["key"]) if entry else None
    if not entry or not record:
        raise refusal("NOT_FOUND", "Unknown service account")
    if _DELETED in record and parse_time(record[_DELETED]) + KEPT <= context.clock.now():
        _purge(context, entry["key"], unique_id)
        raise refusal("NOT_FOUND", "Unknown service account")
    if _DELETED not in record:
        raise refusal("FAILED_PRECONDITION", f"Service account {unique_id} is not deleted.")
    return entry["key"], record


def live_in(context: Context, project_id: str) -> list[Json]:
    """All accounts of a project, oldest first."""
    found = context.store.list(ACCOUNT, f"projects/{project_id}/serviceAccounts")
    return [record for _key, record in found if _DELETED not in record]


def create(context: Context, project: Project, account_id: str, fields: Json) -> Json:
    """Store a new account. Raises ALREADY_EXISTS."""
    email = service_account_email(project.id, account_id)
    if context.store.get(BY_EMAIL, f"emails/{email}"):
        raise refusal(
            "ALREADY_EXISTS",
            f"Service account {account_id} already exists within project projects/{project.id}.",
        )
    unique_id = "1" + "".join(secrets.choice("0123456789") for _ in range(20))
    record = {
        "name": f"projects/{project.id}/serviceAccounts/{email}",
        "projectId": project.id,
        "uniqueId": unique_id,
        "email": email,
        **fields,
        "etag": ETAG,
        "oauth2ClientId": unique_id,
    }
    key = f"projects/{project.id}/serviceAccounts/{unique_id}"
    context.store.put(ACCOUNT, key, record)
    _index(context, key, record, deleted=False)
    return record


def delete(context: Context, key: str, record: Json) -> None:
    """Mark as deleted and relabel its memberships; its e-mail is free at once."""
    context.store.put(ACCOUNT, key, {**record, _DELETED: context.clock.timestamp()})
    _index(context, key, record, deleted=True)
    context.policies.relabel(*_labels(record))


def undelete(context: Context, key: str, record: Json) -> Json:
    """Bring an account and its memberships back. Raises when its e-mail was taken since."""
    if context.store.get(BY_EMAIL, f"emails/{record['email']}"):
        raise refusal(
            "FAILED_PRECONDITION",
            f"A service account with the e-mail {record['email']} exists: it cannot be restored.",
        )
    revived = {k: v for k, v in record.items() if k != _DELETED}
    context.store.put(ACCOUNT, key, revived)
    _index(context, key, revived, deleted=False)
    plain, deleted = _labels(record)
    context.policies.relabel(deleted, plain)
    return revived


def _labels(record: Json) -> tuple[str, str]:
    plain = f"serviceAccount:{record['email']}"
    return plain, f"deleted:{plain}?uid={record['uniqueId']}"


def _index(context: Context, key: str, record: Json, *, deleted: bool) -> None:
    email = f"emails/{record['email']}"
    if deleted:
        context.store.delete(BY_EMAIL, email)
    else:
        context.store.put(BY_EMAIL, email, {"key": key})
    entry = {"key": key, "email": record["email"], "deleted": deleted}
    context.store.put(BY_ID, f"ids/{record['uniqueId']}", entry)


def _key(context: Context, account: str) -> str:
    if account.isdigit():
        entry = context.store.get(BY_ID, f"ids/{account}")
    else:
        entry = context.store.get(BY_EMAIL, f"emails/{account.lower()}")
    return str(entry["key"]) if entry else ""


def _purge(context: Context, key: str, unique_id: str) -> None:
    context.store.delete(ACCOUNT, key)
    context.store.delete(BY_ID, f"ids/{unique_id}")
    context.policies.drop(key)
