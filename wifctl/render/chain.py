"""The links of a chain as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wifctl.render.escape import printable
from wifctl.render.palette import Palette, Tone
from wifctl.upstream.findings import Found, State

_MARKS = {State.SOUND: "✓", State.BROKEN: "✗", State.UNKNOWN: "?"}
_TONES = {State.SOUND: Tone.ADDED, State.BROKEN: Tone.ERROR, State.UNKNOWN: Tone.WARNED}


def chain_text(found: Sequence[Found], palette: Palette) -> str:
    """One line a link; under the broken one, its fix."""
    width = max(len(link.link) for link in found)
    lines: list[str] = []
    for link in found:
        mark = palette(_TONES[link.state], _MARKS[link.state])
        lines.append(f"{mark} {link.link.ljust(width)}  {printable(link.text)}")
        if link.fix:
            lines.append(f"  {'':{width}}  fix: {printable(link.fix)}")
    return "\n".join(lines)


def chain_json(found: Sequence[Found]) -> str:
    """`{broken, links}`: `broken` names the broken link, or is null."""
    links = [
        {
            "link": link.link.value,
            "state": link.state.value,
            "repository": link.repository,
            "text": link.text,
            "fix": link.fix or None,
        }
        for link in found
    ]
    broken = next((link.link.value for link in found if link.state is State.BROKEN), None)
    return json.dumps({"broken": broken, "links": links}, indent=2)
