"""Tokens fetched over HTTP: a URL, Azure's metadata service, GitHub Actions."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

from wifctl.credentials.addresses import host_of, is_private, is_reachable_plainly
from wifctl.credentials.configuration.model import TokenFormat
from wifctl.credentials.exchange.plain import extract, read_secret
from wifctl.credentials.exchange.sources import GithubToken, UrlToken
from wifctl.credentials.failures import reason, unavailable
from wifctl.credentials.ports import HttpRequest, HttpResponse, Surroundings

GITHUB_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - a variable's name


def url_token(source: UrlToken, around: Surroundings) -> str:
    """The token a URL answers with. Raises TokenUnavailableError."""
    secrets = {
        name: read_secret(place, around.environment, f"the secret header {name}")
        for name, place in source.secret_headers.items()
    }
    request = HttpRequest("GET", source.url, {**source.headers, **secrets})
    answer = fetch(request, around, tuple(secrets.values()), metadata=not secrets)
    return extract(as_text(answer, source.url), source.format, f"the answer of {where(source.url)}")


def github_token(source: GithubToken, audience: str, around: Surroundings) -> str:
    """GitHub's token for this job, for the audience. Raises TokenUnavailableError."""
    url = around.environment.get(GITHUB_URL, "")
    secret = around.environment.get(GITHUB_TOKEN, "")
    if not url or not secret:
        raise unavailable(
            "GitHub gives this job no identity token",
            "add permissions: id-token: write; pull requests from forks never get one",
        )
    joiner = "&" if "?" in url else "?"
    full = f"{url}{joiner}audience={quote(source.audience or audience, safe='')}"
    headers = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
    answer = fetch(HttpRequest("GET", full, headers), around, (secret,))
    return extract(as_text(answer, url), TokenFormat("json", "value"), "GitHub's answer")


def fetch(
    request: HttpRequest,
    around: Surroundings,
    secrets: tuple[str, ...] = (),
    *,
    metadata: bool = False,
) -> HttpResponse:
    """A successful answer to a request that carries or brings a token.

    `metadata` permits the metadata services' plain HTTP. Raises TokenUnavailableError: for an
    address where somebody could read along, and for any status but 200, with the reason given
    and never the secrets sent.
    """
    if not (is_reachable_plainly if metadata else is_private)(request.url):
        raise unavailable(f"{where(request.url)} is neither https nor on this machine")
    answer = around.http.send(replace(request, timeout_seconds=around.timeout_seconds))
    if answer.status != 200:
        text = " ".join(part for part in reason(answer.body, secrets) if part)
        said = f": {text}" if text else ""
        raise unavailable(f"{where(request.url)} answered with status {answer.status}{said}")
    return answer


def as_text(answer: HttpResponse, url: str) -> str:
    """The body of an answer. Raises TokenUnavailableError when it is no text."""
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unavailable(f"{where(url)} answered with something that is no text") from None


def json_object(answer: HttpResponse, url: str) -> dict[str, object]:
    """The JSON object an answer holds. Raises TokenUnavailableError."""
    try:
        found = json.loads(as_text(answer, url))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise unavailable(f"{where(url)} answered with something that is no JSON object")
    return found


def where(url: str) -> str:
    """A URL as errors name it: its host alone, since paths and queries may hold secrets."""
    return host_of(url) or "the token's address"
