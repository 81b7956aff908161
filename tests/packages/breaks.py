"""Ways to break the chain, one link at a time, and what the printed advice leaves to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.packages.chain import (
    AGENT,
    CI,
    LOCATION,
    OTHER,
    OTHER_NUMBER,
    REPOSITORIES,
    SECRET,
    Chain,
)
from tests.support.emulator import PROJECT

CREDENTIALS = "remoteRepositoryConfig.upstreamCredentials"
PAIR = f"{CREDENTIALS}.usernamePasswordCredentials"
ACCESSOR = "roles/secretmanager.secretAccessor"
THEIRS = f"/v1/projects/{OTHER}/locations/{LOCATION}/repositories"


@dataclass(frozen=True)
class Break:
    """One way: what happens, which link is named, words of the text and of the fix."""

    link: str
    says: str
    advises: str
    do: Callable[[Chain], None]
    by_hand: Callable[[Chain], None] = Chain.apply
    """What a person does where the advice is no command."""
    repository: str = "python"


def bind(chain: Chain, resource: str, role: str, *members: str, **condition: str) -> None:
    """Make a policy consist of one binding, or of none."""
    binding: dict[str, Any] = {"role": role, "members": list(members)}
    if condition:
        binding["condition"] = condition
    policy = {"version": 3, "bindings": [binding] if members else []}
    answer = chain.rest.post(f"{resource}:setIamPolicy", {"policy": policy})
    assert answer.status == 200, answer.body


def patch(chain: Chain, mask: str, pair: dict[str, str]) -> None:
    """Change the credentials of the remote repository."""
    credentials = {"usernamePasswordCredentials": pair} if pair else {}
    body = {"remoteRepositoryConfig": {"upstreamCredentials": credentials}}
    answer = chain.rest.patch(f"{REPOSITORIES}/pypi", body, updateMask=mask)
    assert answer.status == 200, answer.body


def disable_api(name: str) -> Callable[[Chain], None]:
    """Turn an API off in the project."""

    def do(chain: Chain) -> None:
        path = f"/v1/projects/{PROJECT}/services/{name}.googleapis.com:disable"
        assert chain.rest.post(path, {"disableDependentServices": True}).status == 200

    return do


def no_grant(chain: Chain) -> None:
    bind(chain, SECRET, ACCESSOR)


def wrong_agent(chain: Chain) -> None:
    service = f"/v1beta1/projects/{OTHER}/services/artifactregistry.googleapis.com"
    chain.rest.post(f"{service}:generateServiceIdentity")
    bind(chain, SECRET, ACCESSOR, f"serviceAccount:{AGENT.replace('123456789012', OTHER_NUMBER)}")


def expired_grant(chain: Chain) -> None:
    ended = 'request.time < timestamp("2020-01-01T00:00:00Z")'
    bind(chain, SECRET, ACCESSOR, f"serviceAccount:{AGENT}", title="ended", expression=ended)


def version(verb: str) -> Callable[[Chain], None]:
    """Disable or destroy the version in use."""

    def do(chain: Chain) -> None:
        assert chain.rest.post(f"{SECRET}/versions/1:{verb}").status == 200

    return do


def no_such_version(chain: Chain) -> None:
    name = f"projects/{PROJECT}/secrets/pypi-token/versions/7"
    patch(chain, f"{PAIR}.passwordSecretVersion", {"passwordSecretVersion": name})


def wrong_token(chain: Chain) -> None:
    chain.upstream.logins = {("__token__", "another")}


def wrong_user(chain: Chain) -> None:
    patch(chain, f"{PAIR}.username", {"username": "token"})


def no_secret(chain: Chain) -> None:
    assert chain.rest.delete(SECRET).status == 200


def no_credentials(chain: Chain) -> None:
    patch(chain, CREDENTIALS, {})


def new_credentials(chain: Chain) -> None:
    version = f"{SECRET[4:]}/versions/1"
    patch(chain, CREDENTIALS, {"username": "__token__", "passwordSecretVersion": version})


def no_member(chain: Chain) -> None:
    assert chain.rest.delete(f"{REPOSITORIES}/pypi").status == 200


def no_reader(chain: Chain) -> None:
    bind(chain, f"{REPOSITORIES}/python", "roles/artifactregistry.reader")


def theirs(chain: Chain) -> None:
    """The virtual repository serves one of another project, without access."""
    body = {"format": "PYTHON", "mode": "STANDARD_REPOSITORY"}
    chain.rest.post(THEIRS, body, repositoryId="theirs")
    serve(chain, {"id": "theirs", "repository": f"{THEIRS[4:]}/theirs", "priority": 200})


def serve(chain: Chain, *more: dict[str, Any]) -> None:
    """Add to what the virtual repository serves, in front of PyPI."""
    pypi = {"id": "pypi", "repository": f"{REPOSITORIES[4:]}/pypi", "priority": 10}
    body = {"virtualRepositoryConfig": {"upstreamPolicies": [*more, pypi]}}
    path = f"{REPOSITORIES}/python"
    answer = chain.rest.patch(path, body, updateMask="virtualRepositoryConfig")
    assert answer.status == 200, answer.body


def wrong_upstream(chain: Chain) -> None:
    """A second remote repository leads nowhere."""
    mirror(chain, "mirror", "http://127.0.0.1:9")


def mirror(chain: Chain, name: str, uri: str) -> None:
    """Serve a remote repository with the same credentials from a URI."""
    pair = {"username": "__token__", "passwordSecretVersion": f"{SECRET[4:]}/versions/1"}
    config = {
        "commonRepository": {"uri": uri},
        "upstreamCredentials": {"usernamePasswordCredentials": pair},
    }
    body = {"format": "PYTHON", "mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": config}
    assert chain.rest.post(REPOSITORIES, body, repositoryId=name).status == 200
    serve(chain, {"id": name, "repository": f"{REPOSITORIES[4:]}/{name}", "priority": 50})


def new_mirror(chain: Chain) -> None:
    mirror(chain, "mirror-2", f"{chain.upstream.url}/simple/")


BREAKS = {
    "no grant": Break("grant", "may not access", "add-iam-policy-binding", no_grant),
    "wrong agent project": Break("grant", OTHER_NUMBER, AGENT, wrong_agent),
    "expired grant": Break("grant", "may not access", AGENT, expired_grant),
    "disabled version": Break("version", "is disabled", "versions enable 1", version("disable")),
    "destroyed version": Break("version", "destroyed", "secret rotate", version("destroy")),
    "no such version": Break("version", "no version 7", "version 1", no_such_version),
    "wrong token": Break("login", "refuses the user", "secret rotate", wrong_token),
    "wrong user": Break("credentials", "__token__", "username", wrong_user),
    "no credentials": Break(
        "credentials", "wants a login", "upstreamCredentials", no_credentials, new_credentials
    ),
    "missing secret": Break("secret", "does not exist", "apply", no_secret),
    "registry API off": Break(
        "repository", "API is off", "services enable", disable_api("artifactregistry")
    ),
    "secret API off": Break("secret", "API is off", "enable", disable_api("secretmanager")),
    "foreign repository": Break("member repository", "may not download", OTHER, theirs),
    "missing member": Break("repository", "pypi does not exist", "apply", no_member),
    "wrong upstream": Break(
        "upstream", "127.0.0.1:9", "a repository with a new id", wrong_upstream, new_mirror
    ),
    "no reader role": Break("reader", CI, "artifactregistry.reader", no_reader),
}
