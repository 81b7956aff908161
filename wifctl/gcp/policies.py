"""IAM policies of every kind of target: read at version 3, written edited and under their etag."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.iam.v1 import iam_policy_pb2, options_pb2, policy_pb2

from wifctl.api import LivePolicy, MemberEdit, PolicyTarget
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.policy_edits import CONDITIONS_VERSION, apply_edits, live_policy
from wifctl.gcp.policy_forms import JsonPolicy, ProtoPolicy
from wifctl.gcp.quota import (
    IAM_READ,
    IAM_WRITE,
    POOL_READ,
    POOL_WRITE,
    PROJECT_READ,
    REGISTRY_READ,
    REGISTRY_WRITE,
    SECRET_READ,
    SECRET_WRITE,
    Limit,
)
from wifctl.gcp.rest import HttpRequest, Rest
from wifctl.gcp.rpc import Rpc
from wifctl.gcp.secret_versions import regional_host
from wifctl.names import PoolName, ProjectName, RepositoryName, SecretName, ServiceAccountName

_OPTIONS = {"requestedPolicyVersion": CONDITIONS_VERSION}


def _pair(collection: str, read: Limit, write: Limit | None) -> tuple[Method, Method]:
    return (
        Method(f"{collection}.getIamPolicy", Repeat.READ, read),
        Method(f"{collection}.setIamPolicy", Repeat.GUARDED, write, 60.0),
    )


_METHODS: dict[type[PolicyTarget], tuple[Method, Method]] = {
    ProjectName: _pair("projects", PROJECT_READ, None),
    PoolName: _pair("workloadIdentityPools", POOL_READ, POOL_WRITE),
    ServiceAccountName: _pair("serviceAccounts", IAM_READ, IAM_WRITE),
    SecretName: _pair("secrets", SECRET_READ, SECRET_WRITE),
    RepositoryName: _pair("repositories", REGISTRY_READ, REGISTRY_WRITE),
}


@dataclass(frozen=True, slots=True)
class GooglePolicies:
    """`wifctl.api.Policies`: pools and projects over REST, the rest over gRPC."""

    rest: Rest
    accounts: Rpc
    secrets: Rpc
    repositories: Rpc

    async def read(self, target: PolicyTarget) -> LivePolicy:
        """The policy at version 3."""
        method, _ = _METHODS[type(target)]
        if isinstance(target, ProjectName | PoolName):
            answer = await self._rest(method, target, {"options": _OPTIONS})
            return live_policy(JsonPolicy(answer))
        options = options_pb2.GetPolicyOptions(requested_policy_version=CONDITIONS_VERSION)
        request = iam_policy_pb2.GetIamPolicyRequest(resource=str(target), options=options)
        message = await self._grpc(method, "get_iam_policy", request, target)
        return live_policy(ProtoPolicy(message))

    async def edit(
        self, target: PolicyTarget, policy: LivePolicy, edits: Sequence[MemberEdit]
    ) -> LivePolicy:
        """Write one edited policy under its etag; ABORTED when it has moved.

        ABORTED with `effect_unknown` means that an earlier answer was lost: the edit may be there.
        """
        _, method = _METHODS[type(target)]
        message = copy.deepcopy(policy.message)
        if isinstance(target, ProjectName | PoolName):
            assert isinstance(message, dict)
            apply_edits(JsonPolicy(message), edits)
            answer = await self._rest(method, target, {"policy": message})
            return live_policy(JsonPolicy(answer))
        assert isinstance(message, policy_pb2.Policy)
        apply_edits(ProtoPolicy(message), edits)
        request = iam_policy_pb2.SetIamPolicyRequest(resource=str(target), policy=message)
        return live_policy(ProtoPolicy(await self._grpc(method, "set_iam_policy", request, target)))

    async def _rest(
        self, method: Method, target: ProjectName | PoolName, body: dict[str, Any]
    ) -> dict[str, Any]:
        verb = method.name.rpartition(".")[2]
        if isinstance(target, ProjectName):
            service, version = "cloudresourcemanager", "v3"
        else:
            service, version = "iam", "v1"
        request = HttpRequest("POST", service, f"{version}/{target}:{verb}", None, body)
        return dict(await self.rest.send(method, request, target))

    async def _grpc(
        self,
        method: Method,
        rpc: str,
        request: Any,
        target: ServiceAccountName | SecretName | RepositoryName,
    ) -> Any:
        match target:
            case ServiceAccountName():
                return await self.accounts.send(method, rpc, request, target)
            case RepositoryName():
                return await self.repositories.send(method, rpc, request, target)
            case SecretName():
                host = regional_host(self.secrets.host, target.location)
                return await self.secrets.send(method, rpc, request, target, host=host)
