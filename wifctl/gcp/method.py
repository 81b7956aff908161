"""What has to be known of an API method to call it well: its quota, its deadline, its repeats."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wifctl.gcp.quota import Limit


class Repeat(enum.Enum):
    """What may be done when the answer to a call did not come."""

    READ = "read"
    """Ask again."""
    IDEMPOTENT = "idempotent"
    """A write that may be made twice; ABORTED by a concurrent change of something else, too."""
    GUARDED = "guarded"
    """A write whose repeat is refused when the first one landed: a create, or one with an etag.
    The refusal then carries `effect_unknown`, and the caller reads and compares."""
    ONCE = "once"
    """Never sent again unless Google said that it did nothing."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method by Google's name, e.g. `workloadIdentityPools.create`."""

    name: str
    repeat: Repeat
    limit: Limit | None = None
    timeout: float = 20.0
    """Seconds for one attempt."""
