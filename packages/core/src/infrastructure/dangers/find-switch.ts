// SPDX-License-Identifier: Apache-2.0
import type { DangerCode } from "../resource.ts";

/** An attribute that is on or off, and what its wrong position is called. */
export interface Switch {
  readonly code: DangerCode;
  /** Whether on is the safe position. */
  readonly isSafeOn: boolean;
  /** What the provider takes where nothing is written; so a line that goes may change nothing, or everything. */
  readonly isOnByDefault: boolean;
  /** Whether its wrong position is worth a word where the resource is new. */
  readonly isOfNew: boolean;
}

const ON_BY_DEFAULT = new Set(
  "https_traffic_only_enabled include_global_service_events enable_logging public_network_access_enabled allow_nested_items_to_be_public shared_access_key_enabled local_authentication_enabled local_auth_enabled endpoint_public_access ipv4_enabled automount_service_account_token allow_privilege_escalation enable_shielded_nodes enable_integrity_monitoring enable_vtpm certificate_name_check_enabled ssl_verify validate_certs gpgcheck verify_ssl host_users verify_signature".split(
    " ",
  ),
);

const names = (text: string): readonly string[] => text.split(" ");
const safeOn = (code: DangerCode, text: string) => names(text).map((name) => [name, code, true] as const);
const safeOff = (code: DangerCode, text: string) => names(text).map((name) => [name, code, false] as const);

/** What nearly every new resource has; to turn to it later is another matter. */
const USUAL = new Set(
  "delete_on_termination force_detach_policies auto_apply auto_apply_run_trigger allow_destroy_plan autodeploy auto_approve".split(
    " ",
  ),
);

