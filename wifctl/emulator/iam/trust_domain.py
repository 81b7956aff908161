"""Pools in trust-domain mode: certificate issuance, trust bundles."""

from __future__ import annotations

from datetime import timedelta

from wifctl.emulator.errors import Json, invalid

MAX_TRUST_BUNDLES = 10
"""Trust domains in `inlineTrustConfig.additionalTrustBundles`."""
_LIFETIME = (timedelta(hours=24), timedelta(days=30))
_ROTATION = (50, 80)
_DEFAULTS = {
    "lifetime": "86400s",
    "rotationWindowPercentage": 50,
    "keyAlgorithm": "ECDSA_P256",
}


def check_trust_domain(pool: Json) -> None:
    """Limits of `inlineCertificateIssuanceConfig` and `inlineTrustConfig`."""
    config = pool.get("inlineCertificateIssuanceConfig")
    if config is not None:
        _check_issuance(config)
    bundles = pool.get("inlineTrustConfig", {}).get("additionalTrustBundles", {})
    if len(bundles) > MAX_TRUST_BUNDLES:
        raise invalid(
            f"additionalTrustBundles must not have more than {MAX_TRUST_BUNDLES} trust domains."
        )


def with_issuance_defaults(pool: Json) -> Json:
    """The pool with the fields the server fills."""
    config = pool.get("inlineCertificateIssuanceConfig")
    if config is None:
        return pool
    return {**pool, "inlineCertificateIssuanceConfig": {**_DEFAULTS, **config}}


def _check_issuance(config: Json) -> None:
    if bool(config.get("caPools")) == bool(config.get("useDefaultSharedCa")):
        raise invalid("Exactly one of caPools and useDefaultSharedCa must be set.")
    lifetime = timedelta(seconds=float(config.get("lifetime", "86400s").removesuffix("s")))
    if not _LIFETIME[0] <= lifetime <= _LIFETIME[1]:
        raise invalid("lifetime must be between 24 hours and 30 days.")
    share = config.get("rotationWindowPercentage", _ROTATION[0])
    if not _ROTATION[0] <= share <= _ROTATION[1]:
        raise invalid("rotationWindowPercentage must be between 50 and 80.")
