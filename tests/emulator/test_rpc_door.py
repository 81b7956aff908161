"""The gRPC door with Google's own clients: the same answers, details, unknown fields."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import iam_admin_v1
from google.iam.v1 import iam_policy_pb2, policy_pb2

from tests.support.emulator import ACCOUNTS, PROJECT, Rest
from wifctl.emulator.server import Doors

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
NAME = f"projects/{PROJECT}/serviceAccounts/{EMAIL}"
SERVICE = "google.iam.admin.v1.IAM"


@pytest.fixture
def client(doors: Doors) -> Iterator[iam_admin_v1.IAMClient]:
    transport = iam_admin_v1.IAMClient.get_transport_class("grpc")
    with grpc.insecure_channel(doors.grpc_target) as channel:
        yield iam_admin_v1.IAMClient(transport=transport(channel=channel))


def create(client: iam_admin_v1.IAMClient) -> iam_admin_v1.ServiceAccount:
    return client.create_service_account(
        name=f"projects/{PROJECT}",
        account_id="deployer",
        service_account={"display_name": "D"},
    )


def test_both_doors_show_the_same_account(client: iam_admin_v1.IAMClient, api: Rest) -> None:
    made = create(client)
    shown = api.get(f"{ACCOUNTS}/{EMAIL}").body
    assert iam_admin_v1.ServiceAccount.to_dict(made)["display_name"] == shown["displayName"]
    assert (made.name, made.unique_id, made.etag) == (NAME, shown["uniqueId"], b"01021920")
    assert client.get_service_account(name=NAME) == made
    assert [a.email for a in client.list_service_accounts(name=f"projects/{PROJECT}")] == [EMAIL]


def test_masks_say_what_a_patch_changes(client: iam_admin_v1.IAMClient) -> None:
    create(client)
    sent = {"name": NAME, "description": "x", "display_name": ""}
    mask = {"paths": ["description", "display_name"]}
    client.patch_service_account(request={"service_account": sent, "update_mask": mask})
    live = client.get_service_account(name=NAME)
    assert (live.description, live.display_name) == ("x", "")


def test_refusals_keep_their_code_message_and_details(client: iam_admin_v1.IAMClient) -> None:
    with pytest.raises(exceptions.NotFound, match="Unknown service account"):
        client.get_service_account(name=NAME)
    with pytest.raises(exceptions.PermissionDenied) as caught:
        client.get_service_account(name=NAME.replace(PROJECT, "-", 1))
    assert caught.value.reason == "IAM_PERMISSION_DENIED"
    assert caught.value.metadata["permission"] == "iam.serviceAccounts.get"
    create(client)
    with pytest.raises(exceptions.AlreadyExists):
        create(client)


def test_a_stale_etag_is_aborted(client: iam_admin_v1.IAMClient) -> None:
    create(client)
    policy = client.get_iam_policy(resource=NAME)
    for error in (None, exceptions.Aborted):
        request = iam_policy_pb2.SetIamPolicyRequest(resource=NAME, policy=policy)
        if error is None:
            client.set_iam_policy(request=request)
        else:
            with pytest.raises(error):
                client.set_iam_policy(request=request)


def test_a_quota_answer_says_when_to_come_back(client: iam_admin_v1.IAMClient, api: Rest) -> None:
    api.switch(faults=[{"method": "iam.projects.serviceAccounts.create", "fault": "429"}])
    with pytest.raises(exceptions.ResourceExhausted) as caught:
        create(client)
    kinds = [type(detail).__name__ for detail in caught.value.details]
    assert kinds == ["ErrorInfo", "RetryInfo", "Help"]


def test_methods_not_served_are_unimplemented_by_name(client: iam_admin_v1.IAMClient) -> None:
    with pytest.raises(exceptions.MethodNotImplemented, match=r"serviceAccounts\.keys\.create"):
        client.create_service_account_key(name=NAME)


def test_methods_nobody_has_are_unimplemented(doors: Doors) -> None:
    with grpc.insecure_channel(doors.grpc_target) as channel:
        call = channel.unary_unary(f"/{SERVICE}/NoSuchMethod")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"")
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x0a\x05ab"])
def test_bytes_that_are_no_message_end_in_an_error(doors: Doors, raw: bytes) -> None:
    with grpc.insecure_channel(doors.grpc_target) as channel:
        with pytest.raises(grpc.RpcError):
            channel.unary_unary(f"/{SERVICE}/GetServiceAccount")(raw)
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary(f"/{SERVICE}/GetServiceAccount")(b"")
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


UNKNOWN_FIELD = b"\xfa\x07\x03new"
"""Field 127, a string, that today's Policy and Binding do not have."""


def test_fields_of_a_policy_that_nobody_knows_yet_survive(
    client: iam_admin_v1.IAMClient, doors: Doors, api: Rest
) -> None:
    create(client)
    binding = policy_pb2.Binding(role="roles/viewer", members=["user:A@example.com"])
    binding.MergeFromString(UNKNOWN_FIELD)
    policy = policy_pb2.Policy(bindings=[binding])
    policy.MergeFromString(UNKNOWN_FIELD)
    client.set_iam_policy(request=iam_policy_pb2.SetIamPolicyRequest(resource=NAME, policy=policy))
    live = client.get_iam_policy(resource=NAME)
    assert live.SerializeToString().count(UNKNOWN_FIELD) == 2
    assert live.version == 1
    assert live.etag[:1] == b"\x07"
    assert list(live.bindings[0].members) == ["user:a@example.com"]
    shown = api.post(f"{ACCOUNTS}/{EMAIL}:getIamPolicy").body
    assert set(shown) == {"bindings", "etag", "version"}


def test_the_asyncio_client_is_served_many_calls_at_once(
    client: iam_admin_v1.IAMClient, doors: Doors
) -> None:
    create(client)

    async def read() -> set[str]:
        kind = iam_admin_v1.IAMAsyncClient.get_transport_class("grpc_asyncio")
        async with grpc.aio.insecure_channel(doors.grpc_target) as channel:
            many = iam_admin_v1.IAMAsyncClient(transport=kind(channel=channel))
            found = await asyncio.gather(*(many.get_service_account(name=NAME) for _ in range(100)))
        return {account.email for account in found}

    assert asyncio.run(read()) == {EMAIL}
