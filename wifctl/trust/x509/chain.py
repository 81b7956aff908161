"""From a client certificate to a trust anchor. Revocation is not looked at: nothing is fetched.

The client certificate may lack alternative names and extended key usage, as the one in Google's
own guide does, so the library's web defaults are replaced by what the guide asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509 import verification

from wifctl.trust.x509.certificates import name_of

_DEPTH = 32
"""More intermediates than Google allows, so that a long chain is found and then counted."""


def build_chain(
    leaf: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    now: datetime,
) -> tuple[x509.Certificate, ...] | str:
    """The chain, leaf and anchor included, or why there is none.

    The leaf's own dates do not matter here: outside them, the nearest moment within is used.
    """
    if not anchors:
        return "the trust store has no trust anchor that can be used"
    moment = min(max(now, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    policy = (
        verification.PolicyBuilder()
        .store(verification.Store(list(anchors)))
        .time(moment)
        .max_chain_depth(_DEPTH)
        .extension_policies(
            ca_policy=_authority(), ee_policy=verification.ExtensionPolicy.permit_all()
        )
    )
    try:
        verified = policy.build_client_verifier().verify(leaf, list(intermediates))
    except verification.VerificationError as error:
        return _missing_link(leaf, [*intermediates, *anchors]) or _reason(error)
    return tuple(verified.chain)


def _authority() -> verification.ExtensionPolicy:
    return (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
        .may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _signs_certificates)
    )


def _signs_certificates(
    _policy: verification.Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError(f"{name_of(certificate)} may not sign certificates (keyUsage)")


def _missing_link(leaf: x509.Certificate, known: Sequence[x509.Certificate]) -> str:
    """The issuer nobody knows, when the walk from the leaf ends at one."""
    by_subject = {item.subject: item for item in known}
    current, seen = leaf, set[x509.Name]()
    while current.issuer != current.subject and current.issuer not in seen:
        seen.add(current.issuer)
        issuer = by_subject.get(current.issuer)
        if issuer is None:
            return f"nobody here is the issuer {current.issuer.rfc4514_string()}"
        current = issuer
    return ""


def _reason(error: verification.VerificationError) -> str:
    return str(error).splitlines()[0].removeprefix("validation failed: ")[:300]
