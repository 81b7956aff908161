"""The messages of projects in Resource Manager v3 and v1."""

from __future__ import annotations

from wifctl.emulator.protos import define

_V3 = """
message Project {
  string name = 1;
  string parent = 2;
  string project_id = 3;
  State state = 4;
  string display_name = 5;
  google.protobuf.Timestamp create_time = 6;
  google.protobuf.Timestamp update_time = 7;
  google.protobuf.Timestamp delete_time = 8;
  string etag = 9;
  map<string, string> labels = 10;
  // Documented, but not yet in the client library; the numbers are ours.
  map<string, string> tags = 10001;
  repeated string configured_capabilities = 10002;
  bool is_management_project = 10003;
  ManagementType management_type = 10004;
  enum State { STATE_UNSPECIFIED = 0; ACTIVE = 1; DELETE_REQUESTED = 2; }
}
enum ManagementType { MANAGEMENT_TYPE_UNSPECIFIED = 0; SELF_MANAGED = 1; HUB = 2; }
message GetProjectRequest { string name = 1; }
message ListProjectsRequest {
  string parent = 1; string page_token = 2; int32 page_size = 3; bool show_deleted = 4;
}
message ListProjectsResponse { repeated Project projects = 1; string next_page_token = 2; }
message SearchProjectsRequest { string query = 1; string page_token = 2; int32 page_size = 3; }
message SearchProjectsResponse { repeated Project projects = 1; string next_page_token = 2; }
message CreateProjectRequest { Project project = 1; }
message CreateProjectMetadata {
  google.protobuf.Timestamp create_time = 1; bool gettable = 2; bool ready = 3;
}
message UpdateProjectRequest { Project project = 1; google.protobuf.FieldMask update_mask = 2; }
message UpdateProjectMetadata {}
message MoveProjectRequest { string name = 1; string destination_parent = 2; }
message MoveProjectMetadata {}
message DeleteProjectRequest { string name = 1; }
message DeleteProjectMetadata {}
message UndeleteProjectRequest { string name = 1; }
message UndeleteProjectMetadata {}
"""

_V1 = """
enum LifecycleState {
  LIFECYCLE_STATE_UNSPECIFIED = 0; ACTIVE = 1; DELETE_REQUESTED = 2; DELETE_IN_PROGRESS = 3;
}
enum ManagementType { MANAGEMENT_TYPE_UNSPECIFIED = 0; SELF_MANAGED = 1; HUB = 2; }
message ResourceId { string type = 1; string id = 2; }
message Project {
  int64 project_number = 1;
  string project_id = 2;
  LifecycleState lifecycle_state = 3;
  string name = 4;
  google.protobuf.Timestamp create_time = 5;
  map<string, string> labels = 6;
  ResourceId parent = 7;
  map<string, string> tags = 8;
  repeated string configured_capabilities = 9;
  bool is_management_project = 10;
  ManagementType management_type = 11;
}
message V1GetProjectRequest { string project_id = 1; }
message V1UpdateProjectRequest { string project_id = 1; Project project = 2; }
message V1CreateProjectRequest { Project project = 1; }
message V1ListProjectsRequest { string page_token = 1; int32 page_size = 2; string filter = 3; }
message V1ListProjectsResponse { repeated Project projects = 1; string next_page_token = 2; }
message ProjectCreationStatus {
  google.protobuf.Timestamp create_time = 1; bool gettable = 2; bool ready = 3;
}
message Ancestor { ResourceId resource_id = 1; }
message GetAncestryResponse { repeated Ancestor ancestor = 1; }
"""

_v1 = define("google.cloudresourcemanager.v1", _V1)
MESSAGES = define("google.cloud.resourcemanager.v3", _V3) | {
    name if name.startswith("V1") else f"V1{name}": message for name, message in _v1.items()
}
"""Message classes by name, as the `module:Class` references find them; v1's begin with `V1`."""
