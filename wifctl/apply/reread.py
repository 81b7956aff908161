"""Reading what a saved plan touches or uses, once more, right before it runs."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.api import Api, ApiError, LivePolicy, Status
from wifctl.kinds.registry import kind as kind_of
from wifctl.kinds.secret import secret_name
from wifctl.kinds.secret_version import newest_enabled
from wifctl.live.objects import live_object
from wifctl.live.read import policy_name
from wifctl.names import SecretVersionName
from wifctl.parallel import each, first_error
from wifctl.payloads import Payloads, checked
from wifctl.plan.model import Plan, Step
from wifctl.plan.state import ABSENT, UNREAD, LiveObject, LiveState, Payload, Presence
from wifctl.resource import (
    IAM_POLICY,
    PROJECT_SERVICES,
    SECRET_VERSION,
    Address,
    Projects,
    parse_address,
    policy_target,
)


async def read_again(
    plan: Plan, projects: Projects, api: Api, payloads: Payloads, width: int
) -> LiveState:
    """Everything the plan has a fingerprint of."""
    reader = _Reader(plan, api, payloads)
    addresses = [parse_address(text) for text in plan.fingerprints]
    try:
        await each(addresses, reader.read, width)
    except* ApiError as group:
        raise first_error(group) from None
    return LiveState(
        reader.objects,
        reader.policies,
        reader.payloads,
        projects=projects,
        caller=api.caller,
    )


class _Reader:
    def __init__(self, plan: Plan, api: Api, payloads: Payloads) -> None:
        self._api = api
        self._source = payloads
        self._steps = {step.address: step for step in plan.steps if not step.part}
        self._unread = frozenset(plan.unread)
        self.objects: dict[Address, LiveObject] = {}
        self.policies: dict[Address, LivePolicy | None] = {}
        self.payloads: dict[Address, Payload] = {}

    async def read(self, address: Address) -> None:
        if address.kind == IAM_POLICY:
            self.policies[policy_target(address)] = await self._policy(address)
        elif address.kind == PROJECT_SERVICES:
            wanted = [change.path for change in self._steps[address].changes]
            enabled = await self._api.services.enabled(address.project, wanted)
            self.objects[address] = LiveObject(Presence.PRESENT, {"services": sorted(enabled)})
        else:
            self.objects[address] = await self._object(address)
        step = self._steps.get(address)
        if step and address.kind == SECRET_VERSION and step.fields["when"] == "changed":
            self.payloads[address] = await self._compare(step, self.objects[address])

    async def _policy(self, address: Address) -> LivePolicy | None:
        try:
            return await self._api.policies.read(policy_name(policy_target(address)))
        except ApiError as error:
            gone = error.status in (Status.NOT_FOUND, Status.FAILED_PRECONDITION)
            if gone or error.is_service_disabled:
                return None
            raise

    async def _object(self, address: Address) -> LiveObject:
        """What could not be read before and is not there counts as still unread."""
        remote = kind_of(address.kind).remote
        assert remote is not None
        unread = address in self._unread
        try:
            return live_object(await remote.read(self._api, address))
        except ApiError as error:
            if error.status is Status.NOT_FOUND:
                return UNREAD if unread else ABSENT
            if unread and error.is_service_disabled:
                return UNREAD
            raise

    async def _compare(self, step: Step, found: LiveObject) -> Payload:
        """Whether the newest enabled version holds the payload; only a yes or no leaves here."""
        source: Mapping[str, str] = step.fields["source"]
        newest = newest_enabled(list(found.json.get("versions") or []))
        if newest is None or not self._source.available(source):
            return Payload.UNKNOWN
        desired, _ = checked(source, self._source.read(source))
        name = SecretVersionName(secret_name(step.address), newest)
        try:
            same = await self._api.secrets.access(name) == desired
        except ApiError as error:
            if error.status is Status.PERMISSION_DENIED:
                return Payload.UNKNOWN
            raise
        return Payload.SAME if same else Payload.DIFFERENT
