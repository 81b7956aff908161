"""getIamPolicy, setIamPolicy and testIamPermissions of any resource, made from one description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wifctl.emulator.errors import ApiError
from wifctl.emulator.service import Context, Handler, Json, Method, Route

_POLICY = "google.iam.v1.policy_pb2:Policy"
_REQUESTS = "google.iam.v1.iam_policy_pb2"


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """A kind of resource that has a policy."""

    id_prefix: str
    """The discovery id up to the verb, e.g. `secretmanager.projects.secrets`."""
    templates: tuple[str, ...]
    """Paths with the variable `resource` and no verb: `/v1/{resource=projects/*/secrets/*}`."""
    resolve: Callable[[Context, str], str]
    """The canonical name of an existing resource; raises ApiError as its `get` would."""
    permission_prefix: str
    """E.g. `secretmanager.secrets`, completed by `.getIamPolicy` and `.setIamPolicy`."""
    rpc_service: str = ""
    """E.g. `google.cloud.secretmanager.v1.SecretManagerService`; empty for REST only."""
    get_verb: str = "GET"
    """GET, or POST with the options in the body (pools, projects) or query (accounts)."""
    get_body: str = ""
    """`*` where getIamPolicy reads its options from the body."""
    test_missing: bool = True
    """testIamPermissions on a missing resource answers with nothing instead of NOT_FOUND."""


def policy_methods(target: PolicyTarget) -> tuple[Method, Method, Method]:
    """The three methods of a kind of resource."""
    return (
        _method(target, "getIamPolicy", "GetIamPolicy", _get(target), target.get_verb),
        _method(target, "setIamPolicy", "SetIamPolicy", _set(target), "POST"),
        _method(target, "testIamPermissions", "TestIamPermissions", _test(target), "POST"),
    )


def _method(target: PolicyTarget, verb: str, rpc: str, handler: Handler, http: str) -> Method:
    body = target.get_body if verb == "getIamPolicy" else "*"
    routes = tuple(Route(http, f"{t}:{verb}", body) for t in target.templates)
    tested = verb == "testIamPermissions"
    return Method(
        id=f"{target.id_prefix}.{verb}",
        routes=routes,
        handler=handler,
        request=f"{_REQUESTS}:{rpc}Request",
        response=f"{_REQUESTS}:TestIamPermissionsResponse" if tested else _POLICY,
        rpc=f"{target.rpc_service}/{rpc}" if target.rpc_service else "",
        permission="" if tested else f"{target.permission_prefix}.{verb}",
        write=verb == "setIamPolicy",
    )


def _get(target: PolicyTarget) -> Handler:
    def handle(context: Context, request: Json) -> Json:
        name = target.resolve(context, request.get("resource", ""))
        version = request.get("options", {}).get("requestedPolicyVersion", 0)
        return context.policies.get(name, version)

    return handle


def _set(target: PolicyTarget) -> Handler:
    def handle(context: Context, request: Json) -> Json:
        name = target.resolve(context, request.get("resource", ""))
        return context.policies.set(name, request.get("policy", {}), request.get("updateMask"))

    return handle


def _test(target: PolicyTarget) -> Handler:
    def handle(context: Context, request: Json) -> Json:
        try:
            name = target.resolve(context, request.get("resource", ""))
        except ApiError as error:
            if error.status == "NOT_FOUND" and target.test_missing:
                return {}
            raise
        asked = request.get("permissions", [])
        return {"permissions": context.policies.test(name, asked, context.identity)}

    return handle
