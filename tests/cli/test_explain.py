"""`wifctl explain`: what it prints, what it ends with, and what it never shows."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_explain_hand_checks import CASES, ISSUER, NAME, SETTINGS
from tests.conftest import Runner
from tests.gcp.loopback import Answer, Asked, serving
from tests.support.emulator import Rest, emulator
from tests.support.keys import NOW
from tests.support.runner import Ran
from tests.support.tokens import AwsKey, JwtIssuer, X509Authority, audience_url, aws_request
from wifctl.emulator.server import Doors

Golden = Callable[[Path, str], None]
AT = ("--at", NOW.isoformat())
MANIFESTS = CASES / "manifests.yaml"
SCENARIOS = Path(__file__).parents[2] / "manifests"
GITHUB = {
    "repository": "acme/infra",
    "repository_owner_id": "1342004",
    "aud": audience_url(NAME),
    "sub": "repo:acme/infra:ref:refs/heads/main",
}


@pytest.fixture
def explain(wifctl: Runner) -> Callable[..., Ran]:
    """Runs `wifctl explain` beside the manifests of the cases."""
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text(MANIFESTS.read_text())
    return lambda *arguments, **more: wifctl("explain", *arguments, "ci.yaml", **more)


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    with emulator() as opened:
        yield opened


def token(**claims: object) -> str:
    """A signed token GitHub might have made."""
    return ISSUER.sign(ISSUER.claims(**{**GITHUB, **claims}))


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("accepted", (), 0),
        ("refused-by-the-condition", ("owner_id=7", "repo=Acme/infra"), 3),
        ("refused-by-the-grants", ("repo=acme/website",), 3),
    ],
)
def test_the_text_reads_from_the_token_to_the_verdict(
    explain: Callable[..., Ran], golden: Golden, name: str, values: tuple[str, ...], code: int
) -> None:
    ran = explain("--simulate", "github", *values, *AT)

    assert (ran.code, ran.err) == (code, "")
    golden(CASES / f"{name}.txt", ran.out)


def test_a_condition_is_shown_with_every_operand(
    wifctl: Runner, golden: Golden, tmp_path: Path
) -> None:
    Path("claims.json").write_text(json.dumps({"sub": "a", "namespace_id": 9970, "ref": "x"}))
    text = (SCENARIOS / "gitlab" / "gitlab.yaml").read_text()
    text = text.replace("ref_protected == 'true'", "ref_protected == 'true' && !(1 > 2)")
    Path("gitlab.yaml").write_text(text)
    Path("wifctl.yaml").write_text(SETTINGS)

    ran = wifctl("explain", "--claims", "claims.json", *AT, "gitlab.yaml")

    assert ran.code == 3
    golden(CASES / "every-operand.txt", ran.out)


def test_a_signed_token_with_known_keys_is_accepted(explain: Callable[..., Ran]) -> None:
    Path("keys.json").write_text(ISSUER.jwks_json)

    ran = explain("--token-file", "-", "--jwks", "keys.json", *AT, stdin=token().encode())

    assert ran.code == 0, ran.out
    assert "Accepted: Google would give a token for 3600 seconds." in ran.out


def test_without_keys_nobody_can_tell(explain: Callable[..., Ran]) -> None:
    ran = explain("--token-file", "-", *AT, stdin=token().encode())

    assert ran.code == 1
    assert "Cannot tell" in ran.out
    assert "--jwks" in ran.out


def test_a_refusal_needs_no_keys(explain: Callable[..., Ran]) -> None:
    ran = explain("--token-file", "-", *AT, stdin=token(repository_owner_id="7").encode())

    assert ran.code == 3


def test_keys_may_be_served_on_this_machine(explain: Callable[..., Ran]) -> None:
    def respond(asked: Asked) -> Answer:
        document = {"issuer": ISSUER.issuer, "jwks_uri": f"{ISSUER.issuer}/keys"}
        keys = asked.path == "/keys"
        return Answer(body=ISSUER.jwks_json.encode() if keys else json.dumps(document).encode())

    with serving(respond) as server:
        url = f"{server.url}/.well-known/openid-configuration"
        ran = explain("--token-file", "-", "--jwks", url, *AT, stdin=token().encode())

    assert ran.code == 0, ran.out + ran.err
    assert [asked.path for asked in server.asked][1] == "/keys"


def test_keys_elsewhere_are_not_fetched(explain: Callable[..., Ran]) -> None:
    ran = explain("--token-file", "-", "--jwks", "https://example.com/jwks", stdin=b"x")

    assert ran.code == 1
    assert "on this machine" in ran.err


def test_given_keys_replace_uploaded_ones(wifctl: Runner) -> None:
    stale, fresh = JwtIssuer("https://adfs.example.com/adfs"), ISSUER
    Path("keys.json").write_text(stale.jwks_json)
    claims = {"aud": "urn:wifctl:example", "appid": "x", "sub": "a"}
    text = stale.sign(stale.claims(**claims))
    ran = wifctl(
        *("explain", "--token-file", "-", "--jwks", "keys.json", *AT, SCENARIOS / "adfs"),
        stdin=text.encode(),
    )

    assert fresh.keys == stale.keys
    assert "OIDC-5" not in ran.out
    assert ran.code == 3
    assert "no grant lets its identity become" in ran.out


def test_a_command_may_print_the_token(explain: Callable[..., Ran]) -> None:
    Path("token.json").write_text(json.dumps({"value": token()}))
    program = f"print(open({str(Path('token.json').resolve())!r}).read())"
    command = shlex.join([sys.executable, "-c", program])
    Path("keys.json").write_text(ISSUER.jwks_json)

    ran = explain("--token-command", command, "--jwks", "keys.json", *AT)

    assert ran.code == 0, ran.out + ran.err


def test_a_failing_command_is_an_error(explain: Callable[..., Ran]) -> None:
    ran = explain("--token-command", shlex.join([sys.executable, "-c", "raise SystemExit(4)"]))

    assert ran.code == 1
    assert "ended with status 4" in ran.err


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "claims", [{}, {"aud": "x"}, {"sub": "s" * 200}, {"iss": "https://mallory.example.com"}]
)
def test_neither_token_nor_signature_is_shown(
    explain: Callable[..., Ran], form: str, claims: dict[str, object]
) -> None:
    text = token(**claims)

    ran = explain("--token-file", "-", "--all", "--format", form, *AT, stdin=text.encode())

    shown = ran.out + ran.err
    assert text not in shown
    assert not any(part in shown for part in text.split("."))


def test_a_broken_token_is_not_repeated(explain: Callable[..., Ran]) -> None:
    ran = explain("--token-file", "-", *AT, stdin=b"planted.planted.planted")

    assert ran.code == 3
    assert "planted" not in ran.out + ran.err


def test_the_observed_limits_forgive_what_documents_do_not(explain: Callable[..., Ran]) -> None:
    year = {"exp": int(NOW.timestamp()) + 31_536_000}
    Path("claims.json").write_text(json.dumps(ISSUER.claims(**GITHUB) | year))

    strict = explain("--claims", "claims.json", *AT)
    lenient = explain("--claims", "claims.json", "--strictness", "observed", *AT)

    assert (strict.code, lenient.code) == (3, 0)
    assert "the live service was seen to accept this" in strict.out


def test_all_shows_rules_that_hold_and_grants_for_others(explain: Callable[..., Ran]) -> None:
    short = explain("--simulate", "github", *AT).out
    long = explain("--simulate", "github", "--all", *AT).out

    assert "OIDC-7" not in short
    assert "✓ OIDC-7" in long
    assert "1 more grant is for others" in short
    assert "serviceAccount:" not in short
    assert "it names somebody inside Google Cloud" in long


def test_json_holds_what_the_text_says(explain: Callable[..., Ran]) -> None:
    found = explain("--simulate", "github", "repo_id=5", "--format", "json", *AT).json

    assert found["outcome"] == "pass"
    assert found["provider"]["name"] == NAME
    assert {rule["rule"] for rule in found["rules"]} >= {"STS-R6", "OIDC-7", "MAP-2", "COND-1"}
    assert found["mapping"][0]["attribute"] == "attribute.repository"
    assert found["condition"]["tree"]["parts"][0]["value"] == "1342004"
    assert found["grants"][0]["source"].startswith("ci.yaml:24:")
    assert found["service_accounts"][0]["email"] == "deployer@acme-ci.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give exactly one of --token-file"),
        (("--claims", "-", "--simulate", "github"), "Give exactly one of"),
        (("--simulate", "github", "--audience", "x"), "--audience belongs to a token"),
        (("--simulate", "github", "--at", "noon"), "is no time such as"),
        (("--simulate", "githb"), "the catalogue has no issuer 'githb'"),
        (("--simulate", "github", "brnch=x"), "no parameter or claim brnch"),
        (("--simulate", "github", "--provider", "gitlab"), "'gitlab' is no provider known here"),
        (("--simulate", "github", "--service-account", "x"), "'x' is no service account known"),
        (("--claims", "-"), "stdin is not JSON"),
        (("--token-file", "nowhere"), "cannot read the token file nowhere"),
        (("--token-command", "'"), "--token-command: No closing quotation"),
    ],
)
def test_what_cannot_be_judged_ends_with_1(
    explain: Callable[..., Ran], arguments: tuple[str, ...], said: str
) -> None:
    ran = explain(*arguments)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_one_of_several_providers_has_to_be_named(explain: Callable[..., Ran]) -> None:
    second = MANIFESTS.read_text().split("---")[1].replace("github-actions", "second")
    with Path("ci.yaml").open("a") as file:
        file.write(f"---\n{second}")

    ran = explain("--simulate", "github")
    named = explain("--simulate", "github", "--provider", "github/second", *AT)

    assert (ran.code, named.code) == (1, 0)
    assert "acme-ci/github-actions, acme-ci/second" in ran.err


def test_an_unknown_project_number_is_asked_for(explain: Callable[..., Ran]) -> None:
    Path("wifctl.yaml").write_text("project: acme-ci\n")

    ran = explain("--simulate", "github")

    assert ran.code == 1
    assert "projects: {acme-ci: NUMBER}" in ran.err


def test_live_needs_no_manifests(wifctl: Runner, doors: Doors) -> None:
    _applied(wifctl, doors)
    Path("ci.yaml").unlink()
    Path("wifctl.yaml").unlink()
    live = ("--endpoint", doors.rest_url)

    ran = wifctl("explain", "--simulate", "github", "--provider", NAME, *live)

    assert ran.code == 0, ran.err
    assert "as it is live" in ran.out
    assert "ci.yaml" not in ran.out
    assert "roles/secretmanager.secretAccessor on projects/acme-ci/secrets/pypi-token" in ran.out


def test_live_grants_know_the_manifest_that_asks_for_them(wifctl: Runner, doors: Doors) -> None:
    _applied(wifctl, doors)

    ran = wifctl("explain", "--simulate", "github", "--endpoint", doors.rest_url, "ci.yaml")

    assert ran.code == 0, ran.err
    assert "at ci.yaml:24:" in ran.out


def test_live_without_any_project_says_which_to_name(wifctl: Runner, doors: Doors) -> None:
    ran = wifctl("explain", "--simulate", "github", "--endpoint", doors.rest_url)

    assert ran.code == 1
    assert "--project ID" in ran.err


def test_a_provider_nobody_made_yet_is_not_there(wifctl: Runner, doors: Doors) -> None:
    _applied(wifctl, doors)
    text = (
        Path("ci.yaml")
        .read_text()
        .replace("metadata: {name: github-actions}", "metadata: {name: later}")
    )
    Path("ci.yaml").write_text(text)

    ran = wifctl(
        *("explain", "--simulate", "github", "--provider", "later"),
        *("--endpoint", doors.rest_url, "ci.yaml"),
    )

    assert ran.code == 3
    assert "the provider is not there" in ran.out


def test_live_asks_the_issuers_the_emulator_knows(wifctl: Runner, doors: Doors) -> None:
    client = _applied(wifctl, doors)
    issuers = {ISSUER.issuer: {"jwks": json.loads(ISSUER.jwks_json)}}
    assert client("PATCH", "/_wifctl/outside", {"issuers": issuers}).status == 200

    ran = wifctl(
        *("explain", "--token-file", "-", "--endpoint", doors.rest_url, *AT, "ci.yaml"),
        stdin=token().encode(),
    )

    assert ran.code == 0, ran.out


def test_certificates_and_aws_requests_are_taken_as_they_are(wifctl: Runner) -> None:
    leaf = X509Authority.root("stranger").leaf("press-7-plc-1")
    Path("leaf.pem").write_text(leaf.pem)
    x509 = wifctl("explain", "--token-file", "leaf.pem", *AT, SCENARIOS / "x509")
    pool = "projects/234567890123/locations/global/workloadIdentityPools/amazon"
    request = aws_request(AwsKey(), provider=f"{pool}/providers/production-account")
    aws = wifctl(
        *("explain", "--token-file", "-", SCENARIOS / "aws"), stdin=json.dumps(request).encode()
    )

    assert x509.code == 3
    assert "X509-3" in x509.out
    assert aws.code == 1, aws.out
    assert "AWS-8" in aws.out
    assert AwsKey().secret not in aws.out


def _applied(wifctl: Runner, doors: Doors) -> Rest:
    Path("wifctl.yaml").write_text(SETTINGS)
    Path("ci.yaml").write_text(MANIFESTS.read_text())
    client = Rest(doors)
    client.post("/_wifctl/reset")
    ran = wifctl("apply", "--auto-approve", "--endpoint", doors.rest_url, "ci.yaml")
    assert ran.code == 0, ran.err
    return client


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": "https://github.com/acme"},
        {"repository_owner_id": "7"},
        {"sub": "s" * 128},
        {"sub": 7},
        {"iss": "https://gitlab.com"},
        {"exp": 1},
    ],
    ids=str,
)
def test_manifests_live_objects_and_sts_agree(
    wifctl: Runner, doors: Doors, claims: dict[str, object]
) -> None:
    client = _applied(wifctl, doors)
    issuers = {ISSUER.issuer: {"jwks": json.loads(ISSUER.jwks_json)}}
    client("PATCH", "/_wifctl/outside", {"issuers": issuers})
    Path("keys.json").write_text(ISSUER.jwks_json)
    now = datetime.now(UTC)
    text = ISSUER.sign({**ISSUER.claims(now=now, **GITHUB), **claims})
    body = {
        "grantType": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requestedTokenType": "urn:ietf:params:oauth:token-type:access_token",
        "subjectTokenType": "urn:ietf:params:oauth:token-type:jwt",
        "audience": f"//iam.googleapis.com/{NAME}",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "subjectToken": text,
    }
    answer = client.post("/v1/token", body)

    offline = wifctl(
        *("explain", "--token-file", "-", "--jwks", "keys.json", "ci.yaml", "--format", "json"),
        stdin=text.encode(),
    ).json
    live = wifctl(
        *("explain", "--token-file", "-", "--endpoint", doors.rest_url, "ci.yaml"),
        *("--format", "json"),
        stdin=text.encode(),
    ).json

    refused = answer.status == 400
    assert [offline["failed"] == "admission", live["failed"] == "admission"] == [refused] * 2
    if refused:
        for found in (offline, live):
            assert found["refusal"]["error_description"] == answer.body["error_description"]
