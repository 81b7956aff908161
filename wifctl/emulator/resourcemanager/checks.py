"""What a project may be called and labelled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wifctl.emulator.errors import invalid

MAX_LABELS = 64
"""Of v3; v1 documents 256, but both speak of the same project."""

PROJECT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
PARENT = re.compile(r"(?:folders|organizations)/[0-9]+")
_DISPLAY_NAME = re.compile(r"[A-Za-z0-9'\" !-]{4,30}")
_LABEL_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")


def check_project(project_id: str, display_name: str, labels: Mapping[str, str]) -> None:
    """Refuse an id, a display name or labels that no project can have."""
    if not PROJECT_ID.fullmatch(project_id):
        raise invalid(
            f"project_id {project_id!r} is not valid: 6 to 30 lowercase letters, digits or "
            "hyphens, starting with a letter, no trailing hyphen."
        )
    check_display_name(display_name)
    check_labels(labels)


def check_display_name(display_name: str) -> None:
    """Refuse a display name of the wrong length or with other characters than allowed."""
    if display_name and not _DISPLAY_NAME.fullmatch(display_name):
        raise invalid("The display name must be 4 to 30 letters, digits, spaces or -'\"!.")


def check_labels(labels: Mapping[str, str]) -> None:
    """Refuse too many labels, or one that does not fit."""
    if len(labels) > MAX_LABELS:
        raise invalid(f"At most {MAX_LABELS} labels are allowed.")
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key) or not _LABEL_VALUE.fullmatch(value):
            raise invalid(f'Invalid label "{key}": "{value}".')


def check_parent(parent: str) -> None:
    """Refuse what is neither a folder nor an organization. Which of them exist is not known."""
    if parent and not PARENT.fullmatch(parent):
        raise invalid(f"The parent {parent!r} must be folders/NUMBER or organizations/NUMBER.")
