"""How each API words a missing permission or scope."""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, Json, denied, error_info
from wifctl.emulator.projects import forbidden

_DENIED = "IAM_PERMISSION_DENIED"


def no_permission(permission: str, service: str, resource: str) -> ApiError:
    """PERMISSION_DENIED as the service says it; `resource` is the name in the request."""
    match service:
        case "secretmanager.googleapis.com":
            return _secret_manager(permission, resource)
        case "iamcredentials.googleapis.com":
            return no_impersonation(permission)
        case "cloudresourcemanager.googleapis.com":
            return forbidden()
        case "serviceusage.googleapis.com":
            return _service_usage(permission, resource)
        case "iam.googleapis.com" if permission.startswith("iam.serviceAccounts."):
            return _accounts(permission, resource)
        case _:
            return denied(permission, f"//{service}/{resource}")


def no_impersonation(permission: str) -> ApiError:
    """The Service Account Credentials API never says of which account, nor whether there is one."""
    info = error_info(_DENIED, "iam.googleapis.com", {"permission": permission})
    message = f"Permission '{permission}' denied on resource (or it may not exist)."
    return ApiError("PERMISSION_DENIED", message, details=(info,))


def no_scope(service: str, method: str) -> ApiError:
    """The token was made for something else."""
    metadata = {"service": service, "method": method.replace("/", ".")}
    info = error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", metadata)
    message = "Request had insufficient authentication scopes."
    return ApiError("PERMISSION_DENIED", message, details=(info,))


def _secret_manager(permission: str, resource: str) -> ApiError:
    metadata = {"permission": permission, "resource": resource}
    message = f"Permission '{permission}' denied for resource '{resource}' (or it may not exist)."
    info = error_info(_DENIED, "iam.googleapis.com", metadata)
    return ApiError("PERMISSION_DENIED", message, details=(info,))


def _accounts(permission: str, resource: str) -> ApiError:
    in_project = "/serviceAccounts" not in resource
    host = "cloudresourcemanager" if in_project else "iam"
    error = denied(permission, f"//{host}.googleapis.com/{resource}")
    return ApiError(error.status, error.message, "forbidden", error.details)


def _service_usage(permission: str, resource: str) -> ApiError:
    verb = permission.rpartition(".")[2]
    if "/services/" in resource:
        what = f"{verb} service [{resource.rpartition('/')[2]}]"
    else:
        what = f"{verb} services for consumer container [{resource}]"
    violation: Json = {"type": "googleapis.com", "subject": "110002"}
    precondition: Json = {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        "violations": [violation],
    }
    info = error_info("AUTH_PERMISSION_DENIED", "serviceusage.googleapis.com", {})
    return ApiError("PERMISSION_DENIED", f"Permission denied to {what}", "", (precondition, info))
