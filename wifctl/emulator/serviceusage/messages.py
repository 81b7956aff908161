"""The messages of Service Usage v1 and of v1beta1's service identities."""

from __future__ import annotations

from wifctl.emulator.protos import define

_V1 = """
enum State { STATE_UNSPECIFIED = 0; DISABLED = 1; ENABLED = 2; }
message ServiceConfig { string name = 1; string title = 2; }
message Service { string name = 1; string parent = 5; ServiceConfig config = 2; State state = 4; }
message OperationMetadata { repeated string resource_names = 2; }

message EnableServiceRequest { string name = 1; }
message EnableServiceResponse { Service service = 1; }
message DisableServiceRequest {
  string name = 1;
  bool disable_dependent_services = 2;
  CheckIfServiceHasUsage check_if_service_has_usage = 3;
  enum CheckIfServiceHasUsage {
    CHECK_IF_SERVICE_HAS_USAGE_UNSPECIFIED = 0; SKIP = 1; CHECK = 2;
  }
}
message DisableServiceResponse { Service service = 1; }
message GetServiceRequest { string name = 1; }
message ListServicesRequest {
  string parent = 1; int32 page_size = 2; string page_token = 3; string filter = 4;
}
message ListServicesResponse { repeated Service services = 1; string next_page_token = 2; }
message BatchEnableServicesRequest { string parent = 1; repeated string service_ids = 2; }
message BatchEnableServicesResponse {
  repeated Service services = 1;
  repeated EnableFailure failures = 2;
  message EnableFailure { string service_id = 1; string error_message = 2; }
}
message BatchGetServicesRequest { string parent = 1; repeated string names = 2; }
message BatchGetServicesResponse { repeated Service services = 1; }
"""

_V1BETA1 = """
message GenerateServiceIdentityRequest { string parent = 1; }
message ServiceIdentity { string email = 1; string unique_id = 2; }
"""

MESSAGES = define("google.api.serviceusage.v1", _V1) | define(
    "google.api.serviceusage.v1beta1", _V1BETA1
)
"""Message classes by name, as the `module:Class` references of the method table find them."""
