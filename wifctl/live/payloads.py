"""`when: changed`: the newest enabled payload against the one the manifest's source holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wifctl.api import Api, ApiError, Status
from wifctl.kinds.secret import secret_name
from wifctl.kinds.secret_version import newest_enabled
from wifctl.names import SecretVersionName
from wifctl.parallel import each
from wifctl.payloads import Payloads, checked
from wifctl.plan.desire import version_address
from wifctl.plan.state import ABSENT, LiveObject, Payload
from wifctl.plan.versions import source
from wifctl.resource import Address, Resource, State


async def compare_payloads(
    resources: Sequence[Resource],
    objects: Mapping[Address, LiveObject],
    api: Api,
    payloads: Payloads,
    width: int,
) -> dict[Address, Payload]:
    """Version address → whether the payload differs; only a yes or no leaves this function."""
    asked = [r for r in resources if _compares(r)]

    async def compare(secret: Resource) -> tuple[Address, Payload]:
        address = version_address(secret.address)
        versions = list(objects.get(address, ABSENT).json.get("versions") or [])
        return address, await _compare(secret, newest_enabled(versions), api, payloads)

    return dict(await each(asked, compare, width))


def _compares(resource: Resource) -> bool:
    version = getattr(resource.spec, "version", None)
    present = resource.lifecycle.state is State.PRESENT
    return present and version is not None and version.when == "changed"


async def _compare(secret: Resource, newest: str | None, api: Api, payloads: Payloads) -> Payload:
    wanted = source(secret)
    if "stdin" in wanted or not payloads.available(wanted):
        return Payload.UNKNOWN
    if newest is None:
        return Payload.DIFFERENT
    desired, problems = checked(wanted, payloads.read(wanted))
    if any(problem.code != "payload-newline" for problem in problems):
        return Payload.UNKNOWN
    try:
        live = await api.secrets.access(SecretVersionName(secret_name(secret.address), newest))
    except ApiError as error:
        if error.status is Status.PERMISSION_DENIED:
            return Payload.UNKNOWN
        raise
    return Payload.SAME if live == desired else Payload.DIFFERENT
