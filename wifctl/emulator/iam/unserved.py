"""Documented methods of the IAM API that the emulator does not serve: 501, named."""

from __future__ import annotations

from wifctl.emulator.service import Method, Route, unserved

_RPC = "google.iam.admin.v1.IAM"
_ACCOUNT = "/v1/{name=projects/*/serviceAccounts/*}"
_KEY = "/v1/{name=projects/*/serviceAccounts/*/keys/*}"
_POOLS = "/v1/{name=projects/*/locations/*/workloadIdentityPools/*}"

_KEYS = tuple(
    unserved(f"iam.projects.serviceAccounts.keys.{verb}", Route(http, path), rpc=f"{_RPC}/{rpc}")
    for verb, http, path, rpc in (
        ("create", "POST", f"{_ACCOUNT}/keys", "CreateServiceAccountKey"),
        ("upload", "POST", f"{_ACCOUNT}/keys:upload", "UploadServiceAccountKey"),
        ("get", "GET", _KEY, "GetServiceAccountKey"),
        ("delete", "DELETE", _KEY, "DeleteServiceAccountKey"),
        ("disable", "POST", f"{_KEY}:disable", "DisableServiceAccountKey"),
        ("enable", "POST", f"{_KEY}:enable", "EnableServiceAccountKey"),
    )
)
_SIGNING = tuple(
    unserved(
        f"iam.projects.serviceAccounts.{verb}",
        Route("POST", f"{_ACCOUNT}:{verb}"),
        rpc=f"{_RPC}/{rpc}",
    )
    for verb, rpc in (("signBlob", "SignBlob"), ("signJwt", "SignJwt"))
)
_ROLES = tuple(
    unserved(f"iam.{name}", *routes, rpc=f"{_RPC}/{rpc}")
    for name, rpc, routes in (
        ("roles.list", "ListRoles", (
            Route("GET", "/v1/roles"), Route("GET", "/v1/{parent=projects/*}/roles"))),
        ("roles.get", "GetRole", (
            Route("GET", "/v1/{name=roles/*}"), Route("GET", "/v1/{name=projects/*/roles/*}"))),
        ("projects.roles.create", "CreateRole", (
            Route("POST", "/v1/{parent=projects/*}/roles"),)),
        ("projects.roles.patch", "UpdateRole", (
            Route("PATCH", "/v1/{name=projects/*/roles/*}"),)),
        ("projects.roles.delete", "DeleteRole", (
            Route("DELETE", "/v1/{name=projects/*/roles/*}"),)),
        ("projects.roles.undelete", "UndeleteRole", (
            Route("POST", "/v1/{name=projects/*/roles/*}:undelete"),)),
        ("roles.queryGrantableRoles", "QueryGrantableRoles", (
            Route("POST", "/v1/roles:queryGrantableRoles"),)),
        ("permissions.queryTestablePermissions", "QueryTestablePermissions", (
            Route("POST", "/v1/permissions:queryTestablePermissions"),)),
        ("iamPolicies.queryAuditableServices", "QueryAuditableServices", (
            Route("POST", "/v1/iamPolicies:queryAuditableServices"),)),
        ("iamPolicies.lintPolicy", "LintPolicy", (
            Route("POST", "/v1/iamPolicies:lintPolicy"),)),
    )
)  # fmt: skip
_BELOW = f"{_POOLS}/namespaces/{{rest=**}}"
_NAMESPACES = tuple(
    unserved(f"iam.projects.locations.workloadIdentityPools.namespaces ({http})", *routes)
    for http, routes in (
        ("GET", (Route("GET", f"{_POOLS}/namespaces"), Route("GET", _BELOW))),
        ("POST", (Route("POST", f"{_POOLS}/namespaces"), Route("POST", _BELOW))),
        ("PATCH", (Route("PATCH", _BELOW),)),
        ("DELETE", (Route("DELETE", _BELOW),)),
    )
)

METHODS: tuple[Method, ...] = (*_KEYS, *_SIGNING, *_ROLES, *_NAMESPACES)
