"""The two forms of an IAM policy, JSON and protobuf, behind one face."""

from __future__ import annotations

import base64
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from google.iam.v1 import policy_pb2

from wifctl.resource import Condition


class PolicyForm(Protocol):
    """A policy message of either form; a binding is the form's own object."""

    @property
    def message(self) -> Any: ...
    def bindings(self) -> Sequence[Any]: ...
    def role(self, binding: Any) -> str: ...
    def condition(self, binding: Any) -> Condition | None: ...
    def members(self, binding: Any) -> MutableSequence[str]: ...
    def add_binding(self, role: str, condition: Condition | None) -> Any: ...
    def drop_empty(self) -> None: ...
    def etag(self) -> str: ...
    def set_version(self, version: int) -> None: ...


@dataclass(frozen=True, slots=True)
class JsonPolicy:
    """A policy as REST brings it."""

    message: dict[str, Any]

    def bindings(self) -> Sequence[Any]:
        """The bindings."""
        found: list[Any] = self.message.get("bindings", [])
        return found

    def role(self, binding: Any) -> str:
        """The role of a binding."""
        return str(binding.get("role", ""))

    def condition(self, binding: Any) -> Condition | None:
        """The part of the condition that belongs to the binding's key."""
        found = binding.get("condition")
        if not found:
            return None
        title, description = found.get("title", ""), found.get("description", "")
        return Condition(found.get("expression", ""), title, description)

    def members(self, binding: Any) -> MutableSequence[str]:
        """The members, to be changed in place."""
        found: list[str] = binding.setdefault("members", [])
        return found

    def add_binding(self, role: str, condition: Condition | None) -> Any:
        """A new, empty binding at the end."""
        binding: dict[str, Any] = {"role": role, "members": []}
        if condition:
            binding["condition"] = _condition_json(condition)
        self.message.setdefault("bindings", []).append(binding)
        return binding

    def drop_empty(self) -> None:
        """Take out the bindings without members."""
        kept = [binding for binding in self.bindings() if binding.get("members")]
        if kept or "bindings" in self.message:
            self.message["bindings"] = kept

    def etag(self) -> str:
        """The etag in base64."""
        return str(self.message.get("etag", ""))

    def set_version(self, version: int) -> None:
        """Set the policy's version."""
        self.message["version"] = version


@dataclass(frozen=True, slots=True)
class ProtoPolicy:
    """A policy as gRPC brings it; protobuf keeps unknown fields through a copy and a send."""

    message: policy_pb2.Policy

    def bindings(self) -> Sequence[Any]:
        """The bindings."""
        found: Sequence[Any] = self.message.bindings
        return found

    def role(self, binding: Any) -> str:
        """The role of a binding."""
        return str(binding.role)

    def condition(self, binding: Any) -> Condition | None:
        """The part of the condition that belongs to the binding's key."""
        if not binding.HasField("condition"):
            return None
        found = binding.condition
        return Condition(found.expression, found.title, found.description)

    def members(self, binding: Any) -> MutableSequence[str]:
        """The members, to be changed in place."""
        found: MutableSequence[str] = binding.members
        return found

    def add_binding(self, role: str, condition: Condition | None) -> Any:
        """A new, empty binding at the end."""
        binding = self.message.bindings.add(role=role)
        if condition:
            binding.condition.expression = condition.expression
            binding.condition.title = condition.title
            binding.condition.description = condition.description
        return binding

    def drop_empty(self) -> None:
        """Take out the bindings without members."""
        for index in reversed(range(len(self.message.bindings))):
            if not self.message.bindings[index].members:
                del self.message.bindings[index]

    def etag(self) -> str:
        """The etag in base64."""
        return base64.b64encode(self.message.etag).decode()

    def set_version(self, version: int) -> None:
        """Set the policy's version."""
        self.message.version = version


def _condition_json(condition: Condition) -> dict[str, str]:
    texts = {
        "expression": condition.expression,
        "title": condition.title,
        "description": condition.description,
    }
    return {key: text for key, text in texts.items() if text}
