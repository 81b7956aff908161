"""From a target to the ports: the one entry to everything that talks to Google's APIs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from google.cloud.artifactregistry_v1 import ArtifactRegistryAsyncClient
from google.cloud.iam_admin_v1 import IAMAsyncClient
from google.cloud.secretmanager_v1 import SecretManagerServiceAsyncClient

from wifctl.api import Api
from wifctl.gcp.accounts import GrpcServiceAccounts
from wifctl.gcp.caller import Caller
from wifctl.gcp.channels import Channels, keep_payloads_out_of_logs
from wifctl.gcp.operations import Operations
from wifctl.gcp.policies import GooglePolicies
from wifctl.gcp.pools import RestPools, RestProviders
from wifctl.gcp.projects import RestProjects
from wifctl.gcp.quota import Quotas
from wifctl.gcp.repositories import GrpcRepositories
from wifctl.gcp.rest import Rest
from wifctl.gcp.retry import Timing
from wifctl.gcp.rpc import Rpc
from wifctl.gcp.secret_manager import GrpcSecrets
from wifctl.gcp.services import RestServices
from wifctl.gcp.target import Target
from wifctl.gcp.wire import Wire, emulator_wire, google_wire


@asynccontextmanager
async def connect(target: Target, timing: Timing | None = None) -> AsyncIterator[Api]:
    """The ports to a target, for the length of a block and inside the running event loop.

    Raises `WifctlError` when there are no credentials, or Google refuses them.
    """
    keep_payloads_out_of_logs()
    if target.endpoint is not None:
        wire = emulator_wire(target, target.endpoint)
    else:
        wire = await asyncio.to_thread(google_wire, target)
    caller = _caller(target, wire, timing or Timing())
    channels = Channels(wire.open_channel, target.user_agent, target.parallelism)
    threads = ThreadPoolExecutor(wire.threads, "wifctl-rest")
    rest = Rest(wire.session, threads, wire.rest_base, caller, asyncio.Semaphore(wire.threads))
    try:
        yield _api(target, wire, rest, channels)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        await channels.close()
        wire.session.close()


def _caller(target: Target, wire: Wire, timing: Timing) -> Caller:
    return Caller(
        Quotas(timing.now, wire.has_quotas),
        wire.patience,
        timing,
        target.hooks,
        target.quota_project,
    )


def _api(target: Target, wire: Wire, rest: Rest, channels: Channels) -> Api:
    def rpc(client: type, service: str) -> Rpc:
        return Rpc(channels, rest.caller, client, f"{service}.{target.universe_domain}")

    operations = Operations(rest.caller.timing, wire.pace)
    accounts = rpc(IAMAsyncClient, "iam")
    secrets = rpc(SecretManagerServiceAsyncClient, "secretmanager")
    repositories = rpc(ArtifactRegistryAsyncClient, "artifactregistry")
    return Api(
        pools=RestPools(rest, operations),
        providers=RestProviders(rest, operations),
        accounts=GrpcServiceAccounts(accounts),
        secrets=GrpcSecrets(secrets),
        repositories=GrpcRepositories(repositories, operations),
        policies=GooglePolicies(rest, accounts, secrets, repositories),
        services=RestServices(rest, operations),
        projects=RestProjects(rest),
        caller=wire.caller,
    )
