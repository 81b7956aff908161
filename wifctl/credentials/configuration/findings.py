"""The findings about a credential configuration, each at its flag."""

from __future__ import annotations

from wifctl.diagnostics import Diagnostic, Severity

REFUSED = "cred-config-refused"
"""gcloud refuses it too."""
DROPPED = "cred-config-dropped"
"""gcloud drops it without a word; so does the file."""
DOUBTFUL = "cred-config-doubtful"
"""gcloud takes it without a word, and nobody should."""


def refused(name: str, message: str, allowed: str = "") -> Diagnostic:
    """What stops the file from being written."""
    return Diagnostic(REFUSED, message, path=flag(name), allowed=allowed)


def dropped(name: str, message: str) -> Diagnostic:
    """What was given and leaves no trace in the file."""
    return Diagnostic(DROPPED, message, Severity.WARNING, path=flag(name))


def doubtful(name: str, message: str, fix: str = "") -> Diagnostic:
    """What stands in the file and will probably not work."""
    return Diagnostic(DOUBTFUL, message, Severity.WARNING, path=flag(name), fix=fix)


def flag(name: str) -> str:
    """`output_file` as `--output-file`; the audience is an argument and keeps its name."""
    return name if name in ("", "audience") else "--" + name.replace("_", "-")
