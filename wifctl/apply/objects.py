"""Steps on objects: create, update, undelete, delete, each re-checked before it writes."""

from __future__ import annotations

import dataclasses
from typing import Any

from wifctl.api import Api, ApiError, Json, Status
from wifctl.apply.differing import differing, differing_at_all
from wifctl.apply.known import Known
from wifctl.apply.patience import is_conflict
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.kinds.base import Kind, Write, nested
from wifctl.kinds.registry import kind as kind_of
from wifctl.live.objects import live_object, read_object
from wifctl.plan.fingerprint import object_fingerprint
from wifctl.plan.model import Action, Plan, Reason, Step
from wifctl.plan.normal import normal_fields
from wifctl.plan.objects import AFTER_CREATE
from wifctl.plan.state import LiveObject, Presence
from wifctl.progress import Outcome
from wifctl.resource import Fields

NONE: frozenset[str] = frozenset()
CONFLICTS = 3
"""Writes under an etag before giving up."""


@dataclasses.dataclass(frozen=True, slots=True)
class Objects:
    """Runs one step on one object."""

    api: Api
    known: Known
    plan: Plan

    async def run(self, step: Step) -> tuple[Outcome, str]:
        """How it ended, and what came out of it."""
        kind = kind_of(step.address.kind)
        body = nested(await self.known.fill(dict(step.fields)))
        match step.action:
            case Action.CREATE:
                return await self._create(kind, step, body)
            case Action.UPDATE:
                return await self._update(kind, step, body)
            case Action.UNDELETE:
                return await self._undelete(kind, step, body)
            case Action.DELETE:
                return await self._delete(kind, step)
            case _:
                return await self._switch(kind, step, body)

    async def _create(self, kind: Kind, step: Step, body: Json) -> tuple[Outcome, str]:
        assert kind.remote is not None
        if step.reason is Reason.UNREAD:
            found = await read_object(self.api, step.address, NONE)
            if found.presence is not Presence.ABSENT:
                return self._as_found(kind, step, body, found)
        try:
            created = await kind.remote.create(self.api, Write(step.address, body))
        except ApiError as error:
            if error.status is not Status.ALREADY_EXISTS:
                raise
            # A read that does not see it yet is NOT_FOUND, which is waited for.
            found = live_object(await kind.remote.read(self.api, step.address))
            return self._as_found(kind, step, body, found)
        return Outcome.DONE, str((created or {}).get("email", ""))

    def _as_found(
        self, kind: Kind, step: Step, body: Json, found: LiveObject
    ) -> tuple[Outcome, str]:
        """An object nobody had read turned up: fine if equal, else for a new plan."""
        if found.presence is Presence.SOFT_DELETED:
            raise WifctlError(moved(step, "it exists, and is soft-deleted"))
        different = differing_at_all(kind, body, found.json, self.known.projects, late=False)
        if different:
            raise WifctlError(moved(step, f"it exists, and is different: {', '.join(different)}"))
        return Outcome.ALREADY, "it exists, and equals the manifest"

    async def _update(self, kind: Kind, step: Step, body: Json) -> tuple[Outcome, str]:
        """Under the etag just read, where there is one; after a conflict the whole again."""
        for attempt in range(CONFLICTS):
            found = await self._read_for_update(kind, step)
            if found.presence is not Presence.PRESENT:
                raise WifctlError(moved(step, f"it is {found.presence.value} now"))
            mask = differing(kind, step, body, found.json, self.known.projects)
            if not mask:
                return (Outcome.DONE if attempt else Outcome.ALREADY), ""
            if step.part != AFTER_CREATE:
                self._still(kind, step, found)
            try:
                return await self._write(kind, step, body, mask, found.json)
            except ApiError as error:
                conflict = kind.remote is not None and kind.remote.has_etag and is_conflict(error)
                if not conflict or attempt == CONFLICTS - 1:
                    raise
        raise AssertionError("the last conflict is raised")

    async def _read_for_update(self, kind: Kind, step: Step) -> LiveObject:
        """Of an object this run just made, a NOT_FOUND is raised: it is waited for."""
        assert kind.remote is not None
        if step.part == AFTER_CREATE:
            return live_object(await kind.remote.read(self.api, step.address))
        return await read_object(self.api, step.address, NONE)

    async def _write(
        self, kind: Kind, step: Step, body: Json, mask: tuple[str, ...], live: Json
    ) -> tuple[Outcome, str]:
        assert kind.remote is not None
        await kind.remote.update(self.api, Write(step.address, body, mask, live))
        return Outcome.DONE, ""

    def _still(self, kind: Kind, step: Step, found: LiveObject) -> None:
        """What is about to change must still be what the plan saw."""
        live = normal_fields(kind, found.json, self.known.projects)
        for change in step.changes:
            if change.observable and live.get(change.path) not in (change.live, change.desired):
                raise WifctlError(moved(step, f"{change.path} has changed since the plan"))

    async def _undelete(self, kind: Kind, step: Step, body: dict[str, Any]) -> tuple[Outcome, str]:
        assert kind.remote is not None
        assert kind.remote.undelete is not None
        found = await read_object(self.api, step.address, NONE)
        if found.presence is Presence.PRESENT:
            return await self._repair(kind, step, body, found)
        live = {"uniqueId": body.pop("uniqueId", "")}
        try:
            back = await kind.remote.undelete(self.api, Write(step.address, body, live=live))
        except ApiError as error:
            if error.status is not Status.NOT_FOUND or step.reason is not Reason.ACCOUNT_DELETED:
                raise
            return await self._anew(kind, step, body)
        found = live_object(back or await kind.remote.read(self.api, step.address))
        await self._repair(kind, step, body, found)
        return Outcome.DONE, ""

    async def _repair(
        self, kind: Kind, step: Step, body: dict[str, Any], found: LiveObject
    ) -> tuple[Outcome, str]:
        """Once it is back: what differs is updated."""
        fields = {key: value for key, value in body.items() if key != "uniqueId"}
        projects = self.known.projects
        if step.reason is Reason.ACCOUNT_DELETED:
            mask = differing_at_all(kind, fields, found.json, projects, late=True)
        else:
            mask = differing(kind, step, fields, found.json, projects)
        if not mask:
            return Outcome.ALREADY, ""
        return await self._write(kind, step, fields, mask, found.json)

    async def _anew(self, kind: Kind, step: Step, body: Json) -> tuple[Outcome, str]:
        """Google has purged the account: a new one takes its e-mail."""
        outcome, _ = await self._create(kind, step, body)
        return outcome, "purged by Google, created anew: plan again for grants on the old one"

    async def _delete(self, kind: Kind, step: Step) -> tuple[Outcome, str]:
        assert kind.remote is not None
        found = await read_object(self.api, step.address, NONE)
        if found.presence is not Presence.PRESENT:
            return Outcome.ALREADY, ""
        planned = self.plan.fingerprints.get(str(step.address))
        if planned and object_fingerprint(step.address, found, self.known.projects) != planned:
            raise WifctlError(moved(step, "it has changed since the plan"))
        try:
            await kind.remote.delete(self.api, Write(step.address, {}, live=found.json))
        except ApiError as error:
            if error.status is not Status.NOT_FOUND:
                raise
        return Outcome.DONE, ""

    async def _switch(self, kind: Kind, step: Step, body: Fields) -> tuple[Outcome, str]:
        assert kind.remote is not None
        write = Write(step.address, body)
        if step.action is Action.ENABLE:
            await kind.remote.create(self.api, write)
        else:
            await kind.remote.delete(self.api, write)
        return Outcome.DONE, ""


def moved(step: Step, what: str) -> Diagnostic:
    """Live is not what the plan saw."""
    return Diagnostic(
        "moved",
        f"{step.address}: {what}",
        allowed="what the plan saw, or what it leads to",
        fix="plan again",
        address=str(step.address),
    )
