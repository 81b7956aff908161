"""Durations as gcloud's flags take them: a bare number of the flag's unit, or `1h30m`, `PT45M`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DAYS_PER_YEAR = 365.2422
_FRACTIONS: Final = {"MS": 1_000, "US": 1_000_000, "NS": 1_000_000_000}
_PART = re.compile(r"([0-9.,T]*)(MS$|US$|NS$|[A-SU-Z])")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A flag's own unit (`s` or `ms`), and the least and most it takes in that unit, inclusive."""

    unit: str
    least: int
    most: int

    @property
    def words(self) -> str:
        """The bounds as a user reads them."""
        return f"{self.least}{self.unit} to {self.most}{self.unit}, or with a unit such as 10m"


LIFETIME = Bounds("s", 600, 43_200)
"""`--service-account-token-lifetime-seconds`."""
TIMEOUT = Bounds("ms", 5_000, 120_000)
"""`--executable-timeout-millis`."""


def parse_duration(text: str, bounds: Bounds) -> int | float:
    """The duration in the unit of `bounds`, a whole number where it is one.

    Raises ValueError, its text a reason, when the text is no duration or lies outside the bounds.
    """
    try:
        value = _in_unit(_seconds(_with_unit(text, bounds.unit)), bounds.unit)
    except ValueError:
        raise ValueError(f"{text!r} is no duration") from None
    if not bounds.least <= value <= bounds.most:
        raise ValueError(f"{text!r} is too {'short' if value < bounds.least else 'long'}")
    return value


def _with_unit(text: str, unit: str) -> str:
    try:
        return f"{int(text)}{unit}"
    except ValueError:
        return text


def _in_unit(seconds: float, unit: str) -> int | float:
    """gcloud keeps four digits behind the point, and none at all where they are zeros."""
    value = seconds * (1000 if unit == "ms" else 1)
    rounded = round(value, 4)
    return rounded if rounded - int(value) else int(value)


def _seconds(text: str) -> float:
    """The seconds of an ISO 8601 duration whose `P` and `T` may be left out, units repeated."""
    if text.upper().count("T") > 1:
        raise ValueError(text)
    sign = -1 if text.startswith("-") else 1
    rest = text.upper().removeprefix("-" if sign < 0 else "+")
    in_time = not rest.startswith("P")
    parts = dict.fromkeys("YODHMS", 0.0)
    rest = rest.removeprefix("P")
    while rest not in ("", "T"):
        found = _PART.match(rest)
        if not found:
            raise ValueError(text)
        in_time = in_time or "T" in found[1]
        number = found[1].replace("T", "").replace(",", ".")
        in_time = _add(parts, number, found[2], in_time)
        rest = rest[found.end() :]
    return sign * _total(parts)


def _add(parts: dict[str, float], number: str, unit: str, in_time: bool) -> bool:
    """Add one part; afterwards an `M` means minutes unless the part was a year, week or day."""
    amount = float(number)
    match unit:
        case "Y" | "D":
            parts[unit] += amount
            return in_time
        case "W":
            parts["D"] += amount * 7
            return in_time
        case "MS" | "US" | "NS":
            parts["S"] += amount / _FRACTIONS[unit]
        case "M" if not in_time:
            parts["O"] += amount
        case "H" | "M" | "S":
            parts[unit] += amount
        case _:
            raise ValueError(unit)
    return True


def _total(parts: dict[str, float]) -> float:
    """Carry fractions down one unit at a time, four digits each, as gcloud does, and add up.

    Whole days, months and years lie above every bound, so their exact length does not matter.
    """
    years, fraction = _split(parts["Y"])
    months, month_fraction = _split(parts["O"])
    days = parts["D"] + _DAYS_PER_YEAR * fraction + int(_DAYS_PER_YEAR * month_fraction / 12)
    days, fraction = _split(days)
    hours, fraction = _split(parts["H"] + 24 * fraction)
    minutes, fraction = _split(parts["M"] + 60 * fraction)
    seconds, fraction = _split(parts["S"] + 60 * fraction)
    small = int(1_000_000 * fraction) / 1_000_000
    minutes, seconds = minutes + seconds // 60, seconds % 60
    hours, minutes = hours + minutes // 60, minutes % 60
    long = (years * 366 + months * 31 + days) * 86_400
    return small + seconds + minutes * 60 + hours * 3600 + long


def _split(number: float) -> tuple[int, float]:
    whole = int(number)
    return whole, round(round(number, 4) - whole, 4)
