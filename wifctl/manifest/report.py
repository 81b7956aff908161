"""Findings about one document: paths become positions here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wifctl.diagnostics import Diagnostic, Severity, failures
from wifctl.manifest import words
from wifctl.manifest.places import Places
from wifctl.manifest.yaml.document import BROKEN


@dataclass(slots=True)
class Report:
    """Collects what is wrong with one document."""

    places: Places
    address: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether an error was reported."""
        return bool(failures(self.diagnostics))

    def value(self, code: str, path: str, message: str, **more: Any) -> None:
        """Report something at the value of a path, or at its longest known prefix."""
        self._add(self.places.value(path), code, path, message, **more)

    def key(self, code: str, path: str, message: str, **more: Any) -> None:
        """Report something at the key of a path."""
        self._add(self.places.key(path), code, path, message, **more)

    def _add(
        self,
        place: int,
        code: str,
        path: str,
        message: str,
        *,
        allowed: str = "",
        fix: str = "",
        severity: Severity = Severity.ERROR,
        offset: tuple[int, int] = (0, 0),
    ) -> None:
        if offset != (0, 0):
            place = self.places.inside(path, *offset)
        note = self.places.origin.note(place)
        self.diagnostics.append(
            Diagnostic(
                code,
                f"{message} ({note})" if note else message,
                severity,
                self.places.origin.position(place),
                path,
                allowed,
                fix,
                self.address,
            )
        )

    def unknown_keys(self, data: dict[str, Any], allowed: Iterable[str], path: str) -> None:
        """Report every key that is not allowed, with the nearest one that is."""
        names = tuple(allowed)
        for key in data:
            if key not in names:
                self.unknown(f"{path}.{key}" if path else key, key, names)

    def unknown(self, path: str, key: str, names: tuple[str, ...]) -> None:
        """Report one unknown key."""
        near = words.nearest(key, names)
        self.key(
            "unknown-field",
            path,
            f"unknown field {words.quoted(key)}",
            allowed=words.listed(names),
            fix=f"did you mean {near}?" if near else "remove it",
        )

    def wrong_type(self, path: str, wanted: str, value: Any, fix: str = "") -> None:
        """Report a value of the wrong type, unless it was reported already."""
        if value is BROKEN:
            return
        if wanted == "a text" and isinstance(value, int | float):
            fix = fix or "quote it"
        elif wanted == "a list" and not isinstance(value, dict):
            fix = fix or "put it in brackets"
        self.value(
            "wrong-type",
            path,
            f"{wanted} was wanted, found {words.found(value, path)}",
            allowed=wanted,
            fix=fix or f"write {wanted}",
        )
