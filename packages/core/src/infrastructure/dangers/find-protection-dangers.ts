// SPDX-License-Identifier: Apache-2.0
import type { Danger, DangerCode } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** What a switch guards, and what its loss is called. */
interface Guard {
  readonly code: DangerCode;
  readonly names: RegExp;
  readonly verb: string;
}

/** Dangerous when they were on and are not any more. */
const GUARDS: readonly Guard[] = [
  {
    code: "protection-off",
    verb: "is no longer protected:",
    names:
      /^(?:\w*deletion_protection\w*|prevent_destroy|\w*termination_protection|disable_api_termination|disable_api_stop|point_in_time_recovery\w*|mfa_delete|block_public_acls|block_public_policy|ignore_public_acls|restrict_public_buckets|public_access_prevention|object_lock_enabled\w*|purge_protection_enabled|soft_delete\w*|uniform_bucket_level_access|storage_encrypted|encrypted|at_rest_encryption_enabled|transit_encryption_enabled|encryption\w*enabled|enable_key_rotation|rotation_enabled|versioning|final_snapshot\w*|require_ssl|https_only|ssl_enforcement_enabled|enforce_https|skip_service_ownership|delete_protection|protect|encrypt|retain_on_delete|scan_on_push)$/,
  },
  {
    code: "audit-off",
    verb: "no longer logs:",
    names:
      /^(?:enable_logging|is_logging|\w*logging_enabled|is_multi_region_trail|include_global_service_events|enable_log_file_validation|audit_log\w*|access_logs_enabled|log_file_validation\w*|container_insights|query_logging\w*|enable_flow_logs|monitoring|performance_insights_enabled|all_supported)$/,
  },
  {
    code: "capacity-removed",
    verb: "stands in one place only:",
    names:
      /^(?:multi_az\w*|one_nat_gateway_per_az|zone_redundant|zone_redundancy_enabled|high_availability\w*)$/,
  },
  {
    code: "isolation-lost",
    verb: "is less isolated:",
    names:
      /^(?:run_as_non_root|read_only_root_filesystem|enable_network_isolation|enable_shielded_nodes|enable_secure_boot|network_policy\w*enabled)$/,
  },
];

/** Dangerous when they are switched on. */
const HAZARDS: readonly Guard[] = [
  { code: "capacity-removed", verb: "stands in one place only:", names: /^single_nat_gateway$/ },
  {
    code: "protection-off",
    verb: "is no longer protected:",
    names:
      /^(?:skip_final_snapshot|force_destroy|force_delete|force_detach_policies|bypass_policy_lockout_safety_check|delete_automated_backups|deletion_window_off|insecure_skip_verify|skip_tls_verify|insecure)$/,
  },
  {
    code: "isolation-lost",
    verb: "is less isolated:",
    names:
      /^(?:privileged|privileged_mode|host_network|host_pid|host_ipc|allow_privilege_escalation|share_process_namespace|enable_execute_command|automount_service_account_token)$/,
  },
];

/** Values that say on or off in words. */
const ON = /^(?:true|enabled|on|yes|retain|required|strict|regional|1|enforced)$/i;
const OFF = /^(?:false|disabled|off|no|suspended|none|null|0|delete|zonal|optional|disable|permissive|)$/i;

/** Switches, retention times and deletion policies that guard data, logs and machines. */
export function findProtectionDangers(view: ChangeView): readonly Danger[] {
  const changes = view.changes;
  const lost = view.isCreated || view.isDeleted ? [] : changes;
  return [
    ...GUARDS.flatMap(({ code, names, verb }) =>
      describe(
        code,
        verb,
        lost.filter((change) => names.test(keyOf(change)) && isSwitchedOff(change)).map(formatChange),
      ),
    ),
    ...HAZARDS.flatMap(({ code, names, verb }) =>
      describe(
        code,
        verb,
        view.isDeleted
          ? []
          : changes.filter((change) => names.test(change.name) && isSwitchedOn(change)).map(formatChange),
      ),
    ),
    ...findWords(lost),
    ...findShortened(view, lost),
    ...findLostAudit(view, lost),
  ];
}

/** `versioning { enabled = false }` is about versioning. */
function keyOf({ path, name }: AttributeChange): string {
  if (!/^(?:enabled|status|state|enable|value)$/.test(name)) return name;
  const parent = path.split(".").at(-2) ?? "";
  if (parent === "" || /configuration$/.test(parent)) return parent.replace(/_configuration$/, "") || name;
  return parent.includes("log") ? "enable_logging" : parent;
}

function isSwitchedOff({ before, after }: AttributeChange): boolean {
  return before.some((text) => ON.test(text)) && (after.length === 0 || after.some((text) => OFF.test(text)));
}

function isSwitchedOn({ before, after }: AttributeChange): boolean {
  return (
    after.some((text) => /^(?:true|enabled)$/i.test(text)) &&
    !before.some((text) => /^(?:true|enabled)$/i.test(text))
  );
}

