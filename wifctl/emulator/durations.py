"""Durations in proto-JSON (`3600s`, `0.500s`)."""

from __future__ import annotations

from datetime import timedelta


def parse_duration(text: str) -> timedelta:
    """A duration the door has already checked, cut to microseconds."""
    seconds, _, fraction = text.removesuffix("s").partition(".")
    micros = int(f"{fraction[:6]:0<6}")
    whole = timedelta(seconds=int(seconds or 0))
    return (
        whole - timedelta(microseconds=micros)
        if text[0] == "-"
        else whole + timedelta(microseconds=micros)
    )
