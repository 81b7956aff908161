"""A method of a service with its message types, which are loaded at the first call."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from google.protobuf.message import Message

from wifctl.emulator.service import Method, Service
from wifctl.emulator.template import parse_template
from wifctl.emulator.wire.shape import Shape, message_class, shape_of

_HOST = re.compile(r"^//[a-z.]+/")
"""The host of a full resource name, as audiences carry it."""


class Endpoint:
    """What both doors call."""

    def __init__(self, service: Service, method: Method) -> None:
        self.service = service
        self.method = method

    @cached_property
    def resource_path(self) -> tuple[str, ...]:
        """Where in the request the name of the resource stands: the first path variable."""
        if self.method.resource or not self.method.routes:
            return (self.method.resource,) if self.method.resource else ()
        variables = parse_template(self.method.routes[0].template).variables
        return tuple(variables[0].name.split(".")) if variables else ()

    @cached_property
    def request_class(self) -> type[Message] | None:
        """The protobuf class of the request, or None when it is passed on unchecked."""
        return message_class(self.method.request) if self.method.request else None

    @cached_property
    def response_class(self) -> type[Message] | None:
        """The protobuf class of the response, or None when it is sent as it is."""
        return message_class(self.method.response) if self.method.response else None

    @cached_property
    def request_shape(self) -> Shape | None:
        """The shape of the request."""
        return shape_of(self.request_class.DESCRIPTOR) if self.request_class else None

    @cached_property
    def response_shape(self) -> Shape | None:
        """The shape of the response."""
        return shape_of(self.response_class.DESCRIPTOR) if self.response_class else None

    def resource_of(self, request: dict[str, Any]) -> str:
        """The name of the resource a request is about, or empty."""
        value: Any = request
        for key in self.resource_path:
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, str):
            return ""
        return _HOST.sub("", value) if value.startswith("//") else value
