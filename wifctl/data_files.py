"""Where the files that travel with the code are: beside it in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from wifctl.diagnostics import Diagnostic, WifctlError

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """The folder `templates` or `schemas`. Raises WifctlError when an installation lacks it."""
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    text = f"this installation of wifctl lacks its {name}"
    raise WifctlError(Diagnostic("installation-incomplete", text, fix="install it again"))
