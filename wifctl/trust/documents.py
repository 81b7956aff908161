"""The public pages the trust rules come from; every verdict names one."""

from __future__ import annotations

_DOCS = "https://cloud.google.com/iam/docs"

STS_TOKEN = f"{_DOCS}/reference/sts/rest/v1/TopLevel/token"
PROVIDER = f"{_DOCS}/reference/rest/v1/projects.locations.global.workloadIdentityPools.providers"
OTHER_PROVIDERS = f"{_DOCS}/workload-identity-federation-with-other-providers"
OTHER_CLOUDS = f"{_DOCS}/workload-identity-federation-with-other-clouds"
PIPELINES = f"{_DOCS}/workload-identity-federation-with-deployment-pipelines"
X509 = f"{_DOCS}/workload-identity-federation-with-x509-certificates"
FEDERATION = f"{_DOCS}/workload-identity-federation"
TROUBLESHOOTING = f"{_DOCS}/troubleshooting-workload-identity-federation"
PRINCIPALS = f"{_DOCS}/principal-identifiers"
CONDITIONS = f"{_DOCS}/conditions-overview"
"""IAM conditions of a binding, not a provider's attributeCondition."""
