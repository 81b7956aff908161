"""Plans made by hand, for the tests of the views."""

from __future__ import annotations

from wifctl.diagnostics import Diagnostic, Position, Severity
from wifctl.plan.model import Action, Change, MemberChange, Plan, Reason, Step, Unclaimed
from wifctl.resource import Address, Condition, Later, LaterKind, policy_address

POOL = Address("WorkloadIdentityPool", ("acme-ci", "github"))
PROVIDER = Address("WorkloadIdentityPoolProvider", ("acme-ci", "github", "github-actions"))
ACCOUNT = Address("ServiceAccount", ("acme-ci", "deployer"))
SECRET = Address("Secret", ("acme-ci", "pypi-token"))
VERSION = Address("SecretVersion", ("acme-ci", "pypi-token"))
SERVICES = Address("ProjectServices", ("acme-ci",))
REPOSITORY = Address("ArtifactRegistryRepository", ("acme-ci", "europe-west1", "pypi"))
SET = (
    "principalSet://iam.googleapis.com/projects/123456789012/locations/global"
    "/workloadIdentityPools/github/attribute.repository_id/20300177"
)
AGENT = "serviceAccount:service-{}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
JWKS = '{"keys":[{"kty":"RSA","kid":"one","n":"abc","e":"AQAB"},{"kty":"RSA","kid":"two"}]}'


def first() -> Plan:
    """Everything is created."""
    return Plan(
        steps=(
            Step(
                SERVICES,
                Action.ENABLE,
                Reason.SERVICE_OFF,
                (
                    Change("iam.googleapis.com", None, "ENABLED"),
                    Change("sts.googleapis.com", None, "ENABLED"),
                ),
                origin="manifests/services.yaml:1:1",
            ),
            Step(
                POOL,
                Action.CREATE,
                Reason.MISSING,
                (
                    Change("displayName", None, "GitHub Actions"),
                    Change("description", None, "Workflows of acme"),
                ),
                origin="manifests/pool.yaml:1:1",
            ),
            Step(
                PROVIDER,
                Action.CREATE,
                Reason.MISSING,
                (
                    Change("oidc.issuerUri", None, "https://token.actions.githubusercontent.com"),
                    Change("oidc.jwksJson", None, JWKS),
                    Change(
                        "attributeMapping",
                        None,
                        {
                            "google.subject": "assertion.sub",
                            "attribute.repository_id": "assertion.repository_id",
                        },
                    ),
                    Change(
                        "attributeCondition",
                        None,
                        "assertion.repository_owner_id == '1342004' && "
                        "assertion.ref == 'refs/heads/main' && assertion.event_name != 'x'",
                    ),
                ),
                origin="manifests/pool.yaml:8:1",
            ),
            Step(ACCOUNT, Action.CREATE, Reason.MISSING, origin="manifests/deployer.yaml:1:1"),
            Step(
                policy_address(ACCOUNT),
                Action.POLICY,
                Reason.DIFFERS,
                members=(
                    MemberChange(
                        Action.GRANT,
                        "roles/iam.workloadIdentityUser",
                        SET,
                        Reason.NOT_GRANTED,
                        origin="manifests/deployer.yaml:9:11",
                    ),
                ),
            ),
            Step(
                policy_address(SECRET),
                Action.POLICY,
                Reason.DIFFERS,
                members=(
                    MemberChange(
                        Action.GRANT,
                        "roles/secretmanager.secretAccessor",
                        Later(LaterKind.PROJECT_NUMBER, "acme-ci", AGENT),
                        Reason.NOT_GRANTED,
                        origin="manifests/registry.yaml:5:13",
                    ),
                ),
            ),
            Step(
                VERSION,
                Action.CREATE,
                Reason.NO_VERSION,
                notes=("the payload comes from the environment variable PYPI_TOKEN",),
            ),
            Step(
                REPOSITORY,
                Action.CREATE,
                Reason.MISSING,
                (
                    Change("format", None, "PYTHON"),
                    Change("mode", None, "REMOTE_REPOSITORY"),
                    Change(
                        "remoteRepositoryConfig.upstreamCredentials.username", None, "__token__"
                    ),
                    Change(
                        "remoteRepositoryConfig.upstreamCredentials.passwordSecretVersion",
                        None,
                        Later(
                            LaterKind.SECRET_VERSION,
                            str(SECRET),
                            "projects/acme-ci/secrets/pypi-token/versions/{}",
                        ),
                    ),
                ),
            ),
        ),
    )


