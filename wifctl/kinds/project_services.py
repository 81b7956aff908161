"""ProjectServices: APIs of a project, enabled when missing, disabled only when absent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from wifctl.kinds.base import Facts, Identity, Kind, Problem, Remote, Write
from wifctl.kinds.body import google_json
from wifctl.resource import PROJECT_SERVICES, Address, Resource
from wifctl.schema import Compared, Shape, Spec

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = PROJECT_SERVICES
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


class ServicesSpec(Spec):
    """APIs a project needs."""

    services: Annotated[list[str], Compared(Shape.SET)] = Field(
        min_length=1, description="Service names, e.g. iam.googleapis.com."
    )


def _locate(identity: Identity) -> Address:
    return Address(NAME, (identity.project,))


def _body(resource: Resource, facts: Facts) -> Json:
    del facts
    return google_json(resource.spec)


def _check(resource: Resource) -> Iterable[Problem]:
    for index, service in enumerate(resource.spec.services):
        if not _SERVICE.fullmatch(service):
            yield Problem(
                "bad-service",
                f"spec.services[{index}]",
                f"{service!r} is no service name",
                allowed="a host name like iam.googleapis.com",
                fix=f"did you mean {service.lower().split('.')[0]}.googleapis.com?",
            )


async def _read(api: Api, address: Address) -> Json:
    return {"services": sorted(await api.services.enabled(address.project, ()))}


async def _enable(api: Api, write: Write) -> None:
    await api.services.enable(write.address.project, write.body["services"])


async def _disable(api: Api, write: Write) -> None:
    for service in write.body["services"]:
        await api.services.disable(write.address.project, service)


KIND = Kind(
    name=NAME,
    spec=ServicesSpec,
    summary="APIs that are enabled when missing, and never disabled unless `state: absent`.",
    document="https://cloud.google.com/service-usage/docs/reference/rest/v1/services",
    locate=_locate,
    check=_check,
    remote=Remote(body=_body, read=_read, create=_enable, update=_enable, delete=_disable),
    service="serviceusage.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: ProjectServices
metadata: {name: services}
spec:
  services: [iam.googleapis.com, sts.googleapis.com, iamcredentials.googleapis.com]
""",
)
