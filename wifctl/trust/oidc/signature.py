"""OIDC-1 to OIDC-6: where the keys come from, which may be tried, and whether one fits."""

from __future__ import annotations

import json
from dataclasses import dataclass

from wifctl.trust import refusals
from wifctl.trust.oidc.issuer import discovery_problem, discovery_url, document_fits
from wifctl.trust.oidc.jwks import Jwk, check_uploaded, read_jwks
from wifctl.trust.oidc.rules import BOOK
from wifctl.trust.oidc.token import ParsedToken
from wifctl.trust.provider import JudgeContext, ProviderConfig
from wifctl.trust.verdict import Outcome, Verdict

ALGORITHMS = ("RS256", "ES256")
MIN_RSA_BITS = 2048
_NOT_READ = "the issuer's keys were not read"


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """The verdicts on the issuer, its keys (None when nobody has them) and the published name."""

    verdicts: tuple[Verdict, ...]
    keys: tuple[Jwk, ...] | None = None
    issuer: str = ""


def issuer_keys(provider: ProviderConfig, context: JudgeContext) -> IssuerKeys:
    """Read the keys a provider trusts: its uploaded ones, else the issuer's published ones."""
    if provider.jwks_json:
        return _uploaded(provider)
    url = discovery_url(provider.issuer_uri, provider.discovery_uri)
    problem = discovery_problem(provider.issuer_uri, provider.discovery_uri)
    first = BOOK.judge(
        "OIDC-1",
        not problem,
        found=f"{url}: {problem}" if problem else url,
        hint="give the provider the issuer's exact https URL",
        refusal=refusals.ISSUER_UNREACHABLE,
    )
    published = context.discover(url)
    if published is None:
        hint = "hand the keys in (a JWKS file), or ask the live service"
        unread = [
            BOOK.unknown(rule, found=url, note=_NOT_READ, hint=hint)
            for rule in ("OIDC-2", "OIDC-3")
        ]
        return IssuerKeys((first, *unread))
    if published.error:
        refusal = refusals.ISSUER_UNREACHABLE
        failed = BOOK.judge("OIDC-3", False, found=published.error, refusal=refusal)
        return IssuerKeys((first, BOOK.skipped("OIDC-2", published.error), failed))
    second = BOOK.judge(
        "OIDC-2",
        document_fits(provider.issuer_uri, published.issuer),
        found=published.issuer,
        wanted=provider.issuer_uri,
        hint="issuerUri must be spelled exactly as the document's issuer",
        refusal=refusals.ISSUER_UNREACHABLE,
    )
    third, keys = _read(published.jwks_json)
    return IssuerKeys((first, second, third), keys, published.issuer)


def _uploaded(provider: ProviderConfig) -> IssuerKeys:
    why = "the provider holds uploaded keys, so nothing is fetched"
    skipped = (BOOK.skipped("OIDC-1", why), BOOK.skipped("OIDC-2", why))
    third, keys = _read(provider.jwks_json)
    notes = tuple(problem.message for problem in check_uploaded(provider.jwks_json))
    if notes and third.outcome is Outcome.PASS:
        third = BOOK.judge("OIDC-3", True, found=third.found, notes=notes)
    return IssuerKeys((*skipped, third), keys)


def _read(text: str) -> tuple[Verdict, tuple[Jwk, ...] | None]:
    try:
        keys = read_jwks(text)
    except ValueError as error:
        refusal = refusals.ISSUER_UNREACHABLE
        found = f"the key set {error}"
        return BOOK.judge("OIDC-3", False, found=found, refusal=refusal), ()
    found = f"{len(keys)} usable keys: {', '.join(str(key.kid) for key in keys)}"
    return BOOK.judge("OIDC-3", bool(keys), found=found, refusal=refusals.ISSUER_UNREACHABLE), keys


def judge_signature(token: ParsedToken, keys: tuple[Jwk, ...] | None) -> tuple[Verdict, ...]:
    """OIDC-4, OIDC-5 and OIDC-6 of one token; without keys the first two cannot be told."""
    algorithm = judge_algorithm(token)
    if keys is None:
        return (*(BOOK.unknown(rule, note=_NOT_READ) for rule in ("OIDC-4", "OIDC-5")), algorithm)
    kid = token.header.get("kid")
    named = [key for key in keys if kid is None or key.kid == kid]
    selected = BOOK.judge(
        "OIDC-4",
        bool(named),
        found="no kid: every key is tried" if kid is None else _shown(kid),
        wanted=", ".join(str(key.kid) for key in keys),
        notes=("Google's reference lists kid as a required header member",) if kid is None else (),
        hint="the key set is older than the token's key, or the token is another issuer's",
        refusal=refusals.ISSUER_UNREACHABLE,
    )
    if not named:
        return selected, BOOK.skipped("OIDC-5", "no key has that kid"), algorithm
    return selected, _verified(token, named), algorithm


def judge_algorithm(token: ParsedToken) -> Verdict:
    """OIDC-6: alg is one of two, and no critical extension is asked for."""
    alg, critical = token.header.get("alg"), "crit" in token.header
    found = f"{_shown(alg)}, with crit" if critical else _shown(alg)
    return BOOK.judge(
        "OIDC-6",
        alg in ALGORITHMS and not critical,
        found=found,
        wanted=" or ".join(ALGORITHMS),
        hint="let the issuer sign with RS256 or ES256",
    )


def _verified(token: ParsedToken, keys: list[Jwk]) -> Verdict:
    alg = token.header.get("alg")
    usable = [key for key in keys if isinstance(alg, str) and key.fits(alg)]
    if not usable or not isinstance(alg, str):
        found = f"no key of the right type for {_shown(alg)}"
        return BOOK.judge("OIDC-5", False, found=found, refusal=refusals.ISSUER_UNREACHABLE)
    fitting = next((key for key in usable if _verifies(token, key, alg)), None)
    if fitting is None:
        found = f"signed by another key than {', '.join(str(key.kid) for key in usable)}"
        return BOOK.judge("OIDC-5", False, found=found, refusal=refusals.BAD_SIGNATURE)
    notes = _weakness(fitting)
    return BOOK.judge("OIDC-5", True, found=f"key {fitting.kid}, {alg}", notes=notes)


def _weakness(key: Jwk) -> tuple[str, ...]:
    if key.kty == "RSA" and key.bits < MIN_RSA_BITS:
        return (f"the RSA key has only {key.bits} bits",)
    return ()


def _verifies(token: ParsedToken, key: Jwk, alg: str) -> bool:
    """Verify with exactly one key under exactly one algorithm; the header is not read again."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt.algorithms import ECAlgorithm, RSAAlgorithm
    from jwt.exceptions import InvalidKeyError

    jwk = {"kty": key.kty, **key.material}
    try:
        if alg == "RS256":
            rsa = RSAAlgorithm(RSAAlgorithm.SHA256)
            public = RSAAlgorithm.from_jwk(jwk)
            if not isinstance(public, RSAPublicKey):
                return False
            return rsa.verify(token.signing_input, public, token.signature)
        elliptic = ECAlgorithm(ECAlgorithm.SHA256)
        return elliptic.verify(token.signing_input, ECAlgorithm.from_jwk(jwk), token.signature)
    except (InvalidKeyError, ValueError, TypeError, OverflowError):
        return False


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
