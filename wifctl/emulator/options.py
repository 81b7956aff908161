"""How an emulator is set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """Everything an emulator may be told at its start. Switches can be turned later, too."""

    port: int = 0
    """The REST door; 0 = any free port."""
    grpc_port: int = 0
    """The gRPC door; 0 = any free port."""
    state: Path | None = None
    """The SQLite file; None = in memory."""
    projects: Mapping[str, str] = field(default_factory=dict)
    """Project ids and numbers. Given any, no other project exists."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Numbers of some projects, where others exist too; `--local` knows them from wifctl.yaml."""
    enforce_iam: bool = False
    log: Callable[[str], None] | None = None
    """Gets one line a call (`--log-requests`)."""
    clock: datetime | None = None
    """The moment the emulator believes it is at its start."""
    outside: Mapping[str, Any] = field(default_factory=dict)
    """What `PATCH /_wifctl/outside` takes: strictness, issuers, awsKeys, lifetimeExtension."""
    switches: Mapping[str, Any] = field(default_factory=dict)
    """What `PATCH /_wifctl/switches` takes: latency, faults, consistency, disabledApis, quotas."""
