"""Every service the emulator serves; the one place that lists them."""

from __future__ import annotations

import importlib

from wifctl.emulator.service import Service

MODULES: tuple[str, ...] = (
    "wifctl.emulator.iam.service",
    "wifctl.emulator.secretmanager.service",
    "wifctl.emulator.artifactregistry.service",
    "wifctl.emulator.serviceusage.service",
    "wifctl.emulator.resourcemanager.service",
    "wifctl.emulator.sts.service",
    "wifctl.emulator.iamcredentials.service",
    "wifctl.emulator.iamcredentials.certificates",
)
"""Modules that each hold a `SERVICE`."""


def services() -> tuple[Service, ...]:
    """Import and return all services."""
    return tuple(importlib.import_module(module).SERVICE for module in MODULES)
