"""iam.projects.locations.workloadIdentityPools: create, get, list, patch, delete, undelete."""

from __future__ import annotations

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.iam.common import (
    MESSAGES,
    OPERATION_MESSAGE,
    POOL,
    active,
    canonical,
    check_texts,
    delete,
    free_name,
    get_operation,
    listed,
    read,
    start,
    undelete,
)
from wifctl.emulator.iam.trust_domain import check_trust_domain, with_issuance_defaults
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.paging import page
from wifctl.emulator.policies.methods import PolicyTarget, policy_methods
from wifctl.emulator.service import Context, Method, Route

_ID = "iam.projects.locations.workloadIdentityPools"
_COLLECTION = "/v1/{parent=projects/*/locations/*}/workloadIdentityPools"
_ONE = "/v1/{name=projects/*/locations/*/workloadIdentityPools/*}"
_MUTABLE = (
    "displayName",
    "description",
    "disabled",
    "inlineCertificateIssuanceConfig",
    "inlineTrustConfig",
)
_IGNORED = ("name", "state", "expireTime", "mode")


def _create(context: Context, request: Json) -> Json:
    parent = canonical(context, request.get("parent", ""), f"{POOL.permission}.create")
    pool = {**request.get("workloadIdentityPool", {}), "state": "ACTIVE"}
    pool.pop("expireTime", None)
    name = free_name(
        context,
        POOL,
        f"{parent}/workloadIdentityPools",
        request.get("workloadIdentityPoolId", ""),
        "workloadIdentityPoolId",
    )
    pool["name"] = name
    context.store.put(POOL.store, name, _checked(pool))
    return start(context, name)


def _get(context: Context, request: Json) -> Json:
    return read(context, POOL, request.get("name", ""), "get")[1]


def _list(context: Context, request: Json) -> Json:
    parent = canonical(context, request.get("parent", ""), f"{POOL.permission}.list")
    collection = f"{parent}/workloadIdentityPools"
    found = listed(context, POOL, collection, deleted=request.get("showDeleted", False))
    pools, token = page(found, request, default=50, maximum=1000, scope=collection)
    return {"workloadIdentityPools": list(pools), "nextPageToken": token}


def _patch(context: Context, request: Json) -> Json:
    sent, mask = request.get("workloadIdentityPool", {}), request.get("updateMask")
    name, live = active(context, POOL, sent.get("name", ""), "update")
    if not mask:
        raise invalid('Invalid value for "updateMask": it is required.')
    check_mask(mask, (*_MUTABLE, *_IGNORED), ())
    if "mode" in mask and _mode(sent) != _mode(live):
        raise invalid("Attempted to update an immutable field.")
    changed = masked(live, sent, [path for path in mask if path.split(".")[0] in _MUTABLE])
    context.store.put(POOL.store, name, _checked(changed))
    return start(context, name)


def _delete(context: Context, request: Json) -> Json:
    return delete(context, POOL, request.get("name", ""))


def _undelete(context: Context, request: Json) -> Json:
    return undelete(context, POOL, request.get("name", ""))


def _checked(pool: Json) -> Json:
    check_texts(pool)
    check_trust_domain(pool)
    return with_issuance_defaults(pool)


def _mode(pool: Json) -> str:
    return str(pool.get("mode", "FEDERATION_ONLY"))


def _resolve(context: Context, name: str) -> str:
    return read(context, POOL, name, "getIamPolicy")[0]


def _method(verb: str, route: Route, handler: object, request: str, response: str = "") -> Method:
    return Method(
        id=f"{_ID}.{verb}",
        routes=(route,),
        handler=handler,  # type: ignore[arg-type]
        request=f"{MESSAGES}:{request}",
        response=f"{MESSAGES}:{response}" if response else OPERATION_MESSAGE,
        permission=f"{POOL.permission}.{'update' if verb == 'patch' else verb}",
        write=not response,
    )


METHODS: tuple[Method, ...] = (
    _method(
        "create",
        Route("POST", _COLLECTION, "workloadIdentityPool"),
        _create,
        "CreatePoolRequest",
    ),
    _method("get", Route("GET", _ONE), _get, "NameRequest", "WorkloadIdentityPool"),
    _method("list", Route("GET", _COLLECTION), _list, "ListRequest", "ListPoolsResponse"),
    _method(
        "patch",
        Route("PATCH", _ONE.replace("{name", "{workloadIdentityPool.name"), "workloadIdentityPool"),
        _patch,
        "UpdatePoolRequest",
    ),
    _method("delete", Route("DELETE", _ONE), _delete, "NameRequest"),
    _method("undelete", Route("POST", f"{_ONE}:undelete", "*"), _undelete, "NameRequest"),
    Method(
        id=f"{_ID}.operations.get",
        routes=(Route("GET", _ONE.replace("}", "/operations/*}")),),
        handler=get_operation,
        request=f"{MESSAGES}:NameRequest",
        response=OPERATION_MESSAGE,
    ),
    *policy_methods(
        PolicyTarget(
            id_prefix=_ID,
            templates=(_ONE.replace("{name", "{resource"),),
            resolve=_resolve,
            permission_prefix=POOL.permission,
            get_verb="POST",
            get_body="*",
            test_missing=False,
        )
    ),
)
