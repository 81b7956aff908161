"""Service accounts over google-cloud-iam."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from google.cloud import iam_admin_v1 as iam

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.messages import from_json, mask_of, to_json
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import IAM_READ, IAM_WRITE
from wifctl.gcp.rpc import Rpc
from wifctl.names import ProjectName, ServiceAccountName

PAGE = 100
"""The largest page Google gives."""

_Account = iam.ServiceAccount.pb()


def _write(verb: str, repeat: Repeat) -> Method:
    return Method(f"serviceAccounts.{verb}", repeat, IAM_WRITE, 60.0)


_GET = Method("serviceAccounts.get", Repeat.READ, IAM_READ)
_LIST = Method("serviceAccounts.list", Repeat.READ, IAM_READ)
_CREATE = _write("create", Repeat.GUARDED)
_PATCH = _write("patch", Repeat.IDEMPOTENT)
_ENABLE = _write("enable", Repeat.IDEMPOTENT)
_DISABLE = _write("disable", Repeat.IDEMPOTENT)
_DELETE = _write("delete", Repeat.GUARDED)
_UNDELETE = _write("undelete", Repeat.GUARDED)


@dataclass(frozen=True, slots=True)
class GrpcServiceAccounts:
    """`wifctl.api.ServiceAccounts` over gRPC."""

    rpc: Rpc

    async def get(self, name: ServiceAccountName) -> Json:
        """The account."""
        request = iam.GetServiceAccountRequest(name=str(name))
        return to_json(await self.rpc.send(_GET, "get_service_account", request, name))

    async def list(self, project: str) -> AsyncIterator[Sequence[Json]]:
        """Page by page."""
        parent = ProjectName(project)
        token = ""
        while True:
            request = iam.ListServiceAccountsRequest(
                name=str(parent), page_size=PAGE, page_token=token
            )
            page = await self.rpc.send(_LIST, "list_service_accounts", request, parent)
            yield [to_json(account) for account in page.accounts]
            token = page.next_page_token
            if not token:
                return

    async def create(self, project: str, account_id: str, body: Json) -> Json:
        """The account made. A just-made account may not be readable for some seconds."""
        name = ServiceAccountName.of(project, account_id)
        account = from_json(body, _Account(), _CREATE.name, str(name))
        request = iam.CreateServiceAccountRequest.wrap(
            iam.CreateServiceAccountRequest.pb()(
                name=f"projects/{project}", account_id=account_id, service_account=account
            )
        )
        return to_json(await self.rpc.send(_CREATE, "create_service_account", request, name))

    async def update(self, name: ServiceAccountName, body: Json, mask: Sequence[str]) -> None:
        """Patch the masked fields: `displayName`, `description`."""
        account = from_json(body, _Account(), _PATCH.name, str(name))
        account.name = str(name)
        message = iam.PatchServiceAccountRequest.pb()(
            service_account=account, update_mask=mask_of(_Account.DESCRIPTOR, mask)
        )
        request = iam.PatchServiceAccountRequest.wrap(message)
        await self.rpc.send(_PATCH, "patch_service_account", request, name)

    async def set_disabled(self, name: ServiceAccountName, disabled: bool) -> None:
        """Disable or enable."""
        if disabled:
            off = iam.DisableServiceAccountRequest(name=str(name))
            await self.rpc.send(_DISABLE, "disable_service_account", off, name)
        else:
            on = iam.EnableServiceAccountRequest(name=str(name))
            await self.rpc.send(_ENABLE, "enable_service_account", on, name)

    async def delete(self, name: ServiceAccountName) -> None:
        """Delete; it can be undeleted by its unique id for 30 days."""
        request = iam.DeleteServiceAccountRequest(name=str(name))
        try:
            await self.rpc.send(_DELETE, "delete_service_account", request, name)
        except ApiError as error:
            if not (error.effect_unknown and error.status is Status.NOT_FOUND):
                raise

    async def undelete(self, project: str, unique_id: str) -> Json:
        """The account brought back."""
        name = ServiceAccountName(project, unique_id)
        request = iam.UndeleteServiceAccountRequest(name=str(name))
        try:
            answer = await self.rpc.send(_UNDELETE, "undelete_service_account", request, name)
        except ApiError as error:
            if not error.effect_unknown:
                raise
            return await self._found(name, error)
        return to_json(answer.restored_account)

    async def _found(self, name: ServiceAccountName, error: ApiError) -> Json:
        """The account, should the attempt whose answer was lost have brought it back."""
        try:
            return await self.get(name)
        except ApiError:
            raise error from None