/** What the words in a name do not tell, or tell wrongly. */
const EXACT: ReadonlyMap<string, readonly [DangerCode, boolean] | null> = new Map([
  ...[
    ...safeOn(
      "protection-off",
      "network_policy network_policies prevent_destroy disable_api_termination disable_api_stop retain_on_delete scan_on_push restrict_public_buckets block_public_acls block_public_policy ignore_public_acls public_access_prevention uniform_bucket_level_access enforce_workgroup_configuration enforce_admins dismiss_stale_reviews require_code_owner_reviews require_last_push_approval require_linear_history required_linear_history vulnerability_alerts web_commit_signoff_required two_factor_requirement enforce enforced expire_passwords require_lowercase_characters require_uppercase_characters require_numbers require_symbols require_lowercase require_uppercase always_use_https automatic_https_rewrites browser_check opportunistic_encryption drop_invalid_header_fields proxied_only azure_policy_enabled copy_tags_to_backup ssl_redirect force_ssl_redirect https_redirect redirect_http_to_https strip_query host_key_checking self_heal api_key_required default_to_oauth_authentication is_virtual_network_filter_enabled enable_os_login block_project_ssh_keys protect_from_scale_in protect final_snapshot force_ssl wait_for_approval disable_api_keys crash_consistent_backup abort_on_error azuread_authentication_only azuread_authentication_only_enabled local_account_disabled ledger_enabled strict enable_oslogin trust_policy_enabled subscription_required block_public_security_group_rules deployment_circuit_breaker require_approval approval_required in_cluster password_reset_required proxied azuread_conditional_access_policy modsecurity enable_modsecurity rp_filter tcp_syncookies randomize_va_space kptr_restrict dmesg_restrict ptrace_scope unprivileged_bpf_disabled service_account_lookup require_ssl require_tls require_signed_commits require_conversation_resolution delete_protection prevent_self_review kms_key only_allow_merge_if_pipeline_succeeds only_allow_merge_if_all_discussions_are_resolved preserve_pools_on_delete preserve_pool_on_delete preserve_filesystem_on_delete require_safe_replica_size",
    ),
    ...safeOn(
      "audit-off",
      "is_multi_region_trail include_global_service_events container_insights actions_enabled all_supported enable_flow_logs monitoring performance_insights_enabled enable_log_file_validation detailed_audit_logging record_all_supported auto_enable",
    ),
    ...safeOn(
      "capacity-removed",
      "one_nat_gateway_per_az autoscaling auto_scaling horizontal_pod_autoscaler hpa replicaset cross_zone_load_balancing enable_cross_zone_load_balancing load_balancing_cross_zone_enabled is_auto_scaling_enabled zonal_shift",
    ),
    ...safeOn(
      "isolation-lost",
      "run_as_non_root read_only_root_filesystem enable_network_isolation internal private is_private enable_private_nodes enable_private_endpoint private_cluster_enabled internal_load_balancer_enabled vnet_route_all_enabled enhanced_vpc_routing endpoint_private_access_only outbound_network_access_restricted restrict_outbound_network_access",
    ),
    ...safeOn(
      "failover-changed",
      "health_check health_checks auto_repair automatic_instance_repair automatic_repairs automatic_failover automatic_failover_enabled auto_failover enable_automatic_failover evaluate_target_health auto_healing",
    ),
    ...safeOff("capacity-removed", "single_nat_gateway"),
    ...safeOff("failover-changed", "invert_healthcheck"),
    ...safeOff(
      "protection-off",
      "skip_final_snapshot force_destroy force_delete force_detach_policies delete_automated_backups delete_contents_on_destroy delete_on_termination enable_legacy_abac issue_client_certificate admin_enabled anonymous_pull_enabled allow_force_pushes allows_force_pushes allows_deletions allow_deletions allow_unauthenticated trust_server_certificate cross_tenant_replication_enabled allow_nested_items_to_be_public allow_blob_public_access run_command_enabled invoker_iam_disabled insecure_ssl allow_any_authenticated_user disable_gpg_check root_access serial_port_enable kubernetes_dashboard enable_kubernetes_alpha bypass_policy_lockout_safety_check insecure http_application_routing_enabled enabled_for_deployment skip_credentials_validation allow_invalid_certificates force_overwrite unsafe_writes publicly_visible disable_ssl_verification local_infile allow_anonymous permit_empty_passwords challenge_response_authentication permit_user_environment hostbased_authentication accept_redirects accept_source_route skip_grant_tables xp_cmdshell cross_db_ownership_chaining external_scripts_enabled clr_enabled ole_automation_procedures enable_skip_login allow_snippet_annotations enable_snippets enable_debugging_handlers profiling tls_skip_verify skip_tls_verify allow_everyone_if_no_acl_found allow_cross_namespace_resources allow_url_include tls_disable can_admins_bypass disable_rollback permanently_delete_keys_on_destroy purge_soft_delete_on_destroy purge_soft_deleted_secrets_on_destroy delete_claim auto_apply auto_apply_run_trigger allow_destroy_plan autodeploy auto_approve",
    ),
    ...safeOff(
      "isolation-lost",
      "privileged privileged_mode host_users host_network host_pid host_ipc allow_privilege_escalation share_process_namespace enable_execute_command automount_service_account_token assign_public_ip endpoint_public_access ipv4_enabled can_ip_forward external_enabled external_ingress_enabled privilege_enabled direct_internet_access internet_facing ip_forwarding_enabled web_terminal host_process",
    ),
    ...safeOff(
      "privilege-widened",
      "allow_external_principals bootstrap_cluster_creator_admin_permissions enable_admin_access members_can_create_public_repositories members_can_create_repositories write_access superuser cluster_admin create_role bypass_row_level_security can_approve_pull_request_reviews members_can_fork_private_repositories exec_enabled disable_auth disable_authentication allow_subdomains allow_any_name allow_bare_domains allow_glob_domains enable_superuser_access with_grant_option cluster_wide",
    ),
    ...safeOff(
      "untrusted-code",
      "forks share_secrets build_pull_request_forks build_fork_prs build_fork_pull_requests forks_receive_secret_env_vars allow_fork_prs ci_allow_fork_pipelines_to_run_in_parent_project run_fork_pull_request_workflows send_secrets_to_workflows send_write_tokens_to_workflows",
    ),
    ...safeOn("privilege-widened", "read_only read_only_key"),
  ].map(([name, code, isSafeOn]) => [name, [code, isSafeOn]] as const),
  // Words in them speak of something else.
  ...names(
    "no_log azure_load_balancer_internal aws_load_balancer_internal source_security_group auto_rollback_enabled assume_role signed_url copy_tags_to_snapshot scm_type apply_immediately secure_environment_variables auth_url create_security_group security_groups security_group_names security_context certificate_arn certificate ssl_certificate ssl_certificates backup_window backup_vault rotation_lambda_arn authorized_keys signing_key log_level log_format encryption_key log_group audit_interval_seconds use_existing_certificate auto_generated_certificate tls_secret tls_secret_name cert_manager certmanager",
  ).map((name) => [name, null] as const),
]);

