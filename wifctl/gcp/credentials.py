"""Who wifctl is towards Google: Application Default Credentials, impersonation, quota project."""

from __future__ import annotations

import logging
from typing import Any

import google.auth
import google.auth.exceptions
from google.auth import credentials as auth
from google.auth import impersonated_credentials

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.gcp.session import refresh_request
from wifctl.gcp.target import Target

_NO_PROJECT_WARNING = "google.auth._default"
"""The logger that warns of credentials without a project; manifests say the project."""
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


def ready_credentials(target: Target) -> auth.Credentials:
    """Credentials that hold a token already. Blocks: it reads files and calls token servers.

    Refreshed here once: gRPC would refresh once for each of its first calls, and report a refusal
    as an outage (`libraries.md` §3.2).
    """
    logging.getLogger(_NO_PROJECT_WARNING).setLevel(logging.ERROR)
    try:
        # With scopes, federated credentials would at once ask Resource Manager for their project.
        found, _ = google.auth.default(request=refresh_request())
        scoped = auth.with_scopes_if_required(found, SCOPES)  # type: ignore[no-untyped-call]
        credentials = as_asked(scoped, target)
        credentials.refresh(refresh_request())  # type: ignore[no-untyped-call]
    except google.auth.exceptions.DefaultCredentialsError as error:
        raise _no_credentials(error) from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise _refused(error) from error
    _check_universe(credentials, target)
    return credentials


def caller_of(credentials: Any) -> str:
    """The IAM member behind credentials, or nothing where they do not say it.

    Of external identities without impersonation only the token's mapping knows the principal.
    """
    email = getattr(credentials, "service_account_email", None)
    if email and "@" in email:
        return f"serviceAccount:{email}"
    account = getattr(credentials, "account", None)
    return f"user:{account}" if account and "@" in account else ""


def as_asked(found: auth.Credentials, target: Target) -> auth.Credentials:
    """Credentials as the target wants them: impersonating, and billing a quota project."""
    credentials = _impersonated(found, target.impersonate) if target.impersonate else found
    if target.quota_project and isinstance(credentials, auth.CredentialsWithQuotaProject):
        billed: auth.Credentials = credentials.with_quota_project(  # type: ignore[no-untyped-call]
            target.quota_project
        )
        return billed
    return credentials


def _impersonated(source: auth.Credentials, chain: str) -> auth.Credentials:
    *delegates, account = [part.strip() for part in chain.split(",")]
    return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
        source_credentials=source,
        target_principal=account,
        target_scopes=list(SCOPES),
        delegates=delegates,
    )


def _check_universe(credentials: auth.Credentials, target: Target) -> None:
    if credentials.universe_domain != target.universe_domain:
        raise WifctlError(
            Diagnostic(
                "universe-mismatch",
                f"the credentials belong to the universe {credentials.universe_domain}, "
                f"not {target.universe_domain}",
                fix=f"pass --universe-domain {credentials.universe_domain}",
            )
        )


def _no_credentials(error: Exception) -> WifctlError:
    return WifctlError(
        Diagnostic(
            "no-credentials",
            f"no Google credentials: {_words(error)}",
            fix="run `gcloud auth application-default login`, or point "
            "GOOGLE_APPLICATION_CREDENTIALS to a credential configuration; "
            "`--local` needs none",
        )
    )


def _refused(error: Exception) -> WifctlError:
    return WifctlError(
        Diagnostic("credentials-refused", f"the credentials were refused: {_words(error)}")
    )


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
