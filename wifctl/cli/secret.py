"""`wifctl secret rotate`."""

from __future__ import annotations

from wifctl.cli.lazy import LazyGroup
from wifctl.cli.table import Entry

command = LazyGroup("secret", help="Rotate the secrets repositories sign in with.")
command.sections = {
    "Commands": {
        "rotate": Entry("wifctl.cli.secret_rotate", "Give a secret a new payload, safely."),
    }
}
