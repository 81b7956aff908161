"""Plan, apply, drift, destroy on the local target, as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.scenario import ACCOUNT, SECRET, write
from tests.conftest import Runner

TOKEN = {"PYPI_TOKEN": "pypi-payload-nobody-may-see"}


@pytest.fixture(autouse=True)
def scenario(wifctl: Runner, tmp_path: Path) -> None:
    """The manifests in the folder the test runs in."""
    del wifctl
    write(tmp_path)


def test_apply_makes_it_so_and_the_next_plan_is_empty(wifctl: Runner) -> None:
    plan = wifctl("plan", "--local", "--detailed-exitcode")
    assert plan.code == 2
    assert plan.out.rstrip().endswith("Plan: 3 to add, 0 to change, 0 to delete, 1 to grant.")
    applied = wifctl("apply", "--local", "--auto-approve", environment=TOKEN)
    assert applied.code == 0, applied.err
    assert "Apply complete: 3 added, 0 changed, 0 deleted, 1 granted." in applied.out
    assert "✓ SecretVersion/acme-ci/pypi-token created" in applied.err
    again = wifctl("plan", "--local", "--detailed-exitcode")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("No changes.")
    assert TOKEN["PYPI_TOKEN"] not in plan.out + applied.out + applied.err + again.out


def test_options_stand_before_or_after_the_command(wifctl: Runner) -> None:
    assert wifctl("--local", "plan").out == wifctl("plan", "--local").out


def test_apply_without_anybody_to_ask_is_refused_before_any_call(
    wifctl: Runner, tmp_path: Path
) -> None:
    ran = wifctl("apply", "--local", stdin=b"yes\n", environment=TOKEN)
    assert ran.code == 1
    assert "nobody-to-ask" in ran.err
    assert not (tmp_path / ".wifctl").exists()


def test_a_missing_payload_is_found_before_the_first_write(wifctl: Runner) -> None:
    ran = wifctl("apply", "--local", "--auto-approve")
    assert ran.code == 1
    assert "PYPI_TOKEN" in ran.err
    assert wifctl("plan", "--local", "--detailed-exitcode").out.count("does not exist") == 2


def test_a_saved_plan_is_applied_without_a_question(wifctl: Runner, tmp_path: Path) -> None:
    saved = wifctl("plan", "--local", "-out=plan.json")
    assert "wifctl apply plan.json" in saved.err
    assert TOKEN["PYPI_TOKEN"] not in (tmp_path / "plan.json").read_text(encoding="utf-8")
    assert wifctl("show", "plan.json").out == saved.out
    first = wifctl("apply", "plan.json", environment=TOKEN)
    assert first.code == 0, first.err
    second = wifctl("apply", "--local", "plan.json", environment=TOKEN)
    assert second.code == 0
    assert "done already" in second.err


@pytest.mark.parametrize(
    "flag",
    ["--project=x", "--set=a=b", "--values=v", "--endpoint=http://127.0.0.1:1", "--target=x"],
)
def test_a_saved_plan_takes_no_decision_again(wifctl: Runner, flag: str) -> None:
    wifctl("plan", "--local", "--out", "plan.json")
    ran = wifctl("apply", "plan.json", flag)
    assert ran.code == 1
    assert "leave out" in ran.err


def test_a_saved_plan_refuses_another_target(wifctl: Runner) -> None:
    wifctl("plan", "--local", "--out", "plan.json")
    ran = wifctl("apply", "plan.json", environment={"WIFCTL_ENDPOINT": "http://127.0.0.1:9"})
    assert ran.code == 1
    assert "the plan was made for local target" in ran.err


def test_a_saved_plan_is_refused_when_its_object_moved(wifctl: Runner, tmp_path: Path) -> None:
    write(tmp_path, account=ACCOUNT)
    assert wifctl("apply", "--local", "--yes").code == 0
    write(tmp_path, account=ACCOUNT.replace("Deploys", "Deploys more"))
    wifctl("plan", "--local", "--out", "plan.json")
    write(tmp_path, account=ACCOUNT.replace("Deploys", "By somebody else"))
    assert wifctl("apply", "--local", "--yes").code == 0
    ran = wifctl("apply", "plan.json")
    assert ran.code == 1
    assert "ServiceAccount/acme-ci/deployer" in ran.err


def test_manifests_beside_a_plan_must_lead_to_the_same_steps(
    wifctl: Runner, tmp_path: Path
) -> None:
    write(tmp_path, account=ACCOUNT)
    wifctl("plan", "--local", "--out", "plan.json")
    write(tmp_path, account=ACCOUNT.replace("Deploys", "Something else"))
    ran = wifctl("apply", "plan.json", "--manifests", "manifests")
    assert ran.code == 1
    assert "plan-differs" in ran.err
    write(tmp_path, account=ACCOUNT)
    assert wifctl("apply", "plan.json", "--manifests", "manifests").code == 0


def test_an_edited_plan_file_is_refused(wifctl: Runner, tmp_path: Path) -> None:
    wifctl("plan", "--local", "--out", "plan.json")
    file = tmp_path / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Deploys", "Owns"), encoding="utf-8")
    for command in ("show", "apply"):
        ran = wifctl(command, "plan.json")
        assert ran.code == 1
        assert "changed after it was saved" in ran.err


def test_drift_looks_at_what_exists(wifctl: Runner, tmp_path: Path) -> None:
    assert wifctl("drift", "--local").code == 0
    write(tmp_path, account=ACCOUNT)
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    write(tmp_path, account=ACCOUNT.replace("Deploys", "Deploys more"))
    ran = wifctl("drift", "--local")
    assert ran.code == 2
    assert '"Deploys" → "Deploys more"' in ran.out


def test_target_narrows_the_plan(wifctl: Runner) -> None:
    ran = wifctl("plan", "--local", "-target=ServiceAccount/*")
    assert "ServiceAccount/acme-ci/deployer" in ran.out
    assert "+ Secret/" not in ran.out


def test_destroy_removes_what_the_manifests_declare(wifctl: Runner) -> None:
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    refused = wifctl("destroy", "--local", "--yes")
    assert refused.code == 1
    assert "--allow-secret-destroy" in refused.out
    ran = wifctl("destroy", "--local", "--yes", "--allow-secret-destroy")
    assert ran.code == 0, ran.err
    assert "2 deleted" in ran.out
    rows = wifctl("get", "--local", "-o", "json").json
    assert {row["state"] for row in rows} <= {"absent", "soft-deleted"}


def test_fail_on_unclaimed_exits_2(wifctl: Runner, tmp_path: Path) -> None:
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    write(
        tmp_path, account=ACCOUNT, secret=SECRET.replace("serviceAccount: deployer", "user: a@b.cz")
    )
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    ran = wifctl("plan", "--local", "--fail-on", "unclaimed")
    assert ran.code == 2
    assert "! serviceAccount:deployer@acme-ci.iam.gserviceaccount.com" in ran.out


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_formats_go_to_stdout_alone(wifctl: Runner, form: str) -> None:
    ran = wifctl("plan", "--local", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    if form == "json":
        assert ran.json["summary"]["create"] == 3
    else:
        assert ran.out.startswith("### Plan: 3 to add")


def test_the_result_of_apply_is_json_for_programs(wifctl: Runner) -> None:
    first = wifctl("apply", "--local", "-auto-approve", "-json", environment=TOKEN)
    assert first.json["complete"] is True
    assert {step["outcome"] for step in first.json["steps"]} == {"done"}
    assert "Plan: 3 to add" in first.err
    second = wifctl("apply", "--local", "-auto-approve", "-json")
    assert second.json == {"complete": True, "interrupted": False, "steps": []}


def test_show_speaks_terraform(wifctl: Runner) -> None:
    wifctl("plan", "--local", "--out", "plan.json")
    shown = wifctl("show", "plan.json", "--format", "tfplan").json
    types = {change["type"] for change in shown["resource_changes"]}
    assert "google_service_account" in types
    assert "google_secret_manager_secret_iam_member" in types


def test_get_prints_live_objects_without_payloads(wifctl: Runner) -> None:
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    table = wifctl("get", "--local", "ServiceAccount")
    assert table.out == "ServiceAccount/acme-ci/deployer  present  Deploys\n"
    everything = wifctl("get", "--local", "-o", "yaml").out
    assert "roles/secretmanager.secretAccessor" in everything
    assert TOKEN["PYPI_TOKEN"] not in everything


def test_rendered_manifests_stand_for_the_same(wifctl: Runner, tmp_path: Path) -> None:
    ran = wifctl("render", "--out", "rendered")
    assert ran.out.split() == [
        "rendered/manifests/wifctl.yaml",
        "rendered/manifests/ServiceAccount/deployer.yaml",
        "rendered/manifests/Secret/pypi-token.yaml",
    ]
    assert wifctl("render", "--out", "-").out.count("apiVersion") == 2
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    assert wifctl("plan", "--local", "--detailed-exitcode", "rendered/manifests").code == 0


def test_manifests_come_from_standard_input(wifctl: Runner) -> None:
    ran = wifctl("plan", "--local", "--project", "acme-ci", "-", stdin=ACCOUNT.encode())
    assert ran.code == 0, ran.err
    assert "Plan: 1 to add" in ran.out


def test_the_emulator_starts_and_forgets(wifctl: Runner, tmp_path: Path) -> None:
    wifctl("apply", "--local", "--yes", environment=TOKEN)
    state = tmp_path / ".wifctl" / "local.db"
    assert state.exists()
    assert "is gone" in wifctl("emulator", "reset").err
    assert not list(state.parent.iterdir())
    assert "There is no" in wifctl("emulator", "reset").err


def test_a_state_in_use_is_not_taken_away(wifctl: Runner, tmp_path: Path) -> None:
    from wifctl.emulator.server import running

    state = tmp_path / ".wifctl" / "local.db"
    state.parent.mkdir()
    with running(state):
        ran = wifctl("emulator", "reset")
        assert ran.code == 1
        assert "in use" in ran.err
        other = wifctl("plan", "--local")
        assert other.code == 1
        assert "bug" not in other.err
    assert state.exists()


def test_endpoint_reaches_a_running_emulator(wifctl: Runner) -> None:
    from wifctl.emulator.server import running

    with running() as doors:
        where = {"WIFCTL_ENDPOINT": doors.rest_url, **TOKEN}
        assert wifctl("apply", "--yes", environment=where).code == 0
        assert wifctl("plan", "-detailed-exitcode", environment=where).code == 0
        assert wifctl("plan", "-detailed-exitcode", "--local", environment=where).code == 2
        exports = wifctl("emulator", "env", "--endpoint", doors.rest_url, "--project", "acme-ci")
        assert f"export WIFCTL_ENDPOINT={doors.rest_url}" in exports.out
        assert "export CLOUDSDK_CORE_PROJECT=acme-ci" in exports.out
        assert "forgotten" in wifctl("emulator", "reset", environment=where).err
        assert wifctl("plan", "-detailed-exitcode", environment=where).code == 2


def test_nobody_at_an_endpoint_is_a_known_error(wifctl: Runner) -> None:
    ran = wifctl("plan", "--endpoint", "http://127.0.0.1:9")
    assert ran.code == 1
    assert "nobody answers there" in ran.err
    far = wifctl("plan", "--endpoint", "http://example.com:80")
    assert far.code == 1
    assert "not on this machine" in far.err


def test_the_json_view_fits_its_schema(wifctl: Runner) -> None:
    import jsonschema

    from tests.house.code import ROOT

    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for environment in ({}, TOKEN):
        plan = wifctl("plan", "--local", "--format", "json").json
        jsonschema.validate(plan, schema)
        wifctl("apply", "--local", "--yes", environment=environment)
