"""The messages of repositories: those of Google's client library, plus what it does not know yet.

The discovery document (20261031) has fields and enum values that the locked library lacks. They are
added here under numbers of their own, so that the REST door takes and gives them; a gRPC client
cannot have them. Loading this module loads the library, so it is imported at the first call only.
"""

from __future__ import annotations

from typing import Any

from google.cloud.artifactregistry_v1.types import repository
from google.protobuf import descriptor_pb2

from wifctl.emulator.protos import add_file, define

_PACKAGE = "google.devtools.artifactregistry.v1"
_MESSAGE, _ENUM = 11, 14
_FIRST_OWN_NUMBER = 10_001

_FORMATS = ("GOOGET", "CONDA")
_MODES = ("AOSS_REPOSITORY", "ASSURED_OSS_REPOSITORY")
_PLATFORM_LOGS = {
    "LoggingState": ("LOGGING_STATE_UNSPECIFIED", "ENABLED", "DISABLED"),
    "SeverityLevel": (
        "SEVERITY_LEVEL_UNSPECIFIED",
        "DEBUG",
        "INFO",
        "NOTICE",
        "WARNING",
        "ERROR",
        "CRITICAL",
        "ALERT",
        "EMERGENCY",
    ),
}


def _extended() -> Any:
    file = descriptor_pb2.FileDescriptorProto()
    repository.Repository.pb().DESCRIPTOR.file.CopyToProto(file)
    package = f".{_PACKAGE}"
    by_name = {message.name: message for message in file.message_type}
    enums = {enum.name: enum for enum in by_name["Repository"].enum_type}
    _add_values(enums["Format"], _FORMATS)
    _add_values(enums["Mode"], _MODES)
    _add_platform_logs(file.message_type.add(name="PlatformLogsConfig"), package)
    _add_field(by_name["Repository"], "platform_logs_config", f"{package}.PlatformLogsConfig")
    file.message_type.add(name="NoCacheFetching")
    _add_field(by_name["RemoteRepositoryConfig"], "no_cache", f"{package}.NoCacheFetching")
    return file


def _add_values(enum: Any, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names, start=_FIRST_OWN_NUMBER):
        enum.value.add(name=name, number=number)


def _add_field(message: Any, name: str, type_name: str) -> None:
    message.field.add(
        name=name, number=_FIRST_OWN_NUMBER, label=1, type=_MESSAGE, type_name=type_name
    )


def _add_platform_logs(message: Any, package: str) -> None:
    for number, (name, values) in enumerate(_PLATFORM_LOGS.items(), start=1):
        enum = message.enum_type.add(name=name)
        for value_number, value in enumerate(values):
            enum.value.add(name=value, number=value_number)
        field = "logging_state" if name == "LoggingState" else "severity_level"
        type_name = f"{package}.PlatformLogsConfig.{name}"
        message.field.add(name=field, number=number, label=1, type=_ENUM, type_name=type_name)


MESSAGES = add_file(_extended()) | define(_PACKAGE, "message OperationMetadata {}")
"""Message classes by name, as the `module:Class` references of the method table find them."""
