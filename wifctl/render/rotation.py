"""A rotation as text: each step it will take, in order."""

from __future__ import annotations

from wifctl.render.palette import Palette, Tone
from wifctl.upstream.rotation import Rotation


def rotation_text(rotation: Rotation, source: str, palette: Palette) -> str:
    """The plan of a rotation; `source` says where a new payload comes from."""
    new = rotation.version or "(known after it is added)"
    lines = [f"{rotation.secret}:"]
    if not rotation.version:
        lines.append(f"  {palette(Tone.ADDED, '+')} a version, {source}")
    elif rotation.enable:
        lines.append(f"  {palette(Tone.CHANGED, '~')} version {new}: disabled → enabled")
    else:
        lines.append(f"  {palette(Tone.FAINT, '=')} version {new} is there and enabled")
    for consumer in rotation.repoint:
        before = consumer.version or "(not observable)"
        mark = palette(Tone.CHANGED, "~")
        lines.append(f"  {mark} {consumer.name}: version {before} → {new}")
    same = palette(Tone.FAINT, "=")
    lines += [f"  {same} {c.name}: names version {new}" for c in rotation.settled]
    end = "enabled → disabled, once all of that is done"
    mark = palette(Tone.REMOVED, "-")
    lines += [f"  {mark} version {number}: {end}" for number in rotation.disable]
    lines += [f"  {same} version {number} stays enabled" for number in rotation.keep]
    return "\n".join(lines)
