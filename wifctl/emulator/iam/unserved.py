"""Documented methods of the IAM API that the emulator does not serve: 501, named."""

from __future__ import annotations

from pathlib import Path

from wifctl.emulator.documented import unserved_methods

METHODS = unserved_methods(Path(__file__).with_suffix(".txt"), "google.iam.admin.v1.IAM")
