"""iam.projects.serviceAccounts: the IAM admin API on both doors."""

from __future__ import annotations

import re

from wifctl.emulator.errors import Json
from wifctl.emulator.iam.accounts import records
from wifctl.emulator.iam.accounts.records import refusal
from wifctl.emulator.paging import page
from wifctl.emulator.policies.methods import PolicyTarget, policy_methods
from wifctl.emulator.service import Context, Handler, Method, Route

MAX_DISPLAY_NAME = 100
"""UTF-8 bytes."""
MAX_DESCRIPTION = 256
"""UTF-8 bytes."""

_ID = "iam.projects.serviceAccounts"
_RPC = "google.iam.admin.v1.IAM"
_TYPES = "google.cloud.iam_admin_v1.types"
_EMPTY = "google.protobuf.empty_pb2:Empty"
_ONE = "/v1/{name=projects/*/serviceAccounts/*}"
_COLLECTION = "/v1/{name=projects/*}/serviceAccounts"
_ACCOUNT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_ASSIGNABLE = ("displayName", "description")


def _create(context: Context, request: Json) -> Json:
    project = records.project_of(context, request.get("name", ""), "iam.serviceAccounts.create")
    account_id = request.get("accountId", "")
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise refusal(
            "INVALID_ARGUMENT",
            f'Invalid service account id "{account_id}": it must be 6 to 30 characters, start '
            "with a lower-case letter, hold lower-case letters, digits and hyphens, and not end "
            "with a hyphen.",
        )
    return records.create(context, project, account_id, _fields(request.get("serviceAccount", {})))


def _get(context: Context, request: Json) -> Json:
    return records.find(context, request.get("name", ""), "get")[1]


def _list(context: Context, request: Json) -> Json:
    project = records.project_of(context, request.get("name", ""), "iam.serviceAccounts.list")
    found = records.live_in(context, project.id)
    accounts, token = page(found, request, default=20, maximum=100, scope=project.id)
    return {"accounts": list(accounts), "nextPageToken": token}


def _patch(context: Context, request: Json) -> Json:
    sent, mask = request.get("serviceAccount", {}), request.get("updateMask")
    key, live = records.find(context, sent.get("name", ""), "update")
    if not mask:
        raise refusal("INVALID_ARGUMENT", "The update mask is required.")
    if other := [path for path in mask if path not in _ASSIGNABLE]:
        raise refusal("INVALID_ARGUMENT", f"The field {other[0]} cannot be updated.")
    changed = _replaced(context, key, live, _fields(sent), mask)
    return {field: changed[field] for field in ("name", *mask) if field in changed}


def _update(context: Context, request: Json) -> Json:
    key, live = records.find(context, request.get("name", ""), "update")
    return _replaced(context, key, live, _fields(request), ["displayName"])


def _delete(context: Context, request: Json) -> Json:
    records.delete(context, *records.find(context, request.get("name", ""), "delete"))
    return {}


def _undelete(context: Context, request: Json) -> Json:
    name = request.get("name", "")
    records.project_of(context, name, "iam.serviceAccounts.undelete")
    key, record = records.find_deleted(context, name.rpartition("/")[2])
    return {"restoredAccount": records.undelete(context, key, record)}


def _switch(verb: str, *, disabled: bool) -> Handler:
    def handle(context: Context, request: Json) -> Json:
        key, live = records.find(context, request.get("name", ""), verb)
        context.store.put(records.ACCOUNT, key, {**live, "disabled": disabled})
        return {}

    return handle


def _list_keys(context: Context, request: Json) -> Json:
    records.find(context, request.get("name", ""), "get")
    return {}


def _fields(sent: Json) -> Json:
    limits = (("displayName", MAX_DISPLAY_NAME), ("description", MAX_DESCRIPTION))
    for field, limit in limits:
        if len(sent.get(field, "").encode()) > limit:
            raise refusal("INVALID_ARGUMENT", f"{field} must not exceed {limit} UTF-8 bytes.")
    return {field: sent[field] for field in _ASSIGNABLE if field in sent}


