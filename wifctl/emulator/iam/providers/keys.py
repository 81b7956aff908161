"""…providers.keys: encryption keys of SAML providers; generated here, never patched."""

from __future__ import annotations

from datetime import datetime, timedelta

from wifctl.emulator.clock import format_time
from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.iam.common import (
    KEY,
    MESSAGES,
    OPERATION_MESSAGE,
    PROVIDER,
    active,
    delete,
    free_name,
    get_operation,
    listed,
    read,
    start,
    undelete,
)
from wifctl.emulator.paging import page
from wifctl.emulator.service import Context, Handler, Method, Route

MAX_PAGE = 10
"""The page size asked for is cut to this; without one, all keys come."""
LIFETIME = timedelta(days=5 * 365)
"""How long a key's certificate is valid: not documented, chosen here."""

_ID = "iam.projects.locations.workloadIdentityPools.providers.keys"
_COLLECTION = "/v1/{parent=projects/*/locations/*/workloadIdentityPools/*/providers/*}/keys"
_ONE = "/v1/{name=projects/*/locations/*/workloadIdentityPools/*/providers/*/keys/*}"
_BITS = {"RSA_2048": 2048, "RSA_3072": 3072, "RSA_4096": 4096}


def _create(context: Context, request: Json) -> Json:
    provider_name, provider = active(context, PROVIDER, request.get("parent", ""), "get")
    if "saml" not in provider:
        raise invalid("Keys are supported for SAML providers only.")
    sent = request.get("workloadIdentityPoolProviderKey", {})
    spec = sent.get("keyData", {}).get("keySpec", "")
    if sent.get("use") != "ENCRYPTION":
        raise invalid("The key use is required and must be ENCRYPTION.")
    if spec not in _BITS:
        raise invalid("The key spec is required and must be RSA_2048, RSA_3072 or RSA_4096.")
    key_id = request.get("workloadIdentityPoolProviderKeyId", "")
    what = "workloadIdentityPoolProviderKeyId"
    name = free_name(context, KEY, f"{provider_name}/keys", key_id, what)
    data = _generated(spec, context.clock.now())
    key = {"name": name, "use": "ENCRYPTION", "state": "ACTIVE", "keyData": data}
    context.store.put(KEY.store, name, key)
    return start(context, name)


def _get(context: Context, request: Json) -> Json:
    return read(context, KEY, request.get("name", ""), "get")[1]


def _list(context: Context, request: Json) -> Json:
    provider_name, _provider = read(context, PROVIDER, request.get("parent", ""), "get")
    collection = f"{provider_name}/keys"
    found = listed(context, KEY, collection, deleted=request.get("showDeleted", False))
    default = max(len(found), 1)
    maximum = MAX_PAGE if request.get("pageSize") else default
    keys, token = page(found, request, default=default, maximum=maximum, scope=collection)
    return {"workloadIdentityPoolProviderKeys": list(keys), "nextPageToken": token}


def _delete(context: Context, request: Json) -> Json:
    return delete(context, KEY, request.get("name", ""))


def _undelete(context: Context, request: Json) -> Json:
    return undelete(context, KEY, request.get("name", ""))


def _generated(spec: str, now: datetime) -> Json:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS[spec])
    start_time = now.replace(microsecond=0)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wifctl emulator")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start_time)
        .not_valid_after(start_time + LIFETIME)
        .sign(private, hashes.SHA256())
    )
    return {
        "format": "RSA_X509_PEM",
        "keySpec": spec,
        "key": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "notBeforeTime": format_time(start_time),
        "notAfterTime": format_time(start_time + LIFETIME),
    }


def _method(verb: str, route: Route, handler: Handler, request: str, response: str = "") -> Method:
    return Method(
        id=f"{_ID}.{verb}",
        routes=(route,),
        handler=handler,
        request=f"{MESSAGES}:{request}",
        response=f"{MESSAGES}:{response}" if response else OPERATION_MESSAGE,
        permission=f"{KEY.permission}.{verb}",
        write=not response,
    )


_SENT = "workloadIdentityPoolProviderKey"

METHODS: tuple[Method, ...] = (
    _method("create", Route("POST", _COLLECTION, _SENT), _create, "CreateKeyRequest"),
    _method("get", Route("GET", _ONE), _get, "NameRequest", "WorkloadIdentityPoolProviderKey"),
    _method("list", Route("GET", _COLLECTION), _list, "ListRequest", "ListKeysResponse"),
    _method("delete", Route("DELETE", _ONE), _delete, "NameRequest"),
    _method("undelete", Route("POST", f"{_ONE}:undelete", "*"), _undelete, "NameRequest"),
    Method(
        id=f"{_ID}.operations.get",
        routes=(Route("GET", _ONE.replace("}", "/operations/*}")),),
        handler=get_operation,
        request=f"{MESSAGES}:NameRequest",
        response=OPERATION_MESSAGE,
    ),
)
