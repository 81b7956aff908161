"""`wifctl render`: what the manifests stand for, as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import click

from wifctl.cli.loading import sound_manifests, tell
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.manifest.options import Loaded, LoadedDocument

STDOUT = "-"
CREDENTIALS = "CredentialConfiguration"


@wifctl_command("render")
@click.argument("paths", nargs=-1)
@click.option(
    "--out",
    metavar="FOLDER",
    default="rendered",
    show_default=True,
    help="Where the files go; `-` writes the manifests to stdout.",
)
def command(session: Session, paths: tuple[str, ...], out: str) -> int:
    """Write the expanded manifests and the credential configurations to a folder.

    Templates are filled in and stacks expanded: one file a document, under manifests/. Credential
    configurations go where their documents say, inside the folder.
    """
    loaded = sound_manifests(session, paths)
    if out == STDOUT:
        session.screen.result("---\n".join(_yaml(d) for d in loaded.documents))
        return 0
    folder = Path(out)
    for name in (*_manifests(loaded, folder), *_credentials(session, loaded, folder)):
        session.screen.result(str(folder / name))
    return 0


def _manifests(loaded: Loaded, folder: Path) -> Iterator[str]:
    from wifctl.credentials.configuration.files import CredentialFile, write_file

    settings = "manifests/wifctl.yaml"
    write_file(CredentialFile(settings, _settings(loaded)), folder)
    yield settings
    taken: set[str] = set()
    for document in loaded.documents:
        name = _file_name(document, taken)
        write_file(CredentialFile(name, _yaml(document)), folder)
        yield name


def _settings(loaded: Loaded) -> str:
    """The defaults the documents were loaded with; values are filled in already."""
    import yaml

    settings = loaded.settings
    found = {
        "project": settings.project,
        "location": settings.location,
        "labels": dict(settings.labels),
        "projects": dict(settings.projects.numbers),
    }
    return yaml.safe_dump({k: v for k, v in found.items() if v}, sort_keys=False)


def _file_name(document: LoadedDocument, taken: set[str]) -> str:
    stem = f"manifests/{document.kind}/{document.name}"
    names = (f"{stem}.yaml", *(f"{stem}-{number}.yaml" for number in range(2, 10_000)))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def _credentials(session: Session, loaded: Loaded, folder: Path) -> Iterator[str]:
    from wifctl.credentials.configuration.files import credential_files, write_file
    from wifctl.credentials.configuration.manifest import resolve_document

    for resource in loaded.resources:
        if resource.address.kind != CREDENTIALS:
            continue
        resolved = resolve_document(resource, loaded.settings.projects)
        tell(session.screen, resolved.warnings)
        for file in credential_files(resolved, Path()):
            _require_inside(file.path)
            write_file(file, folder)
            yield file.path


def _require_inside(path: str) -> None:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or path.startswith("~"):
        raise WifctlError(
            Diagnostic(
                "file-outside",
                f"{path} leaves the folder that is rendered to",
                allowed="a relative path without ..",
                fix="change the document's output, or use `wifctl cred-config --output-file`",
            )
        )


def _yaml(document: LoadedDocument) -> str:
    import yaml

    return yaml.safe_dump(dict(document.data), sort_keys=False, allow_unicode=True, width=100)
