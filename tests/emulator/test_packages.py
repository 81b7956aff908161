"""The Python door: pages, files, uploads, logins, caching, roles, and reasons in the log."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulator import NUMBER, PROJECT, Rest, emulator
from tests.support.packages import USER, Upstream, make_wheel, upstream
from wifctl.emulator.python import files
from wifctl.emulator.python.names import normal, parts_of
from wifctl.emulator.python.pages import HTML, JSON, PLAIN, chosen, project_page, read_page
from wifctl.emulator.server import Doors

REPOSITORIES = f"/v1/projects/{PROJECT}/locations/us/repositories"
DOOR = f"/_python/us/{PROJECT}"
SECRET = f"/v1/projects/{PROJECT}/secrets/token"
AGENT = f"serviceAccount:service-{NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
TOKEN = "upstream-token"
ALICE = "user:alice@example.com"


@dataclass(frozen=True)
class Got:
    """An answer as bytes."""

    status: int
    body: bytes
    headers: dict[str, str]


class Client:
    """A package client as bare as curl."""

    def __init__(self, doors: Doors, token: str = "local", user: str = "oauth2accesstoken") -> None:
        self._host = doors.rest_url.removeprefix("http://")
        self._login = b64encode(f"{user}:{token}".encode()).decode() if token else ""

    def __call__(self, verb: str, path: str, body: bytes = b"", **headers: str) -> Got:
        said = {"Authorization": f"Basic {self._login}"} if self._login else {}
        connection = http.client.HTTPConnection(self._host)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(verb, path, body or None, said | sent)
        answer = connection.getresponse()
        got = Got(answer.status, answer.read(), dict(answer.getheaders()))
        connection.close()
        return got

    def get(self, path: str, **headers: str) -> Got:
        return self("GET", path, **headers)

    def upload(self, repository: str, wheel: Path, **fields: str) -> Got:
        name = wheel.name.partition("-")[0]
        form = {":action": "file_upload", "name": name, **fields}
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()]
        parts.append(
            f'name="content"; filename="{wheel.name}"\r\n\r\n'.encode() + wheel.read_bytes()
        )
        body = b"".join(b"--B\r\nContent-Disposition: form-data; " + p + b"\r\n" for p in parts)
        kind = "multipart/form-data; boundary=B"
        return self("POST", f"{DOOR}/{repository}/", body + b"--B--\r\n", Content_Type=kind)


@dataclass
class World:
    doors: Doors
    api: Rest
    index: Upstream
    client: Client

    def log(self) -> str:
        found = self.api.get("/_wifctl/requests", method="artifactregistry.python").body
        return str(found["requests"][-1]["message"])


def make(api: Rest, name: str, mode: str, **more: Any) -> None:
    body = {"format": "PYTHON", "mode": f"{mode}_REPOSITORY", **more}
    assert api.post(REPOSITORIES, body, repositoryId=name).status == 200


def grant(api: Rest, resource: str, role: str, member: str) -> None:
    policy = {"bindings": [{"role": role, "members": [member]}]}
    assert api.post(f"{resource}:setIamPolicy", {"policy": policy}).status == 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A standard repository, a remote one with a working login, both behind a virtual one."""
    with (
        upstream(tmp_path / "upstream", TOKEN) as index,
        emulator(projects={PROJECT: NUMBER}, enforce_iam=True) as doors,
    ):
        api = Rest(doors, "local")
        api.post(SECRET[:-6], {"replication": {"automatic": {}}}, secretId="token")
        payload = {"payload": {"data": b64encode(TOKEN.encode()).decode()}}
        api.post(f"{SECRET}:addVersion", payload)
        make(api, "private", "STANDARD")
        pair = {"username": USER, "passwordSecretVersion": f"{SECRET[4:]}/versions/1"}
        config = {
            "commonRepository": {"uri": index.url},
            "upstreamCredentials": {"usernamePasswordCredentials": pair},
        }
        make(api, "pypi", "REMOTE", remoteRepositoryConfig=config)
        grant(api, SECRET, "roles/secretmanager.secretAccessor", AGENT)
        policies = [
            {"id": name, "repository": f"{REPOSITORIES[4:]}/{name}", "priority": priority}
            for name, priority in (("private", 20), ("pypi", 10))
        ]
        make(api, "all", "VIRTUAL", virtualRepositoryConfig={"upstreamPolicies": policies})
        yield World(doors, api, index, Client(doors))
        api.close()


