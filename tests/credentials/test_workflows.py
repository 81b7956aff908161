"""Workflows carry an identity and no key, and pass their system's own schema."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema

from wifctl.credentials.workflows.render import render_workflow
from wifctl.credentials.workflows.systems import SYSTEMS
from wifctl.credentials.workflows.values import Output, Workflow
from wifctl.diagnostics import WifctlError
from wifctl.names import ProviderName

PROVIDER = ProviderName("123456789012", "acme", "ci")
ACCOUNT = "deployer@acme-ci.iam.gserviceaccount.com"
REQUIRED = {"service_connection": "google", "workspace": "prod"}


def workflow(system: str, **values: Any) -> Workflow:
    """The least a system needs, and what a test adds."""
    options = {k: v for k, v in REQUIRED.items() if k in SYSTEMS[system].options}
    given = {"provider": PROVIDER, "service_account": ACCOUNT, "options": options} | values
    return Workflow(**given)


def text(system: str, **values: Any) -> str:
    return render_workflow(system, workflow(system, **values)).text


COMBINATIONS = [
    (name, output, account)
    for name, system in SYSTEMS.items()
    if system.schema
    for output in system.outputs
    for account in (ACCOUNT, "")
]


@pytest.mark.parametrize(("name", "output", "account"), COMBINATIONS)
def test_output_passes_the_schema_of_its_system(
    name: str, output: Output, account: str, tmp_path: Path
) -> None:
    file = tmp_path / "workflow.yml"
    options = {**workflow(name).options, **dict.fromkeys(SYSTEMS[name].options, "google")}
    file.write_text(text(name, output=output, service_account=account, options=options))
    schema = ["--builtin-schema", f"vendor.{SYSTEMS[name].schema}"]
    # Azure's schema escapes characters that a regular expression in Unicode mode may not escape.
    arguments = ["--regex-variant", "nonunicode", *schema, str(file)]
    said = io.StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as done:
        check_jsonschema(arguments)
    assert done.value.code == 0, said.getvalue()


@pytest.mark.parametrize("name", SYSTEMS)
def test_no_key_and_no_unrendered_expression_is_left(name: str) -> None:
    found = text(name).replace("${{ steps.auth.outputs.access_token }}", "")
    for forbidden in ("{{", "{%", "private_key", "credentials_json", "BEGIN "):
        assert forbidden not in found
    assert found.endswith("\n")
    assert not any(line.endswith(" ") for line in found.splitlines())


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_token_is_asked_for_the_audience_of_the_provider(name: str) -> None:
    audience = f"https:{PROVIDER.audience}"
    wanted = {"github-actions": str(PROVIDER), "azure-devops": PROVIDER.audience}
    wanted["bitbucket"] = PROVIDER.audience
    assert wanted.get(name, audience) in text(name)


def test_github_may_ask_for_a_token_and_nothing_else() -> None:
    found = yaml.safe_load(text("github-actions"))
    assert found["permissions"] == {}
    (job,) = found["jobs"].values()
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert "head.repo.full_name == github.repository" in job["if"]
    checkout, *_, auth, _ = job["steps"]
    assert checkout["with"] == {"persist-credentials": False}
    assert auth["with"] == {
        "workload_identity_provider": str(PROVIDER),
        "service_account": ACCOUNT,
        "create_credentials_file": True,
    }
    used = [step["uses"].partition("@")[2] for step in job["steps"] if "uses" in step]
    assert all(len(sha) == 40 and int(sha, 16) for sha in used)


@pytest.mark.parametrize(("account", "name"), [(ACCOUNT, "access_token"), ("", "auth_token")])
def test_github_hands_the_access_token_to_the_commands(account: str, name: str) -> None:
    found = yaml.safe_load(
        text("github-actions", output="access-token", service_account=account, commands=("a", "b"))
    )
    (job,) = found["jobs"].values()
    tokens = [step["env"]["GOOGLE_OAUTH_ACCESS_TOKEN"] for step in job["steps"] if "env" in step]
    assert tokens == [f"${{{{ steps.auth.outputs.{name} }}}}"] * 2


def test_kubernetes_mounts_the_token_where_the_configuration_looks() -> None:
    account, config, job = yaml.safe_load_all(text("kubernetes"))
    credentials = json.loads(config["data"]["credentials.json"])
    pod = job["spec"]["template"]["spec"]
    mounts = {m["name"]: m["mountPath"] for m in pod["containers"][0]["volumeMounts"]}
    projected = pod["volumes"][1]["projected"]["sources"][0]["serviceAccountToken"]
    assert credentials["credential_source"]["file"] == (
        f"{mounts['google-token']}/{projected['path']}"
    )
    assert projected["audience"] == f"https:{PROVIDER.audience}"
    assert pod["serviceAccountName"] == account["metadata"]["name"]
    assert pod["automountServiceAccountToken"] is False


def test_kubernetes_can_be_a_deployment() -> None:
    *_, found = yaml.safe_load_all(text("kubernetes", options={"workload": "Deployment"}))
    assert found["apiVersion"] == "apps/v1"
    labels = found["spec"]["template"]["metadata"]["labels"]
    assert found["spec"]["selector"]["matchLabels"] == labels


def test_buildkite_dollars_survive_the_upload() -> None:
    (step,) = yaml.safe_load(text("buildkite", setup=("echo $HOME",)))["steps"]
    assert "echo $$HOME" in step["command"]
    assert step["command"].replace("$$", "").count("$") == 0


def test_values_cannot_break_out_of_their_place() -> None:
    found = yaml.safe_load(text("gitlab-ci", options={"image": 'x"\\ # y'}))
    assert found["google-cloud"]["image"] == 'x"\\ # y'
    terraform = text("terraform-cloud", options={"workspace": '${file("/etc/passwd")}'})
    assert '"$${file(\\"/etc/passwd\\")}"' in terraform


@pytest.mark.parametrize(
    ("system", "values", "complaint"),
    [
        ("github-actions", {"provider": ProviderName("acme-ci", "p", "q")}, "project number"),
        ("github-actions", {"provider": ProviderName("1234567", "p'", "q")}, "name of a provider"),
        ("gitlab-ci", {"audience": "a b"}, "no audience"),
        ("gitlab-ci", {"service_account": "x'; rm -rf"}, "no e-mail"),
        ("gitlab-ci", {"branch": "main # x"}, "no branch"),
        ("gitlab-ci", {"options": {"image": "a\nb"}}, "line break"),
        ("azure-devops", {"options": {}}, "Azure DevOps needs it"),
        ("terraform-cloud", {"service_account": ""}, "needs a service account"),
        ("kubernetes", {"output": "access-token"}, "cannot give access-token"),
    ],
)
def test_values_that_do_not_fit_are_refused(
    system: str, values: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(WifctlError, match=complaint):
        text(system, **values)


def test_an_unknown_system_is_refused_with_the_list() -> None:
    with pytest.raises(WifctlError) as caught:
        render_workflow("jenkins", workflow("gitlab-ci"))
    assert "github-actions" in caught.value.diagnostics[0].allowed


def test_a_template_of_the_users_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "gitlab-ci.yml.j2").write_text("{% include '_credentials.sh.j2' %}{{ branch }}")
    (tmp_path / "_credentials.sh.j2").write_text("ours ")
    found = render_workflow("gitlab-ci", workflow("gitlab-ci"), tmp_path)
    assert found.text == "ours main"
    assert render_workflow("buildkite", workflow("buildkite"), tmp_path).text.count("ours") == 1


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ branhc }}", "'branhc' is undefined"),
        ("{{ branch", "gitlab-ci.yml.j2:1"),
        ("{{ branch.__class__.__mro__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "template gitlab-ci.yml.j2"),
    ],
)
def test_a_faulty_template_is_named(template: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "gitlab-ci.yml.j2").write_text(template)
    with pytest.raises(WifctlError, match=complaint):
        render_workflow("gitlab-ci", workflow("gitlab-ci"), tmp_path)
