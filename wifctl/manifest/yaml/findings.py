"""What the YAML layer says of YAML's traps, each in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.places import Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic that does not know its place yet."""

    code: str
    message: str
    allowed: str = ""
    fix: str = ""

    def at(self, origin: Origin, place: int, path: str = "") -> Diagnostic:
        """The diagnostic at a packed place."""
        note = origin.note(place)
        message = f"{self.message} ({note})" if note else self.message
        return Diagnostic(
            self.code,
            message,
            position=origin.position(place),
            path=path,
            allowed=self.allowed,
            fix=self.fix,
        )


def too_deep(most: int) -> Finding:
    """Nesting beyond the limit."""
    return Finding("yaml-depth", "nested too deeply", f"at most {most} levels", "flatten it")


def octal(text: str) -> Finding:
    """A number YAML readers disagree on."""
    return Finding(
        "yaml-octal",
        f"{text} is an octal number to some YAML readers and a decimal one to others",
        "a number without a leading zero, or a quoted text",
        f'write "{text}" if the digits are meant as they stand',
    )


def tag(name: str) -> Finding:
    """An explicit tag, or a condition that starts with `!`."""
    short = name.replace("tag:yaml.org,2002:", "!!")
    if short.startswith("!!") or len(short) == 1:
        return Finding(
            "yaml-tag",
            f"the tag {short}",
            "plain values; types come from the schema",
            "remove the tag, and quote the value if it is a text",
        )
    return Finding(
        "yaml-leading-exclamation",
        f"a value that starts with ! is a tag to YAML, so {_short(short)} would be lost",
        "an expression in quotes, or in a block after `|-`",
        "put the whole expression in double quotes, or start a block with `>-` or `|-`",
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


def empty_key() -> Finding:
    """`: value`."""
    return Finding("yaml-key", "an empty key", "a name before the colon", "write the name")


def collection_key() -> Finding:
    """`? [a]` or `{[a]: b}`."""
    return Finding("yaml-key", "a list or a mapping as a key", "a text", "use a text as the key")


def unquoted_template() -> Finding:
    """`key: {{ value }}` without quotes."""
    return Finding(
        "yaml-unquoted-braces",
        "{{ … }} without quotes is a mapping inside a mapping to YAML",
        "a quoted template expression",
        'put the whole value in quotes: "{{ … }}"; its type is kept',
    )


def duplicate_key(key: str, first: Position) -> Finding:
    """One key twice in one mapping."""
    return Finding(
        "yaml-duplicate-key",
        f"the key {_short(key)} was already given at {first.line}:{first.column}",
        "each key once",
        "remove one of the two",
    )


def merge() -> Finding:
    """A merge key with something that cannot be merged."""
    return Finding(
        "yaml-merge",
        "<< merges mappings only",
        "an alias of a mapping, or a list of such aliases",
        "name an anchor that stands on a mapping",
    )


def bad_alias(name: str, inside: bool) -> Finding:
    """An alias without an anchor, or inside its own."""
    if inside:
        message = f"*{name} stands inside its own anchor &{name}"
        return Finding("yaml-alias", message, "no value that contains itself", "remove the alias")
    return Finding(
        "yaml-alias",
        f"no anchor &{name} stands before this alias",
        "an anchor defined earlier in the same document",
        "define the anchor; or quote the value if it is a text that starts with *",
    )


def alias_bomb(most: int) -> Finding:
    """Aliases that multiply."""
    return Finding(
        "yaml-alias-bomb",
        "aliases that stand for aliases multiply beyond reason",
        f"aliases that stand for at most {most} values together",
        "write the values out, or use a template",
    )
