"""All that an exchange talks to, on one loopback port: STS, IAM, metadata, GitHub, AD FS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.gcp.loopback import Answer, Asked, Loopback, serving

EXTERNAL = "planted-external-token"
FEDERATED = "planted-federated-token"
ACCOUNT = "planted-account-token"
ADFS_SECRET = "planted-adfs-secret"
GITHUB_SECRET = "planted-github-secret"
AWS_SECRET = "planted-aws-secret"
PLANTED = (EXTERNAL, FEDERATED, ACCOUNT, ADFS_SECRET, GITHUB_SECRET, AWS_SECRET)
"""What no log, error or process list may ever show."""


@dataclass
class Cloud:
    """The running stand-in. `refuses` makes STS refuse."""

    server: Loopback
    refuses: bool = False
    subjects: list[dict[str, str]] = field(default_factory=list)
    """The forms STS was sent."""

    @property
    def url(self) -> str:
        return self.server.url


@contextmanager
def cloud() -> Iterator[Cloud]:
    """Serve it for the length of a block."""

    def respond(asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        if path == "/v1/token":
            return _exchange(found, asked)
        if path.endswith(":generateAccessToken"):
            ends = {"accessToken": ACCOUNT, "expireTime": "2035-01-01T00:00:00Z"}
            return _says(ends)
        if path == "/v1/introspect":
            return _says({"active": True, "username": "principal://iam.googleapis.com/x"})
        return _source(path, asked)

    with serving(respond) as server:
        found = Cloud(server)
        yield found


def _exchange(found: Cloud, asked: Asked) -> Answer:
    form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    found.subjects.append(form)
    if found.refuses:
        text = f"The token {form['subject_token']} is no good."
        return _says({"error": "invalid_grant", "error_description": text}, 400)
    answer = {"access_token": FEDERATED, "expires_in": 3600, "token_type": "Bearer"}
    return _says(answer | {"issued_token_type": "urn:ietf:params:oauth:token-type:access_token"})


def _source(path: str, asked: Asked) -> Answer:
    match path:
        case "/github" if asked.headers.get("authorization") == f"Bearer {GITHUB_SECRET}":
            return _says({"value": EXTERNAL})
        case "/adfs/oauth2/token/" if ADFS_SECRET.encode() in asked.body:
            return _says({"access_token": EXTERNAL, "expires_in": 3600})
        case "/metadata/identity/oauth2/token" if asked.headers.get("metadata") == "True":
            return _says({"access_token": EXTERNAL})
        case "/token":
            return Answer(body=EXTERNAL.encode())
        case "/latest/api/token" if asked.method == "PUT":
            return Answer(body=b"imds-session")
        case "/latest/meta-data/placement/availability-zone":
            return Answer(body=b"eu-west-1a")
        case "/latest/meta-data/iam/security-credentials":
            return Answer(body=b"builder")
        case "/latest/meta-data/iam/security-credentials/builder":
            keys = {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": AWS_SECRET, "Token": "t"}
            return _says(keys)
        case _:
            return Answer(404)


def _says(document: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode())
