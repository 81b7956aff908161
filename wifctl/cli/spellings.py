"""Terraform's single-dash spellings, rewritten before the parser sees them."""

from __future__ import annotations

from collections.abc import Iterable

TERRAFORM = {
    "-auto-approve": "--auto-approve",
    "-chdir": "--chdir",
    "-check": "--check",
    "-detailed-exitcode": "--detailed-exitcode",
    "-diff": "--diff",
    "-help": "--help",
    "-json": "--format=json",
    "-no-color": "--no-color",
    "-out": "--out",
    "-parallelism": "--parallelism",
    "-target": "--target",
    "-var": "--set",
    "-var-file": "--values",
    "-version": "--version",
    "--json": "--format=json",
    "--var": "--set",
    "--var-file": "--values",
}
"""Exact words only: a rule for "any single dash" would break `-C` and `-`."""

INPUT = {"-input=false": ("--no-input",), "-input=true": ()}


def normalised(arguments: Iterable[str]) -> list[str]:
    """The arguments in our own spelling; what follows `--` is left alone."""
    found: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*found, argument, *rest]
        found += INPUT.get(argument, (_rewritten(argument),))
    return found


def _rewritten(argument: str) -> str:
    name, equals, value = argument.partition("=")
    long = TERRAFORM.get(name)
    if long is None or (equals and "=" in long):
        return argument
    return f"{long}{equals}{value}"
