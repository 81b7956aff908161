"""From manifests to a plan: load, read, compare. Several commands begin so."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wifctl.api import Api
from wifctl.cli.payloads import ProcessPayloads
from wifctl.cli.pulse import pulsing
from wifctl.cli.session import Session
from wifctl.cli.target import target_name
from wifctl.live.read import Reading, read_live
from wifctl.manifest.options import Loaded
from wifctl.manifest.settings import FILE
from wifctl.plan.make import Options, make_plan
from wifctl.plan.model import Plan
from wifctl.plan.state import LiveState
from wifctl.resource import IAM_POLICY, Address, policy_target


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what it was made from."""

    plan: Plan
    live: LiveState
    payloads: ProcessPayloads


async def plan_manifests(api: Api, session: Session, loaded: Loaded, options: Options) -> Planned:
    """Read what the manifests name, and compare."""
    folder = loaded.settings.folder or Path()
    payloads = ProcessPayloads(session.environment, folder)
    reading = Reading(loaded.settings.projects, payloads, session.parallelism)
    async with pulsing(session.screen, "Reading what is live"):
        live = await read_live(loaded.resources, api, reading)
    named = replace(options, target=target_name(session), manifest_digest=digest(loaded))
    return Planned(make_plan(loaded.resources, live, named), live, payloads)


def folder_of_settings(start: Path | None = None) -> Path:
    """The folder of the nearest `wifctl.yaml` upward, where payload files are; else here."""
    here = (start or Path()).resolve()
    found = (folder for folder in (here, *here.parents) if (folder / FILE).is_file())
    return next(found, here)


def digest(loaded: Loaded) -> str:
    """SHA-256 of the documents as rendered; comments, order and layout of files do not count."""
    documents = sorted(
        json.dumps([d.kind, d.name, d.data], sort_keys=True, default=str) for d in loaded.documents
    )
    return hashlib.sha256("\n".join(documents).encode()).hexdigest()


def selection(globs: Sequence[str]) -> Callable[[Address], bool] | None:
    """Which addresses `--target` means: a policy goes with the object it is attached to."""
    if not globs:
        return None

    def selects(address: Address) -> bool:
        names = [str(address)]
        if address.kind == IAM_POLICY:
            names.append(str(policy_target(address)))
        return any(fnmatch.fnmatchcase(name, glob) for name in names for glob in globs)

    return selects
