"""Service agents: accounts of Google's that act for a service in a project, once they exist.

When they come into being is a choice, since documents only hint at it: when the API is enabled,
with `generateServiceIdentity`, and with the first resource of the service that needs one. Before
that, a policy member that names one is an account that does not exist.
"""

from __future__ import annotations

import hashlib
import re

from wifctl.emulator.errors import Json
from wifctl.emulator.store import Store

KIND = "serviceAgent"
_AGENT = re.compile(r"service-[0-9]+@gcp-sa-[a-z0-9-]+\.iam\.gserviceaccount\.com")


def ensure_agent(store: Store, project_number: str, service: str) -> Json:
    """The ServiceIdentity (`email`, `uniqueId`) of an API's agent in a project, made if missing."""
    label = service.removesuffix(".googleapis.com").replace(".", "-")
    email = f"service-{project_number}@gcp-sa-{label}.iam.gserviceaccount.com"
    identity = store.get(KIND, f"serviceAgents/{email}")
    if identity is None:
        identity = {"email": email, "uniqueId": _unique_id(email)}
        store.put(KIND, f"serviceAgents/{email}", identity)
    return identity


def is_missing_agent(store: Store, email: str) -> bool:
    """Whether an e-mail is that of a service agent nothing has brought into being yet."""
    return bool(_AGENT.fullmatch(email)) and store.get(KIND, f"serviceAgents/{email}") is None


def _unique_id(email: str) -> str:
    """21 digits that start with 1, as all unique ids of accounts; the same in every run."""
    digest = int.from_bytes(hashlib.sha256(email.encode()).digest()[:10], "big")
    return f"1{digest % 10**20:020d}"
