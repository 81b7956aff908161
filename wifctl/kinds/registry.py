"""Every kind by name. Modules are imported only when a document names their kind."""

from __future__ import annotations

import functools
import importlib

from wifctl.kinds.base import Kind

MODULES = {
    "ProjectServices": "wifctl.kinds.project_services",
    "WorkloadIdentityPool": "wifctl.kinds.pool",
    "WorkloadIdentityPoolProvider": "wifctl.kinds.provider",
    "ServiceAccount": "wifctl.kinds.service_account",
    "WorkloadIdentityBinding": "wifctl.kinds.workload_identity_binding",
    "Secret": "wifctl.kinds.secret",
    "SecretAccessorGrant": "wifctl.kinds.secret_accessor_grant",
    "ArtifactRegistryRepository": "wifctl.kinds.repository",
    "IamGrant": "wifctl.kinds.iam_grant",
    "CredentialConfiguration": "wifctl.kinds.credential_configuration",
    "TrustTest": "wifctl.kinds.trust_test",
    "Stack": "wifctl.kinds.stack",
}
"""Kinds a manifest may hold, in the order reference pages list them."""

HIDDEN = {
    "SecretVersion": "wifctl.kinds.secret_version",
    "ServiceIdentity": "wifctl.kinds.service_identity",
}
"""Kinds of objects that other documents bring along."""


@functools.cache
def kind(name: str) -> Kind:
    """The kind of one name. Raises KeyError for a name no registry holds."""
    module = importlib.import_module(MODULES.get(name) or HIDDEN[name])
    found: Kind = module.KIND
    return found


def kinds() -> tuple[Kind, ...]:
    """All kinds of manifests; imports all their modules."""
    return tuple(kind(name) for name in MODULES)
