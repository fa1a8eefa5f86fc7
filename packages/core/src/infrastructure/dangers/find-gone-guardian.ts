// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import type { ChangeView } from "./change-view.ts";

const AUDITS =
  /cloudtrail|trail$|flow_log|config_configuration_recorder|configuration_recorder|config_recorder|config_delivery|guardduty|guard_duty|log_metric_filter|log_subscription|logging|diagnostic_setting|log_sink|project_sink|organization_sink|folder_sink|audit|securityhub|security_hub|access_?analyzer|query_log|inspector|macie|detective|detector|log_group|metric_alarm|cloud_watch::alarm|cloudwatch::alarm|metric_alert|log_alert|activity_log_alert|alert_policy|prometheus_rule|datadog_monitor|pagerduty_service|scheduled_query_rules|log_profile|logpush|scc_notification/;
const GUARDIANS =
  /^kubernetes_(?:network_policy|resource_quota|limit_range|pod_security_policy|validating_\w+|mutating_\w+|pod_disruption_budget)(?:_v\d\w*)?$|backup_(?:vault_lock|vault_policy|vault|plan|selection|policy|schedule)|backup_protected_(?:vm|file_share)|data_protection_backup_instance|site_recovery_replicated_vm|backup::|db_snapshot|dlm_lifecycle|replication_configuration|bucket_versioning|public_access_block|pod_disruption_budget|resource_lock|management_lock|encryption_configuration|encryption_by_default|ebs_encryption|object_lock|ownership_controls|password_policy|web_acl|waf|shield_protection|shield::|security_policy(?!_name)|nsg_association|security_group_association|branch_protection|repository_ruleset|organization_ruleset|secret_rotation|rotation_schedule|dnssec|signing_key|network_firewall|networkfirewall|firewall_policy|policy_assignment|conditional_access|org_policy|organization_policy|service_perimeter|mfa|threat_protection|security_alert|defender|security_center|lien$|backup_storage_location|environment_protection|code_signing_config|vault_lock|alias_routing|retention_policy|config_rule|constraint_template|image_policy|binary_authorization|resource_share_guard|access_application|ddos|^schedule$|authorizer|request_validator|limit_range$|attestor|safety_rule|block_public_access|guardrail|termination_protection|resource_guard/;
/** Rules and groups of a guard are its parts, not the guard. */
const NOT_GUARDIANS = /ip_set|regex_pattern|rule_group|association$/;
const GUARDING_LINKS =
  /(?:web_acl|security_group|nsg|policy|waf|firewall)\w*_association$|webacl_?association$/;

/** Whether a resource of this type records what happens. */
export function isAudit({ type }: ChangeView): boolean {
  return AUDITS.test(type);
}

/** What a resource that is taken away recorded or protected. */
export function findGoneGuardian(view: ChangeView): readonly Danger[] {
  // What throws entries away guards nothing.
  if (/exclusion|exemption|policy_exception/.test(view.type)) return [];
  if (isAudit(view) || isCollector(view))
    return [{ code: "audit-off", reason: "what records events is taken away" }];
  const isGuardian = GUARDIANS.test(view.type) && !NOT_GUARDIANS.test(view.type);
  return isGuardian || GUARDING_LINKS.test(view.type)
    ? [{ code: "protection-off", reason: "what protects is taken away" }]
    : [];
}

/** Groups of operators that carry logs to where they are kept. */
const COLLECTORS =
  /^(?:logging(?:-extensions)?\.banzaicloud\.io|(?:logging|observability)\.openshift\.io|fluent(?:bit|d)\.fluent\.io)\//;

function isCollector({ before }: ChangeView): boolean {
  return before.some(({ path, text }) => path === "api_version" && COLLECTORS.test(text));
}
