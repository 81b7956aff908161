"""Every command by name, so that help and completion load none of them."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command lives: a module with an object named `attribute`."""

    module: str
    help: str
    attribute: str = "command"


SECTIONS: dict[str, dict[str, Entry]] = {
    "From manifests to Google": {
        "validate": Entry("wifctl.cli.validate", "Check manifests, offline."),
        "plan": Entry("wifctl.cli.plan", "Show what would change."),
        "apply": Entry("wifctl.cli.apply", "Make it so."),
        "destroy": Entry("wifctl.cli.destroy", "Remove what the manifests declare."),
        "drift": Entry("wifctl.cli.drift", "Show how live objects differ from the manifests."),
        "show": Entry("wifctl.cli.show", "Show a saved plan."),
        "get": Entry("wifctl.cli.get", "Read live objects."),
        "render": Entry("wifctl.cli.render", "Write the expanded manifests to a folder."),
    },
    "Who gets in": {
        "explain": Entry("wifctl.cli.explain", "Say why Google accepts or refuses a token."),
        "test": Entry("wifctl.cli.test", "Run the trust tests of the manifests."),
        "who": Entry("wifctl.cli.who", "Show who from outside can become or reach what."),
        "issuers": Entry("wifctl.cli.issuers", "Show what tokens of known issuers say."),
    },
    "Access from outside": {
        "cred-config": Entry("wifctl.cli.cred_config", "Write a credential configuration file."),
        "workflow": Entry("wifctl.cli.workflow", "Write a CI workflow without a key."),
        "client-config": Entry("wifctl.cli.client_config", "Print settings of package clients."),
        "secret": Entry("wifctl.cli.secret", "Rotate the secrets repositories sign in with."),
        "token": Entry("wifctl.cli.token", "Exchange, read and serve tokens."),
    },
    "The local target": {
        "emulator": Entry("wifctl.cli.emulator", "Run a local Google for programs and tests."),
    },
    "About wifctl": {
        "doctor": Entry("wifctl.cli.doctor", "Find out what keeps things from working."),
        "schema": Entry("wifctl.cli.schema", "Print the JSON Schema of manifests."),
        "completion": Entry("wifctl.cli.completion", "Print the completion script of a shell."),
        "version": Entry("wifctl.cli.version", "Print versions."),
    },
}
"""Section of `wifctl --help` → command → where it lives."""

COMMANDS: dict[str, Entry] = {
    name: entry for section in SECTIONS.values() for name, entry in section.items()
}
