"""IAM Service Account Credentials: the table of its methods, on both doors."""

from __future__ import annotations

from wifctl.emulator.errors import Json
from wifctl.emulator.iamcredentials.chain import SERVICE as NAME
from wifctl.emulator.iamcredentials.signing import sign_blob, sign_jwt
from wifctl.emulator.iamcredentials.tokens import generate_access_token, generate_id_token
from wifctl.emulator.service import Context, Handler, Method, Route, Service

NO_BOUNDARY: Json = {"encodedLocations": "0x0"}
"""What an account or pool without a regional access boundary answers."""

_ID = "iamcredentials.projects.serviceAccounts"
_RPC = "google.iam.credentials.v1.IAMCredentials"
_TYPES = "google.cloud.iam_credentials_v1.types"
_OWN = "wifctl.emulator.iamcredentials.messages"
_ACCOUNT = "/v1/{name=projects/*/serviceAccounts/*}"
_POOL = "/v1/{name=projects/*/locations/*/workloadIdentityPools/*}"
_WORKFORCE = "/v1/{name=locations/*/workforcePools/*}"


def _allowed_locations(_context: Context, _request: Json) -> Json:
    return NO_BOUNDARY


def _method(verb: str, handler: Handler, types: str = _TYPES) -> Method:
    rpc = verb[0].upper() + verb[1:]
    return Method(
        f"{_ID}.{verb}",
        (Route("POST", f"{_ACCOUNT}:{verb}", "*"),),
        handler,
        f"{types}:{rpc}Request",
        f"{_TYPES}:{rpc}Response",
        f"{_RPC}/{rpc}",
    )


def _locations(collection: str, template: str) -> Method:
    return Method(
        f"iamcredentials.{collection}.getAllowedLocations",
        (Route("GET", f"{template}/allowedLocations"),),
        _allowed_locations,
        response="",
        public=True,
    )


SERVICE = Service(
    name=NAME,
    methods=(
        _method("generateAccessToken", generate_access_token),
        _method("generateIdToken", generate_id_token, _OWN),
        _method("signBlob", sign_blob),
        _method("signJwt", sign_jwt),
        _locations("projects.serviceAccounts", _ACCOUNT),
        _locations("projects.locations.workloadIdentityPools", _POOL),
        _locations("locations.workforcePools", _WORKFORCE),
    ),
)
