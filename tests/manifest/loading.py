"""Loads texts as a user's files would be, for tests of the loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions
from wifctl.resource import Resource

PROJECT = {"WIFCTL_PROJECT": "acme-ci"}


def load_text(text: str, folder: Path = Path(__file__).parent, **options: Any) -> Loaded:
    """Load one text from standard input, for the project acme-ci unless options say otherwise."""
    given = {"environment": PROJECT, **options}
    return load(["-"], LoadOptions(stdin=text.encode(), folder=folder, **given))


def load_files(folder: Path, files: dict[str, str], **options: Any) -> Loaded:
    """Write files below a folder and load it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    given = {"environment": PROJECT, **options}
    return load([Path()], LoadOptions(folder=folder, **given))


def only(loaded: Loaded) -> Resource:
    """The one resource of a load without findings."""
    assert not loaded.diagnostics
    (resource,) = loaded.resources
    return resource


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The codes of findings, in order."""
    return [found.code for found in diagnostics]


def document(kind: str, name: str, spec: str = "", metadata: str = "", rest: str = "") -> str:
    """A manifest; `spec` is a flow mapping or indented block text."""
    more = f", {metadata}" if metadata else ""
    body = f"spec: {spec}\n" if spec.startswith("{") else f"spec:\n{spec}" if spec else ""
    return (
        f"apiVersion: wifctl/v1\nkind: {kind}\nmetadata: {{name: {name}{more}}}\n{body}{rest}---\n"
    )


def pool(name: str = "github", spec: str = "", metadata: str = "", rest: str = "") -> str:
    """A pool."""
    return document("WorkloadIdentityPool", name, spec, metadata, rest)


def provider(name: str = "github-actions", pool: str = "github", metadata: str = "") -> str:
    """An OIDC provider that maps `attribute.repository`."""
    spec = (
        f"{{pool: {pool}, oidc: {{issuerUri: https://issuer.example.com}}, attributeMapping: "
        "{google.subject: assertion.sub, attribute.repository: assertion.repository}}"
    )
    return document("WorkloadIdentityPoolProvider", name, spec, metadata)
