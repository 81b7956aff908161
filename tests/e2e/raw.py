"""A client as bare as protobuf allows: policies with fields no released client knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.iam.v1 import iam_policy_pb2, options_pb2, policy_pb2
from google.protobuf.unknown_fields import UnknownFieldSet
from google.type import expr_pb2

SERVICES = {
    "ServiceAccount": "google.iam.admin.v1.IAM",
    "Secret": "google.cloud.secretmanager.v1.SecretManagerService",
    "ArtifactRegistryRepository": "google.devtools.artifactregistry.v1.ArtifactRegistry",
    "Project": "google.cloud.resourcemanager.v3.Projects",
}
TOMORROW = b"\xc2\x3e\x06future"
"""Field 1000, of a version of the API that nobody has yet."""


@dataclass(frozen=True, slots=True)
class RawPolicies:
    """get and setIamPolicy over gRPC."""

    target: str

    def get(self, kind: str, resource: str) -> policy_pb2.Policy:
        """The policy at version 3."""
        options = options_pb2.GetPolicyOptions(requested_policy_version=3)
        request = iam_policy_pb2.GetIamPolicyRequest(resource=resource, options=options)
        return self._send(kind, "GetIamPolicy", request)

    def set(self, kind: str, resource: str, policy: policy_pb2.Policy) -> None:
        """Overwrite the policy, audit configs included."""
        request = iam_policy_pb2.SetIamPolicyRequest(resource=resource, policy=policy)
        request.update_mask.paths.extend(["bindings", "etag", "audit_configs"])
        self._send(kind, "SetIamPolicy", request)

    def _send(self, kind: str, method: str, request: Any) -> policy_pb2.Policy:
        with grpc.insecure_channel(self.target) as channel:
            call = channel.unary_unary(
                f"/{SERVICES[kind]}/{method}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=policy_pb2.Policy.FromString,
            )
            answer: policy_pb2.Policy = call(request, timeout=10)
            return answer


def binding(role: str, *members: str, title: str = "") -> policy_pb2.Binding:
    """A binding, conditional where it has a title."""
    found = policy_pb2.Binding(role=role, members=members)
    if title:
        expression = "request.time < timestamp('2030-01-01T00:00:00Z')"
        found.condition.CopyFrom(expr_pb2.Expr(title=title, expression=expression, location="x"))
    return found


def policy(bindings: Sequence[policy_pb2.Binding], *, future: bool) -> policy_pb2.Policy:
    """A policy with audit configs; with `future` fields on itself and every binding."""
    found = policy_pb2.Policy(version=3, bindings=bindings)
    config = found.audit_configs.add(service="allServices")
    config.audit_log_configs.add(log_type=3, exempted_members=["user:auditor@example.com"])
    for message in (found, *found.bindings) if future else ():
        message.MergeFromString(TOMORROW)
    return found


def future_fields(message: Any) -> list[bytes]:
    """The fields of tomorrow a message holds."""
    unknown: Any = UnknownFieldSet(message)
    return [field.data for field in unknown if field.field_number == 1000]
