// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

type Row = readonly [type: string, before: string, after: string, codes: string];
const P = "protection-off";

const ROWS: readonly Row[] = [
  ["google_storage_bucket", "uniform_bucket_level_access = true", "uniform_bucket_level_access = false", P],
  [
    "google_storage_bucket",
    'public_access_prevention = "enforced"',
    'public_access_prevention = "inherited"',
    P,
  ],
  [
    "google_sql_database_instance",
    "settings {\n backup_configuration {\n point_in_time_recovery_enabled = true\n}\n}",
    "settings {\n backup_configuration {\n point_in_time_recovery_enabled = false\n}\n}",
    P,
  ],
  [
    "google_sql_database_instance",
    'settings {\n ip_configuration {\n ssl_mode = "ENCRYPTED_ONLY"\n}\n}',
    'settings {\n ip_configuration {\n ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"\n}\n}',
    P,
  ],
  [
    "google_sql_database_instance",
    "settings {\n ip_configuration {\n ipv4_enabled = false\n}\n}",
    "settings {\n ip_configuration {\n ipv4_enabled = true\n}\n}",
    "isolation-lost",
  ],
  [
    "google_compute_instance",
    "shielded_instance_config {\n enable_secure_boot = true\n}",
    "shielded_instance_config {\n enable_secure_boot = false\n}",
    P,
  ],
  ["google_compute_ssl_policy", 'min_tls_version = "TLS_1_2"', 'min_tls_version = "TLS_1_0"', P],
  ["google_compute_backend_service", "security_policy = google_compute_security_policy.a.id", "", P],
  ["google_compute_subnetwork", 'log_config {\n metadata = "INCLUDE_ALL_METADATA"\n}', "", "audit-off"],
  [
    "google_container_cluster",
    "enable_legacy_abac = false",
    "enable_legacy_abac = true",
    "privilege-widened protection-off",
  ],
  [
    "google_container_cluster",
    "private_cluster_config {\n enable_private_nodes = true\n}",
    "private_cluster_config {\n enable_private_nodes = false\n}",
    "isolation-lost",
  ],
  [
    "google_container_cluster",
    'database_encryption {\n state = "ENCRYPTED"\n}',
    'database_encryption {\n state = "DECRYPTED"\n}',
    P,
  ],
  [
    "google_container_cluster",
    "network_policy {\n enabled = true\n}",
    "network_policy {\n enabled = false\n}",
    P,
  ],
  [
    "google_container_cluster",
    'master_authorized_networks_config {\n cidr_blocks {\n cidr_block = "203.0.113.0/24"\n}\n}',
    "",
    "cidr-opened",
  ],
  [
    "google_cloud_run_v2_service",
    'ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"',
    'ingress = "INGRESS_TRAFFIC_ALL"',
    "isolation-lost",
  ],
  [
    "google_cloudfunctions_function",
    'ingress_settings = "ALLOW_INTERNAL_ONLY"',
    'ingress_settings = "ALLOW_ALL"',
    "isolation-lost",
  ],
  ["google_kms_crypto_key", 'rotation_period = "7776000s"', 'rotation_period = "31536000s"', P],
  ["google_kms_crypto_key", 'rotation_period = "7776000s"', "", P],
  ["google_bigquery_dataset", "delete_contents_on_destroy = false", "delete_contents_on_destroy = true", P],
  ["google_redis_instance", "auth_enabled = true", "auth_enabled = false", P],
  ["google_dns_managed_zone", 'dnssec_config {\n state = "on"\n}', 'dnssec_config {\n state = "off"\n}', P],
  ["google_logging_project_bucket_config", "retention_days = 365", "retention_days = 30", "audit-off"],
  ["google_logging_project_sink", "disabled = false", "disabled = true", "audit-off"],
  [
    "google_iam_workload_identity_pool_provider",
    "attribute_condition = \"assertion.repository == 'a'\"",
    "",
    "privilege-widened",
  ],
  ["google_compute_instance", "can_ip_forward = false", "can_ip_forward = true", "isolation-lost"],
  [
    "cloudflare_zone_settings_override",
    'settings {\n ssl = "strict"\n}',
    'settings {\n ssl = "flexible"\n}',
    P,
  ],
  [
    "cloudflare_zone_settings_override",
    'settings {\n always_use_https = "on"\n}',
    'settings {\n always_use_https = "off"\n}',
    P,
  ],
  [
    "cloudflare_zone_settings_override",
    'settings {\n min_tls_version = "1.2"\n}',
    'settings {\n min_tls_version = "1.0"\n}',
    P,
  ],
  ["github_branch_protection", "enforce_admins = true", "enforce_admins = false", P],
  [
    "github_branch_protection",
    "required_pull_request_reviews {\n required_approving_review_count = 2\n}",
    "required_pull_request_reviews {\n required_approving_review_count = 0\n}",
    P,
  ],
  [
    "github_branch_protection",
    "required_pull_request_reviews {\n required_approving_review_count = 2\n}",
    "",
    P,
  ],
  ["github_branch_protection", "allows_force_pushes = false", "allows_force_pushes = true", P],
  ["github_repository", "vulnerability_alerts = true", "vulnerability_alerts = false", P],
  [
    "github_repository",
    'visibility = "private"',
    'visibility = "public"',
    "isolation-lost wildcard-principal",
  ],
  ["github_repository_ruleset", 'enforcement = "active"', 'enforcement = "disabled"', P],
  [
    "github_actions_repository_permissions",
    'allowed_actions = "selected"',
    'allowed_actions = "all"',
    "untrusted-code",
  ],
  ["github_team_repository", 'permission = "pull"', 'permission = "admin"', "privilege-widened"],
  ["github_repository_deploy_key", "read_only = true", "read_only = false", "privilege-widened"],
  [
    "github_repository_webhook",
    "configuration {\n insecure_ssl = false\n}",
    "configuration {\n insecure_ssl = true\n}",
    P,
  ],
];

describe("a guard that Google, Cloudflare or GitHub's documentation names", () => {
  it.each(ROWS)("%s: %s → %s is %s", (type, before, after, expected) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(expected);
  });

  it.each(ROWS.filter(([, , after, expected]) => after !== "" && expected !== ""))(
    "%s: back from %3$s is no danger",
    (type, before, after) => {
      expect(codesOf("a.tf", block(type, after), block(type, before))).toBe("");
    },
  );
});