def test_pages_come_as_html_and_as_json(world: World) -> None:
    wheel = world.index.add("acme_a", "1.0", requires=">=3.9")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    page = world.client.get(f"{DOOR}/pypi/simple/acme-a/")
    assert page.headers["Content-Type"] == PLAIN
    assert wheel.name.encode() in page.body
    assert world.client.get(f"{DOOR}/pypi/acme-a/{wheel.name}").body == wheel.read_bytes()
    found = json.loads(world.client.get(f"{DOOR}/pypi/simple/acme-a/", Accept=JSON).body)
    (file,) = found["files"]
    assert file["hashes"] == {"sha256": digest}
    assert file["requires-python"] == ">=3.9"
    metadata = world.client.get(f"{DOOR}/pypi/acme-a/{wheel.name}.metadata").body
    assert file["core-metadata"] == {"sha256": hashlib.sha256(metadata).hexdigest()}
    assert b"Name: acme_a" in metadata


def test_googles_host_name_leads_to_the_same_repository(world: World) -> None:
    world.index.add("acme_a")
    found = world.client.get(f"/{PROJECT}/pypi/simple/acme-a/", Host="us-python.pkg.dev")
    assert (found.status, b"acme_a-1.0" in found.body) == (200, True)
    assert world.client("HEAD", f"{DOOR}/pypi/simple/acme-a/").body == b""


def test_what_was_fetched_is_served_while_upstream_fails(world: World) -> None:
    first, second = world.index.add("acme_a", "1.0"), world.index.add("acme_a", "2.0")
    assert world.client.get(f"{DOOR}/all/acme-a/{first.name}").status == 200
    world.index.logins = set()
    page = world.client.get(f"{DOOR}/all/simple/acme-a/")
    assert first.name.encode() in page.body
    assert second.name.encode() not in page.body
    assert world.client.get(f"{DOOR}/pypi/acme-a/{first.name}").status == 200
    assert world.client.get(f"{DOOR}/pypi/acme-a/{second.name}").status == 403
    root = world.client.get(f"{DOOR}/all/simple/", Accept=JSON)
    assert json.loads(root.body)["projects"] == [{"name": "acme-a"}]


@pytest.mark.parametrize(
    ("broken", "status", "reason"),
    [
        ("versions/1:disable", 403, "is in DISABLED state"),
        ("versions/1:destroy", 403, "is in DESTROYED state"),
        ("login", 403, "answered the user '__token__' and its password with HTTP 403"),
        ("grant", 403, "Permission 'secretmanager.versions.access' denied"),
    ],
)
def test_a_broken_chain_fails_with_its_reason_in_the_log_only(
    world: World, broken: str, status: int, reason: str
) -> None:
    world.index.add("acme_a")
    if broken == "login":
        world.index.logins = set()
    elif broken == "grant":
        grant(world.api, SECRET, "roles/secretmanager.viewer", AGENT)
    else:
        world.api.post(f"{SECRET}/{broken}")
    found = world.client.get(f"{DOOR}/pypi/simple/acme-a/")
    assert found.status == status
    assert reason in world.log()
    assert reason.encode() not in found.body
    assert TOKEN.encode() not in found.body


