"""Writing credential files: whole or not at all, and readable by nobody else when one is secret."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wifctl.credentials.atomic import write_whole
from wifctl.credentials.configuration.document import certificate_text, configuration_text
from wifctl.credentials.configuration.findings import doubtful
from wifctl.credentials.configuration.flags import Resolved
from wifctl.credentials.configuration.model import CertificateSource, Source, UrlSource
from wifctl.diagnostics import Diagnostic, WifctlError

CERTIFICATE_FILE = "certificate_config.json"
"""The name of the second file in gcloud's configuration folder."""


@dataclass(frozen=True, slots=True)
class CredentialFile:
    """A file to write. `path` is as the user gave it; relative ones start at a folder of choice."""

    path: str
    text: str
    private: bool = False


def credential_files(resolved: Resolved, gcloud_folder: Path) -> tuple[CredentialFile, ...]:
    """The files of one configuration, in the order of writing.

    `gcloud_folder` is gcloud's configuration folder, where the second file of a certificate goes
    unless the configuration names another place.
    """
    source = resolved.configuration.source
    first = CredentialFile(
        resolved.output_file, configuration_text(resolved.configuration), holds_secret(source)
    )
    if not isinstance(source, CertificateSource):
        return (first,)
    path = source.configuration_file or str(gcloud_folder / CERTIFICATE_FILE)
    return first, CredentialFile(path, certificate_text(source))


def holds_secret(source: Source) -> bool:
    """Whether a file would hold something that opens a door: request headers, a URL's password."""
    return isinstance(source, UrlSource) and (bool(source.headers) or "@" in source.url)


def missing_files(source: Source) -> Iterator[Diagnostic]:
    """A warning for each certificate file that is not there (yet)."""
    if not isinstance(source, CertificateSource):
        return
    paths = {
        "credential_cert_path": source.cert_path,
        "credential_cert_private_key_path": source.key_path,
        "credential_cert_trust_chain_path": source.trust_chain_path,
    }
    for name, path in paths.items():
        if path and not Path(path).exists():
            yield doubtful(name, f"there is no file {path} here")


def write_file(file: CredentialFile, folder: Path = Path()) -> None:
    """Write one file under a folder, parents included. Raises WifctlError when it cannot.

    `~` is not expanded: that is the shell's task, and gcloud leaves it to the shell too.
    """
    target = folder / file.path
    try:
        if not file.path.startswith("~"):
            Path(os.path.realpath(target)).parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, file.text, private=file.private)
    except OSError as error:
        text = f"cannot write {file.path}: {error.strerror}"
        raise WifctlError(Diagnostic("file-not-written", text)) from None
