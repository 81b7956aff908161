"""The fixtures for other projects' tests, used by a pytest of its own in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = '''
import os, subprocess, sys
import pytest, grpc
from google.api_core import exceptions
from google.cloud import secretmanager_v1
import urllib.request

MANIFEST = """
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {name: deployer}
spec: {displayName: Deploys}
"""

def secrets(project):
    kind = secretmanager_v1.SecretManagerServiceClient
    channel = grpc.insecure_channel(project.grpc_target)
    return kind(transport=kind.get_transport_class("grpc")(channel=channel))

@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_project(wifctl_project, turn):
    client = secrets(wifctl_project)
    parent = f"projects/{wifctl_project.id}"
    assert list(client.list_secrets(parent=parent)) == []
    made = client.create_secret(
        parent=parent, secret_id="token", secret={"replication": {"automatic": {}}}
    )
    assert made.name == f"projects/{wifctl_project.number}/secrets/token"
    assert [c["status"] for c in wifctl_project.requests("secretmanager")] == ["OK", "OK"]
    wifctl_project.switch(faults=[{"fault": "503", "times": 0}])
    wifctl_project.advance(86400)

def test_ini_names_the_project(wifctl_project):
    assert (wifctl_project.id, wifctl_project.number) == ("acme-ci", "111111111111")

@pytest.mark.wifctl(project="other-ci", number="222222222222", switches={"latency": {"*": 1}})
def test_a_marker_names_another(wifctl_project):
    assert (wifctl_project.id, wifctl_project.number) == ("other-ci", "222222222222")
    assert b'"*":1' in wifctl_project.control("GET", "switches")

@pytest.mark.wifctl(project="acme-ci", number="333333333333")
def test_numbers_do_not_outlive_a_test(wifctl_project):
    client = secrets(wifctl_project)
    made = client.create_secret(
        parent="projects/acme-ci", secret_id="token", secret={"replication": {"automatic": {}}}
    )
    assert made.name.startswith("projects/333333333333/")

@pytest.mark.wifctl(enforce_iam=True)
def test_iam_is_enforced_where_a_marker_says_so(wifctl_project):
    with pytest.raises(exceptions.Unauthenticated):
        list(secrets(wifctl_project).list_secrets(parent="projects/acme-ci"))

def test_wifctl_applies_to_it(wifctl_project, tmp_path):
    (tmp_path / "sa.yaml").write_text(MANIFEST)
    environ = {**os.environ, **wifctl_project.environment()}
    program = "from wifctl.cli.main import entry; entry()"
    subprocess.run(
        [sys.executable, "-c", program, "apply", "--auto-approve", "sa.yaml"],
        env=environ, cwd=tmp_path, check=True,
    )
    assert wifctl_project.requests("iam.projects.serviceAccounts.create")
    state = wifctl_project.export_state()
    wifctl_project.control("POST", "reset")
    assert "deployer" not in wifctl_project.export_state()
    wifctl_project.import_state(state)
    assert wifctl_project.export_state() == state
    with pytest.raises(ValueError, match="version"):
        wifctl_project.import_state("[]")
'''
UNUSED = """
import sys
def test_nothing_is_imported_for_those_who_do_not_ask():
    heavy = {"grpc", "google.protobuf", "wifctl.emulator.server", "httptools", "yaml"}
    assert not heavy & set(sys.modules)
"""


@pytest.mark.parametrize(("text", "passed"), [(TESTS, 7), (UNUSED, 1)])
def test_the_fixtures_work_in_another_project(tmp_path: Path, text: str, passed: int) -> None:
    (tmp_path / "test_it.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nwifctl_project = acme-ci=111111111111\n")
    command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert f"{passed} passed" in done.stdout, done.stdout + done.stderr
