"""The messages of workload identity pools, which no Google package carries (iam v1 discovery)."""

from __future__ import annotations

from wifctl.emulator.protos import define

_RESOURCES = """
message WorkloadIdentityPool {
  string name = 1;
  string display_name = 2;
  string description = 3;
  State state = 4;
  bool disabled = 5;
  google.protobuf.Timestamp expire_time = 6;
  Mode mode = 7;
  InlineCertificateIssuanceConfig inline_certificate_issuance_config = 8;
  InlineTrustConfig inline_trust_config = 9;
  enum Mode {
    MODE_UNSPECIFIED = 0; FEDERATION_ONLY = 1; TRUST_DOMAIN = 2; SYSTEM_TRUST_DOMAIN = 3;
  }
}
enum State { STATE_UNSPECIFIED = 0; ACTIVE = 1; DELETED = 2; }
message InlineCertificateIssuanceConfig {
  map<string, string> ca_pools = 1;
  google.protobuf.Duration lifetime = 2;
  int32 rotation_window_percentage = 3;
  KeyAlgorithm key_algorithm = 4;
  bool use_default_shared_ca = 5;
  enum KeyAlgorithm {
    KEY_ALGORITHM_UNSPECIFIED = 0; RSA_2048 = 1; RSA_3072 = 2; RSA_4096 = 3; ECDSA_P256 = 4;
    ECDSA_P384 = 5;
  }
}
message InlineTrustConfig { map<string, TrustStore> additional_trust_bundles = 1; }
message TrustStore {
  repeated TrustAnchor trust_anchors = 1;
  repeated IntermediateCA intermediate_cas = 2;
  bool trust_default_shared_ca = 3;
}
message TrustAnchor { string pem_certificate = 1; }
message IntermediateCA { string pem_certificate = 1; }
message WorkloadIdentityPoolProvider {
  string name = 1;
  string display_name = 2;
  string description = 3;
  State state = 4;
  bool disabled = 5;
  map<string, string> attribute_mapping = 6;
  string attribute_condition = 7;
  google.protobuf.Timestamp expire_time = 8;
  repeated string actor_providers = 9;
  oneof provider_config { Aws aws = 10; Oidc oidc = 11; Saml saml = 12; X509 x509 = 13; }
}
message Aws { string account_id = 1; }
message Oidc {
  string issuer_uri = 1;
  repeated string allowed_audiences = 2;
  string jwks_json = 3;
  string discovery_uri = 4;
}
message Saml { string idp_metadata_xml = 1; }
message X509 { TrustStore trust_store = 1; }
message WorkloadIdentityPoolProviderKey {
  string name = 1;
  State state = 2;
  google.protobuf.Timestamp expire_time = 3;
  KeyUse use = 4;
  KeyData key_data = 5;
  enum KeyUse { KEY_USE_UNSPECIFIED = 0; ENCRYPTION = 1; }
}
message KeyData {
  KeyFormat format = 1;
  google.protobuf.Timestamp not_before_time = 2;
  google.protobuf.Timestamp not_after_time = 3;
  string key = 4;
  KeySpec key_spec = 5;
  enum KeyFormat { KEY_FORMAT_UNSPECIFIED = 0; RSA_X509_PEM = 1; }
  enum KeySpec { KEY_SPEC_UNSPECIFIED = 0; RSA_2048 = 1; RSA_3072 = 2; RSA_4096 = 3; }
}
message AttestationRule { string google_cloud_resource = 1; }
"""

_REQUESTS = """
message NameRequest { string name = 1; }
message ListRequest { string parent = 1; int32 page_size = 2; string page_token = 3;
  bool show_deleted = 4; }
message CreatePoolRequest { string parent = 1; WorkloadIdentityPool workload_identity_pool = 2;
  string workload_identity_pool_id = 3; }
message UpdatePoolRequest { WorkloadIdentityPool workload_identity_pool = 1;
  google.protobuf.FieldMask update_mask = 2; }
message ListPoolsResponse { repeated WorkloadIdentityPool workload_identity_pools = 1;
  string next_page_token = 2; }
message CreateProviderRequest { string parent = 1;
  WorkloadIdentityPoolProvider workload_identity_pool_provider = 2;
  string workload_identity_pool_provider_id = 3; }
message UpdateProviderRequest { WorkloadIdentityPoolProvider workload_identity_pool_provider = 1;
  google.protobuf.FieldMask update_mask = 2; }
message ListProvidersResponse {
  repeated WorkloadIdentityPoolProvider workload_identity_pool_providers = 1;
  string next_page_token = 2; }
message CreateKeyRequest { string parent = 1;
  WorkloadIdentityPoolProviderKey workload_identity_pool_provider_key = 2;
  string workload_identity_pool_provider_key_id = 3; }
message ListKeysResponse {
  repeated WorkloadIdentityPoolProviderKey workload_identity_pool_provider_keys = 1;
  string next_page_token = 2; }
message AttestationRuleRequest { string resource = 1; AttestationRule attestation_rule = 2; }
message SetAttestationRulesRequest { string resource = 1;
  repeated AttestationRule attestation_rules = 2; }
message ListAttestationRulesRequest { string resource = 1; string filter = 2; int32 page_size = 3;
  string page_token = 4; }
message ListAttestationRulesResponse { repeated AttestationRule attestation_rules = 1;
  string next_page_token = 2; }
"""

MESSAGES = define("google.iam.v1", _RESOURCES + _REQUESTS)
"""Resource messages as in discovery, request messages by our own names."""