def test_roles_open_the_door(world: World, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "acme_b")
    alice = Client(world.doors, ALICE)
    assert alice.upload("private", wheel).status == 403
    grant(world.api, f"{REPOSITORIES}/private", "roles/artifactregistry.writer", ALICE)
    assert alice.upload("private", wheel).status == 200
    assert alice.get(f"{DOOR}/private/acme-b/{wheel.name}").body == wheel.read_bytes()
    assert alice.get(f"{DOOR}/all/simple/acme-b/").status == 403
    grant(world.api, f"{REPOSITORIES}/private", "roles/artifactregistry.reader", ALICE)
    assert alice.get(f"{DOOR}/private/simple/acme-b/").status == 200
    assert alice.upload("private", make_wheel(tmp_path, "acme_b", "2.0")).status == 403


@pytest.mark.parametrize(("user", "token"), [("__token__", "local"), ("x", "local"), ("", "")])
def test_only_access_tokens_sign_in(world: World, user: str, token: str) -> None:
    found = Client(world.doors, token, user).get(f"{DOOR}/private/simple/")
    assert found.status == 401
    assert found.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("repository", "fields", "status"),
    [
        ("private", {"sha256_digest": "0" * 64}, 400),
        ("private", {"name": "another"}, 400),
        ("private", {":action": "submit"}, 400),
        ("pypi", {}, 400),
        ("all", {}, 400),
        ("nowhere", {}, 404),
    ],
)
def test_a_wrong_upload_is_refused(
    world: World, tmp_path: Path, repository: str, fields: dict[str, str], status: int
) -> None:
    wheel = make_wheel(tmp_path, "acme_b")
    assert world.client.upload(repository, wheel, **fields).status == status
    assert world.client.get(f"{DOOR}/private/simple/acme-b/").status == 404


def test_a_file_never_changes(world: World, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "acme_b")
    assert world.client.upload("private", wheel).status == 200
    assert world.client.upload("private", wheel).status == 409


def test_a_deleted_repository_takes_its_files_along(world: World, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "acme_b")
    world.client.upload("private", wheel)
    assert world.api.delete(f"{REPOSITORIES}/private").status == 200
    make(world.api, "private", "STANDARD")
    assert world.client.get(f"{DOOR}/private/simple/acme-b/").status == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/us", "/us/acme-ci", "/us/acme-ci/private/a/b/c", "/us/acme-ci/../private/simple/"],
)
def test_a_path_that_leads_nowhere_is_not_found(world: World, path: str) -> None:
    assert world.client.get(f"/_python{path}").status == 404


def test_a_client_gets_the_form_it_likes_best() -> None:
    assert chosen("") == PLAIN
    assert chosen(f"{JSON}, {HTML};q=0.1, text/html;q=0.01") == JSON
    assert chosen("text/html, application/json") == PLAIN
    assert chosen("application/vnd.pypi.simple.latest+json") == JSON


@pytest.mark.parametrize("kind", [JSON, PLAIN])
def test_a_page_that_is_written_is_read_again(kind: str) -> None:
    entry = {
        "filename": "acme_a-1.0-py3-none-any.whl",
        "sha256": "ab" * 32,
        "requiresPython": ">=3.9,<4",
        "metadata": "cd" * 32,
        "yanked": 'because "x" < y',
    }
    page = project_page("acme-a", [entry], kind)
    found = read_page("http://127.0.0.1/simple/acme-a/", kind, page)
    url = f"http://127.0.0.1/acme-a/{entry['filename']}"
    assert found == {entry["filename"]: {**entry, "url": url}}


@pytest.mark.parametrize("body", [b"", b"plain text", b"\xff\xfe"])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="HTML"):
        read_page("http://127.0.0.1/", "text/html", body)


def test_names_of_files_are_understood() -> None:
    assert parts_of("Acme.A-1.0.tar.gz") == ("acme-a", "1.0")
    assert parts_of("acme_a-1.0-1-py3-none-any.whl") == ("acme-a", "1.0")
    assert parts_of("acme.exe") is None
    assert normal("A__b.-c") == "a-b-c"


def test_a_damaged_wheel_has_no_metadata() -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for content in (b"", b"PK\x03\x04", empty.getvalue()):
        assert files.metadata_of("a-1-py3-none-any.whl", content) == b""
