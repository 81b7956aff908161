"""Writing a file whole or not at all, readable by nobody else when its text is secret."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

PRIVATE = 0o600


def write_whole(target: Path, text: str, *, private: bool = False) -> None:
    """Replace a file in one step, through symbolic links. Raises OSError.

    A private file gets mode 0600; any other keeps the mode it has, or gets the usual one. A device
    or pipe is written to as it is.
    """
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8")
        return
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}")
    try:
        _write(temporary, text, PRIVATE if private else 0o666)
        if not private and target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _write(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
