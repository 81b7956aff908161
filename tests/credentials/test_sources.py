"""Every source of a token from outside: what it asks, what it takes, what it refuses."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, unquote

import jwt as pyjwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.credentials.certificates import Pair, issue, self_signed
from tests.credentials.fakes import (
    AUDIENCE,
    NOW,
    FakeCommands,
    FakeHttp,
    json_answer,
    jwt,
    surroundings,
)
from wifctl.credentials.configuration.model import (
    AWS4_REQUEST,
    ID_TOKEN,
    JWT,
    MTLS,
    SAML2,
    TokenFormat,
)
from wifctl.credentials.exchange.obtain import Purpose, obtain
from wifctl.credentials.exchange.sources import (
    AdfsCertificate,
    AdfsSecret,
    AdfsToken,
    AdfsWindows,
    AwsToken,
    CertificateToken,
    CommandToken,
    FileToken,
    GithubToken,
    SecretPlace,
    TokenSource,
    UrlToken,
    VariableToken,
    azure_token,
)
from wifctl.credentials.failures import TokenUnavailableError
from wifctl.credentials.ports import CommandResult, HttpResponse, Surroundings

PURPOSE = Purpose(AUDIENCE)
TOKEN = jwt({"exp": NOW + 600})


def value(source: TokenSource, around: Surroundings, purpose: Purpose = PURPOSE) -> str:
    return obtain(source, purpose, around).value


def refusal(source: TokenSource, around: Surroundings, purpose: Purpose = PURPOSE) -> str:
    with pytest.raises(TokenUnavailableError) as caught:
        obtain(source, purpose, around)
    return str(caught.value)


# Files and variables


def test_a_file_is_taken_without_the_line_end_and_says_when_it_ends(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    found = obtain(FileToken(str(tmp_path / "token")), PURPOSE, surroundings())
    assert (found.value, found.type, found.expires_at) == (TOKEN, JWT, NOW + 600)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_written_by_powershell_is_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\r\n", encoding=encoding)
    assert value(FileToken(str(tmp_path / "token")), surroundings()) == TOKEN


def test_a_field_of_a_json_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(json.dumps({"id_token": TOKEN, "other": 1}))
    form = TokenFormat("json", "id_token")
    assert value(FileToken(str(tmp_path / "token"), form), surroundings()) == TOKEN


@pytest.mark.parametrize(
    ("content", "form", "complaint"),
    [
        (b" \n", None, "holds an empty token"),
        (b"\xff\x00planted", None, "is not UTF-8"),
        (b"{planted", TokenFormat("json", "a"), "holds no JSON"),
        (b"[" * 100_000, TokenFormat("json", "a"), "holds no JSON"),
        (b'["planted"]', TokenFormat("json", "a"), "no text field 'a'"),
        (b'{"a": 1, "b": "planted"}', TokenFormat("json", "a"), "no text field 'a'"),
        (b"planted" * 200_000, None, "larger than 1 MiB"),
    ],
)
def test_a_faulty_file_is_refused_and_not_quoted(
    content: bytes, form: TokenFormat | None, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "token").write_bytes(content)
    said = refusal(FileToken(str(tmp_path / "token"), form), surroundings())
    assert complaint in said
    assert "planted" not in said


def test_a_missing_file_is_named() -> None:
    said = refusal(FileToken("/nowhere/token"), surroundings())
    assert "/nowhere/token: No such file or directory" in said


def test_a_variable_is_taken_and_a_missing_one_explained() -> None:
    around = surroundings(environment={"GOOGLE_ID_TOKEN": f"{TOKEN}\n"})
    assert value(VariableToken("GOOGLE_ID_TOKEN"), around) == TOKEN
    assert "GOOGLE_ID_TOKEN is not set" in refusal(VariableToken("GOOGLE_ID_TOKEN"), surroundings())


# URLs and Azure


def test_a_url_is_asked_with_its_headers() -> None:
    http = FakeHttp({"GET /t": HttpResponse(200, TOKEN.encode())})
    source = UrlToken(
        "https://tokens.example.com/t", {"A": "b"}, {"X-Key": SecretPlace(variable="KEY")}
    )
    assert value(source, surroundings(http, environment={"KEY": "hush-hush"})) == TOKEN
    assert http.requests[0].headers == {"A": "b", "X-Key": "hush-hush"}


def test_azure_is_asked_for_the_applications_token() -> None:
    http = FakeHttp({"GET /metadata/identity/oauth2/token": json_answer({"access_token": TOKEN})})
    assert value(azure_token("api://acme"), surroundings(http)) == TOKEN
    (request,) = http.requests
    assert request.url.endswith("?api-version=2018-02-01&resource=api://acme")
    assert request.headers == {"Metadata": "True"}


@pytest.mark.parametrize(
    ("url", "secret", "allowed"),
    [
        ("https://tokens.example.com/t", True, True),
        ("http://127.0.0.1:8080/t", True, True),
        ("http://[::1]/t", True, True),
        ("http://localhost/t", True, True),
        ("http://169.254.169.254/t", False, True),
        ("http://169.254.169.254/t", True, False),
        ("http://tokens.example.com/t", False, False),
        ("http://127.0.0.1.example.com/t", False, False),
        ("http://127.0.0.1@example.com/t", False, False),
        ("http://0x7f.example.com/t", False, False),
        ("ftp://127.0.0.1/t", False, False),
        ("nonsense", False, False),
        ("http://[/t", False, False),
    ],
)
def test_tokens_travel_only_where_nobody_reads_along(url: str, secret: bool, allowed: bool) -> None:
    http = FakeHttp({"GET /t": HttpResponse(200, b"x")})
    headers = {"X-Key": SecretPlace(variable="KEY")} if secret else {}
    around = surroundings(http, environment={"KEY": "hush-hush"})
    if allowed:
        assert value(UrlToken(url, secret_headers=headers), around) == "x"
    else:
        assert "neither https nor on this machine" in refusal(
            UrlToken(url, secret_headers=headers), around
        )
        assert http.requests == []


def test_a_refusing_url_is_repeated_without_the_secret_sent() -> None:
    body = {"error": "denied", "error_description": "key hush-hush\x1b[31m is\nwrong"}
    http = FakeHttp({"GET /t": json_answer(body, 403)})
    source = UrlToken(
        "https://tokens.example.com/t?planted", {}, {"X-Key": SecretPlace(variable="KEY")}
    )
    said = refusal(source, surroundings(http, environment={"KEY": "hush-hush"}))
    assert "tokens.example.com answered with status 403: denied key [secret]" in said
    assert "hush" not in said
    assert "planted" not in said


def test_a_page_of_a_refusing_url_is_not_repeated() -> None:
    http = FakeHttp({"GET /t": HttpResponse(500, b"<html>planted</html>")})
    assert "planted" not in refusal(UrlToken("https://tokens.example.com/t"), surroundings(http))


# GitHub

GITHUB = {
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://pipelines.example.com/token?api-version=2.0",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
}


def test_github_is_asked_for_the_providers_audience() -> None:
    http = FakeHttp({"GET /token": json_answer({"value": TOKEN, "count": 1})})
    assert value(GithubToken(), surroundings(http, environment=GITHUB)) == TOKEN
    (request,) = http.requests
    query = parse_qs(request.url.partition("?")[2])
    assert query == {"api-version": ["2.0"], "audience": [f"https:{AUDIENCE}"]}
    assert request.headers["Authorization"] == "Bearer request-token"


def test_github_can_be_asked_for_another_audience() -> None:
    http = FakeHttp({"GET /token": json_answer({"value": TOKEN})})
    value(GithubToken("a b&c"), surroundings(http, environment=GITHUB))
    assert http.requests[0].url.endswith("&audience=a%20b%26c")


def test_a_github_job_without_permission_is_told_which_one() -> None:
    with pytest.raises(TokenUnavailableError) as caught:
        obtain(GithubToken(), PURPOSE, surroundings())
    assert "id-token: write" in caught.value.diagnostics[0].fix


# Programs


def program(**document: object) -> FakeCommands:
    return FakeCommands(CommandResult(0, json.dumps({"version": 1} | document).encode()))


def test_a_program_is_told_what_for_and_its_token_taken() -> None:
    commands = program(success=True, token_type=ID_TOKEN, id_token=TOKEN)
    around = surroundings(commands=commands, environment={"HOME": "/h"})
    source = CommandToken("/opt/token --name 'a b'", timeout_seconds=7)
    found = obtain(source, Purpose(AUDIENCE, ID_TOKEN, "a@b.example.com"), around)
    assert (found.value, found.type, found.expires_at) == (TOKEN, ID_TOKEN, NOW + 600)
    words, environment, timeout = commands.runs[0]
    assert words == ("/opt/token", "--name", "a b")
    assert timeout == 7
    assert environment == {
        "HOME": "/h",
        "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE": AUDIENCE,
        "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE": ID_TOKEN,
        "GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL": "a@b.example.com",
    }


def test_a_program_may_give_an_assertion() -> None:
    commands = program(
        success=True, token_type=SAML2, saml_response="PHg+", expiration_time=int(NOW) + 9
    )
    found = obtain(CommandToken("x"), Purpose(AUDIENCE, SAML2), surroundings(commands=commands))
    assert (found.value, found.type, found.expires_at) == ("PHg+", SAML2, NOW + 9)


def test_a_plain_program_prints_the_token_itself() -> None:
    commands = FakeCommands(CommandResult(0, f"{TOKEN}\n".encode()))
    assert value(CommandToken("x", plain=True), surroundings(commands=commands)) == TOKEN


@pytest.mark.parametrize(
    ("left", "asked"), [(600, False), (-1, True), (None, True)], ids=["valid", "expired", "broken"]
)
def test_the_output_file_spares_the_program_while_it_is_valid(
    left: int | None, asked: bool, tmp_path: Path
) -> None:
    cache = tmp_path / "cache.json"
    answer: dict[str, object] = {"version": 1, "success": True, "token_type": JWT}
    if left is not None:
        answer |= {"id_token": "cached", "expiration_time": int(NOW) + left}
    cache.write_text(json.dumps(answer))
    commands = program(
        success=True, token_type=JWT, id_token="fresh", expiration_time=int(NOW) + 600
    )
    source = CommandToken("x", output_file=str(cache))
    found = value(source, surroundings(commands=commands))
    assert found == ("fresh" if asked else "cached")
    assert len(commands.runs) == asked


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"success": False, "code": "401", "message": "Caller not authorized."}, "401 Caller not"),
        ({"success": False}, "no reason given"),
        ({"success": "true", "token_type": JWT, "id_token": "planted"}, "the program failed"),
        ({"success": True, "id_token": "planted"}, "token_type None"),
        ({"success": True, "token_type": "x", "id_token": "planted"}, "token_type 'x'"),
        ({"success": True, "token_type": SAML2, "id_token": "planted"}, "holds no token"),
        ({"success": True, "token_type": JWT, "saml_response": "planted"}, "holds no token"),
        ({"success": True, "token_type": JWT, "id_token": ""}, "holds no token"),
        ({"version": 2, "success": True}, "not of version 1"),
        (
            {"success": True, "token_type": JWT, "id_token": "planted", "expiration_time": 1},
            "has expired",
        ),
        (
            {"success": True, "token_type": JWT, "id_token": "planted", "expiration_time": "1"},
            "has no expiration_time",
        ),
    ],
)
def test_answers_against_the_protocol_are_refused(
    document: dict[str, object], complaint: str
) -> None:
    said = refusal(CommandToken("x"), surroundings(commands=program(**document)))
    assert complaint in said
    assert "planted" not in said


def test_an_output_file_needs_an_expiration(tmp_path: Path) -> None:
    commands = program(success=True, token_type=JWT, id_token="x")
    source = CommandToken("x", output_file=str(tmp_path / "cache"))
    assert "no expiration_time" in refusal(source, surroundings(commands=commands))


@pytest.mark.parametrize(
    ("result", "complaint"),
    [
        (CommandResult(None), "did not end within 30 seconds"),
        (CommandResult(3, b"planted"), "ended with status 3"),
        (
            CommandResult(1, b'{"version":1,"success":false,"code":"7","message":"no"}'),
            "status 1: 7 no",
        ),
        (CommandResult(0, b"planted"), "printed no JSON"),
        (CommandResult(0, b"\xff"), "is no text"),
    ],
)
def test_a_program_that_goes_wrong_is_not_quoted(result: CommandResult, complaint: str) -> None:
    said = refusal(CommandToken("x"), surroundings(commands=FakeCommands(result)))
    assert complaint in said
    assert "planted" not in said


@pytest.mark.parametrize("command", ["", "'open"])
def test_a_command_that_is_none_is_refused(command: str) -> None:
    assert "the command" in refusal(CommandToken(command), surroundings())


# AWS

IMDS = {
    "PUT /latest/api/token": HttpResponse(200, b"session"),
    "GET /latest/meta-data/placement/availability-zone": HttpResponse(200, b"eu-west-1b"),
    "GET /latest/meta-data/iam/security-credentials": HttpResponse(200, b"builder\n"),
    "GET /latest/meta-data/iam/security-credentials/builder": json_answer(
        {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "hush-hush", "Token": "temporary"}
    ),
}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hush-hush"}


def headers_of(token: str) -> dict[str, str]:
    request = json.loads(unquote(token))
    assert request["method"] == "POST"
    return {each["key"].lower(): each["value"] for each in request["headers"]}


def test_aws_keys_of_the_environment_need_no_metadata_service() -> None:
    around = surroundings(environment={**KEYS, "AWS_REGION": "us-east-2"})
    found = obtain(AwsToken(), PURPOSE, around)
    headers = headers_of(found.value)
    assert found.type == AWS4_REQUEST
    assert headers["host"] == "sts.us-east-2.amazonaws.com"
    assert headers["x-goog-cloud-target-resource"] == AUDIENCE
    assert "Credential=AKIAEXAMPLE/" in headers["authorization"]
    assert "x-goog-cloud-target-resource" in headers["authorization"]
    assert "x-amz-security-token" not in headers
    assert "hush" not in unquote(found.value)


@pytest.mark.parametrize("version", [1, 2])
def test_aws_metadata_is_asked_in_either_version(version: int) -> None:
    http = FakeHttp(dict(IMDS))
    source = AwsToken() if version == 2 else AwsToken(session_token_url="")
    headers = headers_of(value(source, surroundings(http)))
    assert headers["host"] == "sts.eu-west-1.amazonaws.com"
    assert headers["x-amz-security-token"] == "temporary"
    sessions = [r.headers.get("X-aws-ec2-metadata-token", "") for r in http.requests]
    assert sessions == (["", "session", "session", "session"] if version == 2 else [""] * 3)


def test_aws_region_may_come_from_metadata_alone() -> None:
    headers = headers_of(value(AwsToken(), surroundings(FakeHttp(dict(IMDS)), environment=KEYS)))
    assert headers["host"] == "sts.eu-west-1.amazonaws.com"
    assert "Credential=AKIAEXAMPLE/" in headers["authorization"]


@pytest.mark.parametrize(
    ("source", "routes", "complaint"),
    [
        (AwsToken(region_url=""), {}, "region is not known"),
        (AwsToken(credentials_url=""), {}, "no AWS credentials"),
        (AwsToken(), {"GET /latest/meta-data/iam/security-credentials": HttpResponse(404)}, "404"),
        (
            AwsToken(),
            {"GET /latest/meta-data/iam/security-credentials": HttpResponse(200, b"")},
            "has no IAM role",
        ),
        (
            AwsToken(),
            {"GET /latest/meta-data/iam/security-credentials/builder": json_answer({"Code": "x"})},
            "gave no AWS credentials",
        ),
        (AwsToken(region_url="http://evil.example.com/"), {}, "neither https"),
        (AwsToken(verification_url="http://sts.amazonaws.com"), {}, "not an https URL"),
    ],
)
def test_aws_failures_are_said(
    source: AwsToken, routes: dict[str, HttpResponse], complaint: str
) -> None:
    assert complaint in refusal(source, surroundings(FakeHttp(IMDS | routes)))


# AD FS

ADFS_URL = "https://adfs.example.com/adfs/oauth2/token/"


def adfs(proof: AdfsSecret | AdfsCertificate | AdfsWindows) -> AdfsToken:
    return AdfsToken(ADFS_URL, "client-1", "https://wif.example.com", proof)


def answering() -> FakeHttp:
    answer = {"access_token": "opaque", "token_type": "bearer", "expires_in": 3600}
    return FakeHttp({"POST /adfs/oauth2/token/": json_answer(answer)})


def form(http: FakeHttp) -> dict[str, str]:
    return {name: first for name, (first, *_) in parse_qs(http.requests[0].body.decode()).items()}


def test_adfs_takes_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush-hush\n")
    http = answering()
    source = adfs(AdfsSecret(SecretPlace(file=str(tmp_path / "secret"))))
    found = obtain(source, PURPOSE, surroundings(http))
    assert (found.value, found.expires_at) == ("opaque", NOW + 3600)
    assert form(http) == {
        "client_id": "client-1",
        "grant_type": "client_credentials",
        "scope": "openid",
        "resource": "https://wif.example.com",
        "client_secret": "hush-hush",
    }


def test_adfs_takes_an_assertion_signed_by_a_certificate(tmp_path: Path) -> None:
    pair = self_signed(tmp_path, "client")
    http = answering()
    value(adfs(AdfsCertificate(pair.certificate_path, pair.key_path)), surroundings(http))
    sent = form(http)
    assert sent["client_assertion_type"].endswith("jwt-bearer")
    claims = pyjwt.decode(
        sent["client_assertion"],
        pair.certificate.public_key(),  # type: ignore[arg-type]
        ["RS256"],
        audience=ADFS_URL,
        options={"verify_exp": False, "verify_nbf": False},
    )
    assert (claims["iss"], claims["sub"]) == ("client-1", "client-1")
    assert claims["nbf"] < NOW < claims["exp"] < NOW + 600
    header = pyjwt.get_unverified_header(sent["client_assertion"])
    thumbprint = pair.certificate.fingerprint(hashes.SHA1())
    assert header["x5t"] == pyjwt.utils.base64url_encode(thumbprint).decode()


def test_adfs_takes_the_windows_login() -> None:
    http = answering()
    source = adfs(AdfsWindows("ACME\\builder", SecretPlace(variable="PASSWORD")))
    value(source, surroundings(http, environment={"PASSWORD": "hush-hush"}))
    login = http.requests[0].login
    assert login is not None
    assert (login.user, login.password) == ("ACME\\builder", "hush-hush")
    assert form(http)["use_windows_client_authentication"] == "true"
    assert "hush" not in repr(http.requests)


def test_adfs_never_sends_anything_in_the_clear() -> None:
    source = AdfsToken("http://adfs.example.com/adfs/oauth2/token/", "c", "r", AdfsWindows())
    assert "neither https" in refusal(source, surroundings(answering()))


def test_adfs_refusals_are_repeated_without_the_secret() -> None:
    body = {"error": "invalid_client", "error_description": "MSIS9607: hush-hush is not known"}
    http = FakeHttp({"POST /adfs/oauth2/token/": json_answer(body, 401)})
    source = adfs(AdfsSecret(SecretPlace(variable="SECRET")))
    said = refusal(source, surroundings(http, environment={"SECRET": "hush-hush"}))
    assert "401: invalid_client MSIS9607: [secret]" in said


def test_an_adfs_secret_that_is_not_there_is_missed() -> None:
    source = adfs(AdfsSecret(SecretPlace(variable="SECRET")))
    assert "the client secret is empty" in refusal(source, surroundings(answering()))


def test_an_adfs_key_that_is_none_is_refused(tmp_path: Path) -> None:
    pair = self_signed(tmp_path, "client")
    (tmp_path / "wrong").write_text("planted")
    source = adfs(AdfsCertificate(pair.certificate_path, str(tmp_path / "wrong")))
    said = refusal(source, surroundings(answering()))
    assert "no usable RSA pair" in said
    assert "planted" not in said


# X.509


def chain(folder: Path) -> tuple[Pair, Pair]:
    root = self_signed(folder, "root")
    return root, issue(root, folder, "leaf")


def test_a_certificate_travels_with_its_chain_leaf_first(tmp_path: Path) -> None:
    middle, leaf = chain(tmp_path)
    (tmp_path / "chain.pem").write_text(leaf.pem + middle.pem)
    source = CertificateToken(leaf.certificate_path, leaf.key_path, str(tmp_path / "chain.pem"))
    found = obtain(source, PURPOSE, surroundings())
    assert found.type == MTLS
    ders = [
        x509.load_der_x509_certificate(base64.b64decode(each)) for each in json.loads(found.value)
    ]
    assert ders == [leaf.certificate, middle.certificate]


def test_a_chain_without_the_leaf_is_completed(tmp_path: Path) -> None:
    middle, leaf = chain(tmp_path)
    source = CertificateToken(leaf.certificate_path, leaf.key_path, middle.certificate_path)
    assert len(json.loads(value(source, surroundings()))) == 2


def test_a_chain_in_the_wrong_order_is_refused(tmp_path: Path) -> None:
    middle, leaf = chain(tmp_path)
    (tmp_path / "chain.pem").write_text(middle.pem + leaf.pem)
    source = CertificateToken(leaf.certificate_path, leaf.key_path, str(tmp_path / "chain.pem"))
    assert "must start with the certificate" in refusal(source, surroundings())


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "leaf.pem").write_text("planted")
    said = refusal(CertificateToken(str(tmp_path / "leaf.pem"), "k"), surroundings())
    assert "is not in PEM" in said
    assert "planted" not in said
