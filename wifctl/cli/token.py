"""`wifctl token exchange | inspect | helper`."""

from __future__ import annotations

from wifctl.cli.lazy import LazyGroup
from wifctl.cli.table import Entry

command = LazyGroup("token", help="Exchange, read and serve tokens.")
command.sections = {
    "Commands": {
        "exchange": Entry("wifctl.cli.token_exchange", "Get a token of Google's for another."),
        "inspect": Entry("wifctl.cli.token_inspect", "Show what a token says."),
        "helper": Entry("wifctl.cli.token_helper", "Be a client library's executable source."),
    }
}
