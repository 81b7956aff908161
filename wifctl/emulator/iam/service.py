"""The IAM API: pools, providers, keys, operations and service accounts."""

from __future__ import annotations

from wifctl.emulator.iam import pools, unserved
from wifctl.emulator.iam.accounts import methods as accounts
from wifctl.emulator.iam.providers import keys
from wifctl.emulator.iam.providers import methods as providers
from wifctl.emulator.service import Service

SERVICE = Service(
    name="iam.googleapis.com",
    methods=(
        *pools.METHODS,
        *providers.METHODS,
        *keys.METHODS,
        *accounts.METHODS,
        *unserved.METHODS,
    ),
)
