"""Messages the published package lacks a field of: what the discovery document knows besides."""

from __future__ import annotations

from wifctl.emulator.protos import define

MESSAGES = define(
    "google.iam.credentials.v1",
    """
    message GenerateIdTokenRequest {
      string name = 1;
      repeated string delegates = 2;
      string audience = 3;
      bool include_email = 4;
      bool organization_number_included = 100; // the real number is not published
    }
    """,
)
