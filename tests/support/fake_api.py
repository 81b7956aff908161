"""An in-memory Google behind the ports, for planner and executor tests.

fake = FakeApi(numbers={"acme-ci": "123456789012"})
fake.put(PoolName("acme-ci", "github"), {"displayName": "GitHub", "state": "ACTIVE"})
fake.put_policy(target, Binding("roles/viewer", ("user:a@example.com",)))
fake.fail("secrets.create", ApiError(Status.UNAVAILABLE, "…"), times=2)
fake.lose("repositories.create")           # it happens, but its answer is lost
… await run(fake.api) …
assert [str(call) for call in fake.writes] == ["workloadIdentityPools.create projects/…"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.fake_accounts import FakeProjects, FakeServiceAccounts, FakeServices
from tests.support.fake_policies import FakePolicies, binding_json, live, store
from tests.support.fake_pools import POOLS, PROVIDERS, FakePools, FakeProviders, FakeRepositories
from tests.support.fake_secrets import FakeSecrets
from tests.support.fake_world import Body, Call, Failure, World
from wifctl.api import Api, ApiError, Binding, Json, LivePolicy, Status
from wifctl.names import (
    PoolName,
    ProviderName,
    ResourceName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
)


class FakeApi:
    """The state of a made-up Google; `api` is what the code under test gets.

    `closed`: only the projects of `numbers` exist. `check_services`: calls are refused with
    SERVICE_DISABLED until their service is enabled. `delay`: seconds every call takes.
    """

    def __init__(
        self,
        numbers: Mapping[str, str] | None = None,
        *,
        closed: bool = False,
        check_services: bool = False,
        delay: float = 0.0,
        caller: str = "",
    ) -> None:
        declared = {"acme-ci": "123456789012"} if numbers is None else dict(numbers)
        self.world = World(declared, closed, check_services, delay)
        self.api = Api(
            pools=FakePools(self.world, POOLS),
            providers=FakeProviders(self.world, PROVIDERS),
            accounts=FakeServiceAccounts(self.world),
            secrets=FakeSecrets(self.world),
            repositories=FakeRepositories(self.world),
            policies=FakePolicies(self.world),
            services=FakeServices(self.world),
            projects=FakeProjects(self.world),
            caller=caller,
        )

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order they started."""
        return self.world.calls

    @property
    def writes(self) -> list[Call]:
        """The calls that would change something."""
        return [call for call in self.calls if call.is_write]

    def forget_calls(self) -> None:
        """Start counting anew."""
        self.world.calls.clear()

    def put(self, name: ResourceName, body: Json | None = None) -> None:
        """Make an object exist, with the output fields a server would fill in."""
        self.world.objects[self.world.key(name)] = self._filled(name) | dict(body or {})

    def drop(self, name: ResourceName) -> None:
        """Make an object not exist."""
        del self.world.objects[self.world.key(name)]

    def get(self, name: ResourceName) -> Body | None:
        """The object as it is now, or None."""
        return self.world.objects.get(self.world.key(name))

    def put_version(self, secret: SecretName, payload: bytes, state: str = "ENABLED") -> str:
        """Add a version and answer its number."""
        number = str(len(self.world.children(secret, "versions")) + 1)
        name = SecretVersionName(secret, number)
        self.world.objects[self.world.key(name)] = self._filled(name) | {"state": state}
        self.world.payloads[self.world.key(name)] = payload
        return number

    def payloads(self, secret: SecretName) -> list[bytes]:
        """The payloads of a secret that were not destroyed, oldest first."""
        prefix = f"{self.world.key(secret)}/versions/"
        return [p for key, p in self.world.payloads.items() if key.startswith(prefix)]

    def put_policy(
        self, target: ResourceName, *bindings: Binding, extra: Json | None = None
    ) -> None:
        """Give a target a policy; `extra` are further fields, e.g. `auditConfigs`."""
        message = {"bindings": [binding_json(b) for b in bindings], **(extra or {})}
        store(self.world, target, message)

    def policy(self, target: ResourceName) -> LivePolicy:
        """The policy of a target as it is now."""
        return live(self.world.policies.get(self.world.key(target), {}))

    def enable(self, project: str, services: Sequence[str]) -> None:
        """Enable services beforehand."""
        self.world.services |= {(self.world.project_id(project), s) for s in services}

    def fail(self, method: str, error: ApiError, *, name: object = "", times: int = 1) -> None:
        """Refuse the next calls of a method (of one object, when `name` is given)."""
        self.world.failures.append(Failure(method, error, str(name), times, lost=False))

    def lose(self, method: str, *, name: object = "", times: int = 1) -> None:
        """Let the next calls happen, then raise as if their answers were lost."""
        error = ApiError(Status.UNAVAILABLE, "connection reset", call=method, effect_unknown=True)
        self.world.failures.append(Failure(method, error, str(name), times, lost=True))

    def _filled(self, name: ResourceName) -> Body:
        match name:
            case PoolName() | ProviderName():
                return {"name": self.world.numbered(name), "state": "ACTIVE"}
            case ServiceAccountName():
                unique = str(100_000_000_000_000_000_000 + self.world.next_id())
                base = {"name": str(name), "email": name.email, "projectId": name.project}
                return base | {"uniqueId": unique}
            case SecretName() | SecretVersionName():
                return {"name": self.world.numbered(name), "etag": f'"1{self.world.next_id():x}"'}
            case _:
                return {"name": str(name)}
