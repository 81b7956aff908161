"""iam.projects.locations.workloadIdentityPools.providers: all methods but its keys'."""

from __future__ import annotations

from wifctl.emulator.errors import Json, invalid, precondition
from wifctl.emulator.iam.common import (
    MESSAGES,
    OPERATION_MESSAGE,
    POOL,
    PROVIDER,
    active,
    delete,
    free_name,
    get_operation,
    listed,
    read,
    start,
    undelete,
)
from wifctl.emulator.iam.providers.checks import check_provider
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.paging import page
from wifctl.emulator.service import Context, Handler, Method, Route

MAX_PAGE = 100
_ID = "iam.projects.locations.workloadIdentityPools.providers"
_COLLECTION = "/v1/{parent=projects/*/locations/*/workloadIdentityPools/*}/providers"
_ONE = "/v1/{name=projects/*/locations/*/workloadIdentityPools/*/providers/*}"
_PARTS = {
    "oidc": ("issuerUri", "allowedAudiences", "jwksJson", "discoveryUri"),
    "aws": ("accountId",),
    "saml": ("idpMetadataXml",),
    "x509": ("trustStore",),
}
_MUTABLE = (
    *("displayName", "description", "disabled", "attributeMapping", "attributeCondition"),
    *("actorProviders", "oidc", "aws", "saml", "x509"),
)
_IGNORED = ("name", "state", "expireTime")


def _create(context: Context, request: Json) -> Json:
    pool_name, pool = active(context, POOL, request.get("parent", ""), "get")
    _require_federation(pool)
    provider = {**request.get("workloadIdentityPoolProvider", {}), "state": "ACTIVE"}
    provider.pop("expireTime", None)
    provider_id = request.get("workloadIdentityPoolProviderId", "")
    what = "workloadIdentityPoolProviderId"
    name = free_name(context, PROVIDER, f"{pool_name}/providers", provider_id, what)
    provider["name"] = name
    check_provider(provider, None, context.clock.now())
    context.store.put(PROVIDER.store, name, provider)
    return start(context, name)


def _get(context: Context, request: Json) -> Json:
    _pool(context, request.get("name", ""))
    return read(context, PROVIDER, request.get("name", ""), "get")[1]


def _list(context: Context, request: Json) -> Json:
    pool_name, pool = read(context, POOL, request.get("parent", ""), "get")
    _require_federation(pool)
    collection = f"{pool_name}/providers"
    found = listed(context, PROVIDER, collection, deleted=request.get("showDeleted", False))
    providers, token = page(found, request, default=50, maximum=MAX_PAGE, scope=collection)
    return {"workloadIdentityPoolProviders": list(providers), "nextPageToken": token}


def _patch(context: Context, request: Json) -> Json:
    sent, mask = request.get("workloadIdentityPoolProvider", {}), request.get("updateMask")
    _living_pool(context, sent.get("name", ""))
    name, live = active(context, PROVIDER, sent.get("name", ""), "update")
    if not mask:
        raise invalid('Invalid value for "updateMask": it is required.')
    check_mask(mask, (*_MUTABLE, *_IGNORED), ())
    _check_parts(mask)
    changed = masked(live, sent, [p for p in mask if p.split(".")[0] in _MUTABLE])
    check_provider(changed, live, context.clock.now())
    context.store.put(PROVIDER.store, name, changed)
    return start(context, name)


def _delete(context: Context, request: Json) -> Json:
    _pool(context, request.get("name", ""))
    return delete(context, PROVIDER, request.get("name", ""))


def _undelete(context: Context, request: Json) -> Json:
    _living_pool(context, request.get("name", ""))
    return undelete(context, PROVIDER, request.get("name", ""))


def _check_parts(mask: list[str]) -> None:
    for path in mask:
        kind, _, part = path.partition(".")
        if part and kind in _PARTS and part.split(".")[0] not in _PARTS[kind]:
            raise invalid(f"Invalid field mask: {path} is not a field that can be updated.")


def _pool(context: Context, name: str) -> Json:
    return read(context, POOL, name.rpartition("/providers/")[0], "get")[1]


def _living_pool(context: Context, name: str) -> None:
    if _pool(context, name)["state"] != "ACTIVE":
        raise precondition("The pool of the provider is deleted: undelete it first.")


def _require_federation(pool: Json) -> None:
    mode = pool.get("mode", "FEDERATION_ONLY")
    if mode != "FEDERATION_ONLY":
        raise invalid(f"Providers are not supported in a pool of mode {mode}.")


def _method(
    verb: str, routes: tuple[Route, ...], handler: Handler, request: str, response: str = ""
) -> Method:
    return Method(
        id=f"{_ID}.{verb}",
        routes=routes,
        handler=handler,
        request=f"{MESSAGES}:{request}",
        response=f"{MESSAGES}:{response}" if response else OPERATION_MESSAGE,
        permission=f"{PROVIDER.permission}.{'update' if verb == 'patch' else verb}",
        write=not response,
    )


_SENT = "workloadIdentityPoolProvider"

METHODS: tuple[Method, ...] = (
    _method("create", (Route("POST", _COLLECTION, _SENT),), _create, "CreateProviderRequest"),
    _method("get", (Route("GET", _ONE),), _get, "NameRequest", "WorkloadIdentityPoolProvider"),
    _method("list", (Route("GET", _COLLECTION),), _list, "ListRequest", "ListProvidersResponse"),
    _method(
        "patch",
        (Route("PATCH", _ONE.replace("{name", f"{{{_SENT}.name"), _SENT),),
        _patch,
        "UpdateProviderRequest",
    ),
    _method("delete", (Route("DELETE", _ONE),), _delete, "NameRequest"),
    _method("undelete", (Route("POST", f"{_ONE}:undelete", "*"),), _undelete, "NameRequest"),
    Method(
        id=f"{_ID}.operations.get",
        routes=(Route("GET", _ONE.replace("}", "/operations/*}")),),
        handler=get_operation,
        request=f"{MESSAGES}:NameRequest",
        response=OPERATION_MESSAGE,
    ),
)
