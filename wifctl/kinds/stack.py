"""Stack: a handful of values that expand to the documents of a template."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import Field

from wifctl.kinds.base import Kind
from wifctl.kinds.grants import locate_as
from wifctl.schema import Spec

NAME = "Stack"


class StackSpec(Spec):
    """Which template, and the values it asks for."""

    template: str = Field(
        min_length=1,
        description="A template of wifctl's (`wifctl templates` lists them), or `./folder`.",
    )
    values: dict[str, Any] = Field(
        default_factory=dict, description="What the template's stack.yaml asks for."
    )


KIND = Kind(
    name=NAME,
    spec=StackSpec,
    summary="Expands to the documents of a template.",
    locate=partial(locate_as, NAME),
    example="""\
apiVersion: wifctl/v1
kind: Stack
metadata: {name: shop}
spec:
  template: github-actions
  values:
    ownerId: "1342004"
    repositoryId: "20300177"
    roles: [roles/run.developer]
""",
)