const word = (text: string) => new RegExp(`(?:^|_)(?:${text})(?:_|$)`);
const ONE_PLACE = word(
  "multi_az|zone_redundan\\w*|zone_balanc\\w*|high_availability|availability_zones_enabled|ha",
);
const LOGGED = word(
  "log|logs|logging|audit\\w*|trail|diagnostics?|cloudtrail|threat_detection|alert|alerts|alarm|recorder|guardduty|detector|flow_log",
);
const GUARDED = word(
  "encrypt\\w*|sse|ssl|m?tls|https|hsts|auth|authn|authz|authentication|authorization|authorizer|oidc|oauth2?|sso|saml|protect\\w*|versioning|secure|security|rbac|rotat\\w*|verif\\w*|validat\\w*|validate|scan|scans|scanning|sign(?:ed|ing|atures?)|checksum|gpg\\w*|immutab\\w*|object_lock|locked|mfa\\w*|soft_delete\\w*|backups?|pitr|point_in_time\\w*|recovery|integrity|shielded|firewall|waf|ddos|dnssec|client_cert\\w*|captcha|vulnerab\\w*|reviews|signatures|vtpm|fips|quarantine|deletion_protection\\w*|final_snapshot\\w*|apparmor|seccomp|selinux",
);
/** Ways in that whoever cares about security closes. */
const WEAK = word(
  "insecure\\w*|unsafe\\w*|anonymous\\w*|unauthenticated|plaintext|plain_text|abac|ssl_?v?[23]0?|tls_?v?1?_?[01]|tls_?1[01]|basic_auth\\w*|publish_basic\\w*|password_auth\\w*|local_auth\\w*|local_users?|local_accounts?|shared_access_key|access_keys|api_keys?|ftp|sftp|telnet|remote_debugging|triple_des|rc4|non_ssl\\w*|allow_http|http_port_access|self_signed|permit_root_login|password_login",
);
const PUBLIC = word("public|publicly|public_ip|internet");
const BLOCKED = /public_access_(?:block|prevention)|(?:block|restrict|ignore|prevent)\w*_public/;
const NOT_PUBLIC = /public_(?:key|dns|fqdn|fully|zone|ptr|data_endpoint)|(?:fqdn|dns)_/;
const NEGATED = word(
  "disabled?|disallow|skip\\w*|bypass\\w*|ignore\\w*|suppress\\w*|without|no|omit|deny|denied|restrict\\w*|block\\w*|prevent\\w*",
);

/** Inputs say first whose switch they are: `bucket_force_destroy`. */
const PREFIXED =
  /_(force_destroy|skip_final_snapshot|single_nat_gateway|one_nat_gateway_per_az|prevent_destroy|auto_apply|disable_api_termination|run_as_non_root|host_network|host_pid|enable_private_nodes|enable_private_endpoint|force_delete|enable_cross_zone_load_balancing|protect_from_scale_in|admin_enabled)$/;
const INSIDE =
  /(?:^|_)(?:lb|alb|nlb|elb|load_balancer|ingress|gateway|endpoint|api|cluster|service)_(?:is_)?(?:internal|private)(?:_only)?$|(?:^|_)internal_only$/;

const KNOWN = new Map<string, Switch | null>();
const MOST_KNOWN = 10_000;

/** What the switch of this name (snake case) guards; undefined where it guards nothing that is known. */
export function findSwitch(name: string): Switch | undefined {
  const known = KNOWN.get(name);
  if (known !== undefined) return known ?? undefined;
  const found = readName(name);
  if (KNOWN.size < MOST_KNOWN && name.length < 200) KNOWN.set(name, found);
  return found ?? undefined;
}

function readName(name: string): Switch | null {
  const isOnByDefault = ON_BY_DEFAULT.has(name);
  const exact = EXACT.get(name);
  if (exact === null) return null;
  if (exact !== undefined)
    return { code: exact[0], isSafeOn: exact[1], isOnByDefault, isOfNew: !exact[1] && !USUAL.has(name) };
  const suffix = PREFIXED.exec(name)?.[1];
  if (suffix !== undefined) return readName(suffix);
  if (INSIDE.test(name)) return { code: "isolation-lost", isSafeOn: true, isOnByDefault, isOfNew: false };
  const isNegated = NEGATED.test(name);
  const found = (code: DangerCode, isSafeOn: boolean) => ({
    code,
    isSafeOn: isNegated ? !isSafeOn : isSafeOn,
    isOnByDefault,
    isOfNew: !isNegated,
  });
  if (BLOCKED.test(name)) return { code: "protection-off", isSafeOn: true, isOnByDefault, isOfNew: false };
  if (WEAK.test(name)) return found("protection-off", false);
  if (PUBLIC.test(name) && !NOT_PUBLIC.test(name)) return found("isolation-lost", false);
  if (ONE_PLACE.test(name)) return found("capacity-removed", true);
  if (LOGGED.test(name)) return found("audit-off", true);
  return GUARDED.test(name) ? found("protection-off", true) : null;
}
