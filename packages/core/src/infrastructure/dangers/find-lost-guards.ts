// SPDX-License-Identifier: Apache-2.0
import type { DangerCode } from "../resource.ts";
import type { Attribute, AttributeChange, ChangeView } from "./change-view.ts";

/** Blocks and references whose mere presence guards something, by the code of their loss. */
const GUARDS: ReadonlyMap<string, DangerCode> = new Map(
  (
    [
      [
        "protection-off",
        "encryption_configuration server_side_encryption server_side_encryption_configuration server_side_encryption_rule encryption_config encryption_info encryption_at_rest_options encrypt_at_rest encryption bucket_encryption sse_specification customer_managed_key customer_managed_encryption kms_key_id kms_key_arn kms_master_key_id kms_key_name disk_encryption_set_id disk_encryption_key database_encryption default_kms_key_name key_vault_key_id web_acl_id web_acl_arn web_acl_name web_application_firewall_policy_link_id waf_configuration waf_policy security_policy edge_security_policy cloud_armor code_signing_config_arn code_signing_config iap auth_settings auth_settings_v2 authorizer_id authorizer auth authn authentication authorization default_authorizer authenticate_oidc authenticate_cognito jwt jwt_rules oidc oidc_config object_lock_configuration retention_policy delete_retention_policy container_delete_retention_policy soft_delete_policy backup backups backup_policy backup_configuration backup_config backup_retention_settings continuous_backup password_policy settings_password_policy required_pull_request_reviews required_status_checks required_reviewers reviewers deployment_branch_policy push_restrictions restrictions ddos_protection_plan workload_identity_config binary_authorization shielded_instance_config shielded_vm_config trust_policy network_policy network_policy_config deployment_circuit_breaker tls tls_config client_tls_policy server_tls_policy mutual_authentication mutual_tls_authentication vulnerability_scanning image_scanning_configuration limit_range lock lock_configuration redrive_policy dead_letter_config dead_letter_queue dead_letter_policy admission_policy rotation_rules rotation verify conditional_access geo_restriction auth_url auth_secret auth_tls_secret middlewares plugins_auth threat_protection advanced_security_options node_to_node_encryption domain_endpoint_options content_trust policy_settings backend_tls m_tls mtls allow_list_policy validation_context combined_validation_context match_typed_subject_alt_names ca_certificates client_ca client_ca_file client_validation trusted_ca subject_alt_names jwt_authn signature_keys api_key_required requirepass copy_action copy_actions wafv2_acl_arn waf_acl_id audiences allowed_audiences auth_token pkce_code_challenge_method encryption_provider_config tls_cert_file kubelet_certificate_authority etcd_cafile prevent_destroy sync_windows restrict_pushes origin_access_control_id origin_access_control origin_access_identity s3_origin_config trusted_key_groups trusted_signers response_headers_policy_id field_level_encryption_id rate_limit rate_limiting throttle",
      ],
      [
        "audit-off",
        "logging logging_config logging_configuration log_config log_configuration access_logs access_log access_logs_config access_log_settings access_log_setting access_log_configuration access_logging_policy log_publishing_options enabled_cloudwatch_logs_exports enable_cloudwatch_logs_exports enabled_cluster_log_types cluster_logging cloudwatch_log_group_arn cloud_watch_logs_log_group_arn cloud_watch_logs_group_arn cloud_watch_logs_role_arn cloudwatch_logs log_delivery_configurations log_delivery_configuration oms_agent audit_policy extended_auditing_policy audit_log_config audit_log_configs audit_logs audit_log_path audit_policy_file audit_webhook_config_file access_log_policy enabled_log enabled_logs logs event_selector advanced_event_selector insight_selector diagnostics query_logging_config tracing_config alarm_actions ok_actions",
      ],
      [
        "cidr-opened",
        "ip_restriction scm_ip_restriction network_rules network_acls ip_range_filter master_authorized_networks_config authorized_ip_ranges api_server_authorized_ip_ranges api_server_access_profile public_access_cidrs allowed_ip_ranges whitelist_source_range allowlist_source_range",
      ],
      [
        "isolation-lost",
        "vpc_config vpc_configuration vpc_options private_cluster_config virtual_network_subnet_id delegated_subnet_id vpc_access vpc_connector private_network private_endpoint_connection",
      ],
      [
        "capacity-removed",
        "high_availability high_availability_config replica_configuration read_replicas autoscaling_policy",
      ],
      [
        "failover-changed",
        "auto_healing_policies health_check health_checks health_check_config health_check_configuration readiness_probe outlier_detection failover_policy failover_config failover_criteria failover_ratio",
      ],
      [
        "privilege-widened",
        "permissions_boundary_arn bound_claims bound_cidrs bound_audiences token_bound_cidrs bound_subject bound_iam_principal_arns attribute_condition source_arn source_account source_owner restricted_services",
      ],
    ] as const
  ).flatMap(([code, text]) => text.split(" ").map((name) => [name, code] as const)),
);

/** Where what is called alike is something else: an alias's zone, a login's settings. */
const NEEDS_NAME: ReadonlySet<string> = new Set([
  "auth",
  "authorization",
  "backup",
  "backups",
  "encryption",
  "lock",
  "tls",
  "verify",
  "rotation",
]);
/** What a program or a person reads, and nothing that guards. */
export const NO_GUARD =
  /(?:^|\.)(?:env|environment\.variables|environment_variables?|labels|tags?|tags_all|string_data)(?:\.|$)|^(?:variables|data|parameters|stage_variables)\./;

/** Names of annotations have dots and slashes of their own. */
const SEPARATOR = /[./]/;

/** The guard that a removed attribute was, or was a part of. */
export interface LostGuard {
  readonly code: DangerCode;
  /** Names on the way to it, its own included. */
  readonly path: string;
}

/** Guards that stood there before and of which nothing is left. */
export function findLostGuards(view: ChangeView, changes: readonly AttributeChange[]): readonly LostGuard[] {
  const found = new Map<string, LostGuard>();
  for (const change of changes) {
    if (!change.after.every(isNothing) || NO_GUARD.test(change.path) || change.before.every(isNothing))
      continue;
    const guard = guardsOn(change.path).find(({ path }) => !stands(view.after, path));
    if (guard !== undefined) found.set(guard.path, guard);
  }
  return [...found.values()];
}

/** The outermost guard that a path leads into. */
export function findGuard(path: string): LostGuard | undefined {
  return guardsOn(path)[0];
}

/** From the outside in. */
function guardsOn(path: string): readonly LostGuard[] {
  const guards: LostGuard[] = [];
  let end = 0;
  for (const [at, name] of path.split(SEPARATOR).entries()) {
    end += name.length + (at === 0 ? 0 : 1);
    const code = GUARDS.get(name);
    if (code !== undefined && !(NEEDS_NAME.has(name) && end === path.length && at === 0))
      guards.push({ code, path: path.slice(0, end) });
  }
  return guards;
}

function stands(after: readonly Attribute[], path: string): boolean {
  return after.some(
    (each) => (each.path === path && !isNothing(each.text)) || each.path.startsWith(`${path}.`),
  );
}

const isNothing = (text: string) => /^(?:|false|disabled|off|none|null|\{\}|\[\])$/i.test(text);
