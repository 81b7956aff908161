"""Security Token Service: the table of its methods, as sts.v1 documents them.

`introspect` is no part of the discovery document; RFC 7662 and gcloud say how it is called.
"""

from __future__ import annotations

from wifctl.emulator.errors import Json
from wifctl.emulator.service import Context, Method, Route, Service, unserved
from wifctl.emulator.sts.introspect import introspect
from wifctl.emulator.sts.refusals import oauth_error

_POOLS = "locations.workloadIdentityPools"
_PUBLISHED = (
    ("openid.getJwks", "openid/jwks"),
    ("well-known.getOpenid-configuration", ".well-known/openid-configuration"),
)
"""Of pools for agents and managed workloads, which are not served."""


def _exchange(context: Context, body: Json) -> Json:
    """The trust engine is loaded with the first token."""
    from wifctl.emulator.sts.exchange import exchange

    return exchange(context, body)


def _pool(owner: str) -> str:
    return f"/v1/{{name={owner}/*/locations/*/workloadIdentityPools/*}}"


SERVICE = Service(
    name="sts.googleapis.com",
    methods=(
        Method(
            "sts.token",
            (Route("POST", "/v1/token", "*"), Route("POST", "/v1beta/token", "*")),
            _exchange,
            response="",
            resource="audience",
            public=True,
            form=True,
            write=True,
        ),
        Method(
            "sts.introspect",
            (Route("POST", "/v1/introspect", "*"),),
            introspect,
            response="",
            public=True,
            form=True,
        ),
        *(
            unserved(f"sts.{owner}.{_POOLS}.{verb}", Route("GET", f"{_pool(owner)}/{path}"))
            for owner in ("projects", "organizations")
            for verb, path in _PUBLISHED
        ),
    ),
    error_style=oauth_error,
)
