"""`wifctl version`: which versions are at work."""

from __future__ import annotations

import platform

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session

LIBRARIES = (
    "google-auth",
    "google-cloud-iam",
    "google-cloud-secret-manager",
    "google-cloud-artifact-registry",
    "cel-expr-python",
)


def versions() -> dict[str, str]:
    """wifctl, Python, and the libraries whose version changes what wifctl does."""
    from importlib import metadata

    found = {"wifctl": metadata.version("wifctl"), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


@wifctl_command("version")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="json: one object, name → version.",
)
def command(session: Session, form: str) -> None:
    """Print the versions of wifctl, Python and the libraries it stands on."""
    found = versions()
    if form == "json":
        import json

        session.screen.result(json.dumps(found, indent=2))
        return
    width = max(map(len, found))
    session.screen.result("\n".join(f"{name:<{width}}  {v}" for name, v in found.items()))