def _replaced(context: Context, key: str, live: Json, sent: Json, fields: list[str]) -> Json:
    kept = {k: v for k, v in live.items() if k not in fields}
    changed = {**kept, **{f: sent[f] for f in fields if f in sent}}
    context.store.put(records.ACCOUNT, key, changed)
    return changed


def _resolve(context: Context, name: str) -> str:
    return records.find(context, name, "getIamPolicy")[0]


def _method(
    verb: str, route: Route, handler: Handler, rpc: str, types: tuple[str, str], permission: str
) -> Method:
    request, response = types
    return Method(
        id=f"{_ID}.{verb}",
        routes=(route,),
        handler=handler,
        request=f"{_TYPES}:{request}",
        response=f"{_TYPES}:{response}" if response else _EMPTY,
        rpc=f"{_RPC}/{rpc}",
        permission=f"iam.{permission}",
        write=verb not in ("get", "list", "keys.list"),
    )


METHODS: tuple[Method, ...] = (
    _method(
        "create",
        Route("POST", _COLLECTION, "*"),
        _create,
        "CreateServiceAccount",
        ("CreateServiceAccountRequest", "ServiceAccount"),
        "serviceAccounts.create",
    ),
    _method(
        "get",
        Route("GET", _ONE),
        _get,
        "GetServiceAccount",
        ("GetServiceAccountRequest", "ServiceAccount"),
        "serviceAccounts.get",
    ),
    _method(
        "list",
        Route("GET", _COLLECTION),
        _list,
        "ListServiceAccounts",
        ("ListServiceAccountsRequest", "ListServiceAccountsResponse"),
        "serviceAccounts.list",
    ),
    _method(
        "patch",
        Route("PATCH", _ONE.replace("{name", "{service_account.name"), "*"),
        _patch,
        "PatchServiceAccount",
        ("PatchServiceAccountRequest", "ServiceAccount"),
        "serviceAccounts.update",
    ),
    _method(
        "update",
        Route("PUT", _ONE, "*"),
        _update,
        "UpdateServiceAccount",
        ("ServiceAccount", "ServiceAccount"),
        "serviceAccounts.update",
    ),
    _method(
        "delete",
        Route("DELETE", _ONE),
        _delete,
        "DeleteServiceAccount",
        ("DeleteServiceAccountRequest", ""),
        "serviceAccounts.delete",
    ),
    _method(
        "undelete",
        Route("POST", f"{_ONE}:undelete", "*"),
        _undelete,
        "UndeleteServiceAccount",
        ("UndeleteServiceAccountRequest", "UndeleteServiceAccountResponse"),
        "serviceAccounts.undelete",
    ),
    _method(
        "enable",
        Route("POST", f"{_ONE}:enable", "*"),
        _switch("enable", disabled=False),
        "EnableServiceAccount",
        ("EnableServiceAccountRequest", ""),
        "serviceAccounts.enable",
    ),
    _method(
        "disable",
        Route("POST", f"{_ONE}:disable", "*"),
        _switch("disable", disabled=True),
        "DisableServiceAccount",
        ("DisableServiceAccountRequest", ""),
        "serviceAccounts.disable",
    ),
    _method(
        "keys.list",
        Route("GET", f"{_ONE}/keys"),
        _list_keys,
        "ListServiceAccountKeys",
        ("ListServiceAccountKeysRequest", "ListServiceAccountKeysResponse"),
        "serviceAccountKeys.list",
    ),
    *policy_methods(
        PolicyTarget(
            id_prefix=_ID,
            templates=(_ONE.replace("{name", "{resource"),),
            resolve=_resolve,
            permission_prefix="iam.serviceAccounts",
            rpc_service=_RPC,
            get_verb="POST",
            test_missing=False,
        )
    ),
)