def second() -> Plan:
    """Changes, removals, an undelete, access nobody asked for, a warning."""
    live_jwks = JWKS.replace("two", "three")
    return Plan(
        steps=(
            Step(
                POOL,
                Action.UNDELETE,
                Reason.SOFT_DELETED,
                notes=("comes back with it: provider github-actions, 2 bindings",),
                origin="manifests/pool.yaml:1:1",
            ),
            Step(
                PROVIDER,
                Action.UPDATE,
                Reason.DIFFERS,
                (
                    Change("disabled", True, False, gains_access=True),
                    Change("displayName", "GitHub", "GitHub Actions"),
                    Change("description", "from hand\x1b[31m", None),
                    Change("oidc.jwksJson", live_jwks, JWKS),
                    Change("oidc.allowedAudiences", ["a", "b"], ["b", "c"]),
                    Change(
                        "attributeMapping",
                        {"google.subject": "assertion.sub", "attribute.ref": "assertion.ref"},
                        {
                            "google.subject": "assertion.sub",
                            "attribute.ref": "assertion.base_ref",
                            "attribute.actor": "assertion.actor",
                        },
                    ),
                    Change(
                        "attributeCondition",
                        "assertion.repository_owner_id == '1342004' && "
                        "assertion.ref == 'refs/heads/main' && assertion.event_name != 'x'",
                        "assertion.repository_owner_id == '1342004' && "
                        "assertion.ref == 'refs/heads/release' && assertion.event_name != 'x'",
                    ),
                ),
                origin="manifests/pool.yaml:8:1",
            ),
            Step(
                policy_address(ACCOUNT),
                Action.POLICY,
                Reason.DIFFERS,
                members=(
                    MemberChange(
                        Action.GRANT,
                        "roles/iam.workloadIdentityUser",
                        SET,
                        Reason.NOT_GRANTED,
                        Condition("request.time < timestamp('2027-01-01T00:00:00Z')", "until 2027"),
                        origin="manifests/deployer.yaml:9:11",
                    ),
                    MemberChange(
                        Action.REVOKE,
                        "roles/iam.serviceAccountTokenCreator",
                        "user:a@example.com",
                        Reason.ROLE_AUTHORITATIVE,
                        origin="manifests/deployer.yaml:12:7",
                    ),
                ),
            ),
            Step(
                VERSION,
                Action.CREATE,
                Reason.PAYLOAD_UNDECIDED,
                undecided=True,
            ),
            Step(SECRET, Action.DELETE, Reason.ABSENT, origin="manifests/gone.yaml:1:1"),
        ),
        unchanged=(SERVICES, REPOSITORY),
        unclaimed=(
            Unclaimed(ACCOUNT, "roles/iam.workloadIdentityUser", SET.replace("20300177", "1")),
            Unclaimed(SECRET, "roles/secretmanager.secretAccessor", "user:b@example.com"),
        ),
        diagnostics=(
            Diagnostic(
                "priority-order",
                "upstream wins over the private repository",
                Severity.WARNING,
                Position("manifests/registry.yaml", 12, 5),
                "spec.virtualRepositoryConfig",
                fix="give the private repository the higher priority",
            ),
        ),
    )


def refused() -> Plan:
    """A change Google cannot make."""
    return Plan(
        steps=(
            Step(
                PROVIDER,
                Action.UPDATE,
                Reason.DIFFERS,
                (Change("type", "oidc", "aws"),),
            ),
        ),
        diagnostics=(
            Diagnostic(
                "immutable-field",
                "the type of a provider cannot change",
                position=Position("manifests/pool.yaml", 8, 1),
                path="spec.aws",
                fix="declare a provider with a new id, then remove this one",
                address=str(PROVIDER),
            ),
        ),
    )


def nothing() -> Plan:
    """Live is as desired."""
    return Plan(unchanged=(SERVICES, POOL, PROVIDER))