interface WordRule {
  readonly code: DangerCode;
  readonly names: RegExp;
  readonly from: RegExp;
  readonly to: RegExp;
  readonly verb: string;
}

const WORDS: readonly WordRule[] = [
  {
    code: "protection-off",
    names: /^http_tokens$/,
    from: /^required$/,
    to: /^(?:optional|)$/,
    verb: "gives its credentials to forged requests:",
  },
  {
    code: "protection-off",
    names: /^(?:deletion_policy|update_replace_policy|reclaim_policy|persistent_volume_reclaim_policy)$/,
    from: /^(?:Retain|Snapshot|ABANDON)$/,
    to: /^(?:Delete|DELETE|Recycle|)$/,
    verb: "its data goes with it:",
  },
  {
    code: "isolation-lost",
    names: /^(?:mode|tls_mode|tls\.mode|m_tls|mtls|seccomp_profile|type)$/,
    from: /^(?:required|STRICT|MUTUAL|ISTIO_MUTUAL|RuntimeDefault)$/,
    to: /^(?:optional|PERMISSIVE|DISABLE|SIMPLE|Unconfined|UNSET|)$/,
    verb: "is less isolated:",
  },
  {
    code: "capacity-removed",
    names: /^availability_type$/,
    from: /^REGIONAL$/,
    to: /^(?:ZONAL|)$/,
    verb: "stands in one zone only:",
  },
  {
    code: "protection-off",
    names: /^(?:status|versioning|state)$/,
    from: /^(?:Enabled|ENABLED)$/,
    to: /^(?:Suspended|Disabled|DISABLED|SUSPENDED)$/,
    verb: "is switched off:",
  },
  {
    code: "protection-off",
    names: /^(?:ssl_mode|tls_version|minimum_tls_version|min_tls_version|viewer_protocol_policy|protocol)$/,
    from: /^(?:HTTPS|https-only|redirect-to-https|TLS|ENCRYPTED_ONLY)$/,
    to: /^(?:HTTP|allow-all|TCP|ALLOW_UNENCRYPTED_AND_ENCRYPTED)$/,
    verb: "no longer encrypts:",
  },
];

function findWords(changes: readonly AttributeChange[]): readonly Danger[] {
  return WORDS.flatMap(({ code, names, from, to, verb }) =>
    describe(
      code,
      verb,
      changes
        .filter(
          ({ name, before, after }) =>
            names.test(name) &&
            before.some((text) => from.test(text)) &&
            (after.length === 0 || after.some((text) => to.test(text))),
        )
        .map(formatChange),
    ),
  );
}

const RETENTION = /retention|backup_window|deletion_window|recovery_window|soft_delete_retention/;

/** A shorter time to notice and to go back. */
function findShortened(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  const shorter = changes.filter(({ name, before, after }) => {
    const [old, now] = [Number(before[0]), after.length === 0 ? 0 : Number(after[0])];
    return (
      RETENTION.test(name) &&
      Number.isFinite(old) &&
      Number.isFinite(now) &&
      (now < old || (old === 0 && now > 0 && /log/.test(view.type)))
    );
  });
  const isLog = /log|trail|audit/.test(view.type);
  return describe(isLog ? "audit-off" : "protection-off", "keeps less:", shorter.map(formatChange));
}

const AUDITS =
  /cloudtrail|trail$|flow_log|config_configuration_recorder|config_recorder|guardduty|log_metric_filter|logging|diagnostic_setting|log_sink|audit_config|securityhub|access_analyzer|query_log|inspector|detector|log_group/;
const BACKUPS =
  /backup_(?:vault|plan|selection)|db_snapshot|dlm_lifecycle|replication_configuration|bucket_versioning|public_access_block|pod_disruption_budget|resource_lock|management_lock/;
const LOG_LISTS =
  /logs?_exports|log_types|cluster_log\w*|logging_config\w*|access_logs?|enabled_log\w*|event_selector/;

function findLostAudit(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  if (view.isDeleted && AUDITS.test(view.type))
    return [{ code: "audit-off", reason: "what records events is taken away" }];
  if (view.isDeleted && BACKUPS.test(view.type))
    return [{ code: "protection-off", reason: "what protects the data is taken away" }];
  const shorter = changes.filter(
    ({ path, before, after }) =>
      LOG_LISTS.test(path) && before.length > after.length && after.every((text) => before.includes(text)),
  );
  const off = AUDITS.test(view.type)
    ? changes.filter((change) => /^(?:enable|enabled)$/.test(change.name) && isSwitchedOff(change))
    : [];
  const filtered = changes.filter(
    ({ name, before, after }) =>
      AUDITS.test(view.type) && name === "traffic_type" && before.includes("ALL") && !after.includes("ALL"),
  );
  return describe("audit-off", "no longer logs:", [...shorter, ...off, ...filtered].map(formatChange));
}
