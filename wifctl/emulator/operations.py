"""Long-running operations: kept by name, finished at the next poll unless told otherwise."""

from __future__ import annotations

import secrets
import string
import uuid

from wifctl.emulator.errors import ApiError, Json, not_found
from wifctl.emulator.store import Store

KIND = "operation"
_LETTERS = string.ascii_lowercase + string.digits


class Operations:
    """Google's `google.longrunning.Operation`s. The work itself is done before one is started."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.pending_polls = 0
        """How many polls answer `done: false` before an operation is done (switch)."""
        self.fail_next: list[ApiError] = []
        """Failures that the next operations end with (switch)."""

    def start(
        self,
        name: str,
        *,
        response: Json | None = None,
        metadata: Json | None = None,
        done: bool = False,
    ) -> Json:
        """Record an operation and return the first answer: name and metadata, `done` on request.

        `response` and `metadata` are proto-JSON `Any` values (with `@type`). Polls answer `done`.
        """
        final: Json = {"name": name}
        if metadata is not None:
            final["metadata"] = metadata
        first = dict(final)
        final["done"] = True
        if self.fail_next:
            error = self.fail_next.pop(0)
            final["error"] = {"code": error.grpc_code, "message": error.message}
        elif response is not None:
            final["response"] = response
        polls = 0 if done else self.pending_polls
        self._store.put(KIND, name, {"first": first, "final": final, "polls": polls})
        return final if done else first

    def get(self, name: str) -> Json:
        """The answer to a poll. Raises NOT_FOUND."""
        record = self._store.get(KIND, name)
        if record is None:
            raise not_found()
        if record["polls"] > 0:
            self._store.put(KIND, name, {**record, "polls": record["polls"] - 1})
            return dict(record["first"])
        return dict(record["final"])


def iam_operation_id() -> str:
    """Like IAM's: 21 letters and digits, filled with zeros to 32."""
    return "b" + "".join(secrets.choice(_LETTERS) for _ in range(20)) + "0" * 11


def uuid_operation_id() -> str:
    """Like Artifact Registry's."""
    return str(uuid.uuid4())
