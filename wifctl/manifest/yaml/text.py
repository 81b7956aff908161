"""Bytes → text: strict UTF-8, no NUL, no control characters, no lone surrogates."""

from __future__ import annotations

import re

from wifctl.diagnostics import Diagnostic, Position

MOST_BYTES = 16 * 1024 * 1024 - 1
"""Bounds the memory of a load, and lets any column fit into 24 bits."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
"""Compiled when a text needs it: that alone takes longer than reading ten manifests."""
_ALLOWED_ASCII = dict.fromkeys([9, 10, 13, *range(0x20, 0x7F)])


def position_at(text: str, index: int, file: str) -> Position:
    """Line and column of a character index."""
    before = text[:index]
    line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
    lines = before.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    return Position(file, lines + 1, index - line_start + 1)


def decoded(data: bytes, file: str) -> str | Diagnostic:
    """The text of a manifest, template or values file, or why it is none."""
    if len(data) > MOST_BYTES:
        return Diagnostic(
            "yaml-too-large",
            f"{len(data)} bytes in one file",
            position=Position(file),
            allowed=f"at most {MOST_BYTES} bytes",
            fix="split the file",
        )
    if data.startswith(_UTF16) or data[1:2] == b"\x00":
        return _encoding("the text is UTF-16", Position(file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return _encoding(found, position_at(before, len(before), file))
    return checked(text, file)


def _is_plain(text: str) -> bool:
    """A quick look that spares nearly every file the slow one."""
    return text.isascii() and not text.translate(_ALLOWED_ASCII)


def checked(text: str, file: str) -> str | Diagnostic:
    """The text itself, or its first character that YAML does not allow."""
    bad = None if _is_plain(text) else re.search(_NOT_YAML, text)
    if bad is None:
        return text
    code = ord(bad[0])
    return Diagnostic(
        "yaml-control-character",
        "a byte order mark inside the text" if code == 0xFEFF else f"the character U+{code:04X}",
        position=position_at(text, bad.start(), file),
        allowed="printable characters, spaces, tabs inside values, and line breaks",
        fix='remove it; in a quoted value write it as an escape, e.g. "\\u0007"',
    )


def _encoding(found: str, position: Position) -> Diagnostic:
    return Diagnostic(
        "yaml-encoding",
        found,
        position=position,
        allowed="UTF-8, with or without a byte order mark",
        fix="save the file as UTF-8, e.g. with `iconv -t UTF-8`",
    )
