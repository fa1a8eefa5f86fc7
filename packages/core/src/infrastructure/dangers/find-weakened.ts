// SPDX-License-Identifier: Apache-2.0
import type { DangerCode } from "../resource.ts";
import type { AttributeChange } from "./change-view.ts";
import { isOlderTls, TLS_NAMES } from "./tls-version.ts";

/** Values of one attribute, from the strongest to the weakest; the empty one is an attribute that is not written. */
interface Scale {
  readonly code: DangerCode;
  readonly levels: ReadonlyMap<string, number>;
}

const SCALES = new Map<string, Scale[]>();

/** `a b>c`: a and b are as strong as each other, and stronger than c; a lone `-` stands for what is not written, `~` for a space. */
function scale(code: DangerCode, attributes: string, order: string): void {
  const levels = new Map<string, number>();
  for (const [rank, group] of order.split(">").entries())
    for (const value of group.trim().split(" "))
      levels.set(value === "-" ? "" : value.replaceAll("~", " ").toLowerCase(), rank);
  for (const name of attributes.split(" ")) SCALES.set(name, [...(SCALES.get(name) ?? []), { code, levels }]);
}

// Amazon
scale("protection-off", "http_tokens", "required > optional -");
scale("protection-off", "mfa_configuration", "ON > OPTIONAL > OFF -");
scale("protection-off", "advanced_security_mode", "ENFORCED > AUDIT > OFF -");
scale("protection-off", "client_broker", "TLS > TLS_PLAINTEXT > PLAINTEXT");
scale("protection-off", "image_tag_mutability", "IMMUTABLE > MUTABLE -");
scale("protection-off", "object_ownership", "BucketOwnerEnforced - > BucketOwnerPreferred > ObjectWriter");
scale("protection-off", "desync_mitigation_mode", "strictest > defensive > monitor");
scale("protection-off", "transit_encryption_mode", "required SERVER_AUTHENTICATION > preferred > DISABLED -");
scale(
  "protection-off",
  "stateless_default_actions stateless_fragment_default_actions",
  "aws:drop > aws:forward_to_sfe > aws:pass",
);
scale(
  "isolation-lost",
  "endpoint_type endpoint_configuration.types",
  "VPC VPC_ENDPOINT PRIVATE > REGIONAL EDGE PUBLIC -",
);
scale("isolation-lost", "direct_internet_access", "Disabled > Enabled -");
scale("protection-off", "root_access", "Disabled > Enabled -");
scale(
  "protection-off",
  "state snapshot_block_public_access",
  "block-all-sharing > block-new-sharing > unblocked",
);
scale("protection-off", "mode", "COMPLIANCE > GOVERNANCE -");
scale("failover-changed", "health_check_type", "ELB VPC_LATTICE > EC2 -");
scale("protection-off", "internet_gateway_block_mode", "block-bidirectional > block-ingress > off -");
scale("protection-off", "scan_type", "ENHANCED > BASIC");
scale("audit-off", "auto_enable_organization_members auto_enable_standards", "ALL > NEW DEFAULT > NONE");
scale("protection-off", "signing_status", "SIGNING > NOT_SIGNING");
scale("capacity-removed", "deployment_mode", "CLUSTER_MULTI_AZ ACTIVE_STANDBY_MULTI_AZ > SINGLE_INSTANCE");
scale(
  "capacity-removed",
  "deployment_type",
  "MULTI_AZ_1 MULTI_AZ_2 > SINGLE_AZ_1 SINGLE_AZ_2 SINGLE_AZ_HA_1 SINGLE_AZ_HA_2",
);
scale("capacity-removed", "az_mode", "cross-az > single-az -");
scale("capacity-removed", "cluster_type", "multi-node > single-node");
scale("protection-off", "annotations_risk_level", "Low > Medium > High - > Critical");
scale(
  "protection-off",
  "action override_action",
  "block deny drop reject > managed_challenge challenge js_challenge captcha throttle rate_based_ban > log count simulate monitor preview",
);
scale("protection-off", "mfa_delete", "Enabled > Disabled -");
scale("protection-off", "user_verification", "required > preferred > discouraged -");
scale(
  "wildcard-principal",
  "sign_in_audience",
  "AzureADMyOrg - > AzureADMultipleOrgs > AzureADandPersonalMicrosoftAccount PersonalMicrosoftAccount",
);
scale("protection-off", "when_deleted when_scaled", "Retain - > Delete");
scale("protection-off", "resource_policy", "keep > -");
scale("audit-off", "read_write_type", "All - > WriteOnly ReadOnly");
scale(
  "protection-off",
  "workload_metadata_config.mode",
  "GKE_METADATA > GCE_METADATA MODE_UNSPECIFIED EXPOSE -",
);
scale("protection-off", "state", "enabled > enabledForReportingButNotEnforced");
scale(
  "protection-off",
  "private_endpoint_network_policies",
  "Enabled > NetworkSecurityGroupEnabled RouteTableEnabled > Disabled",
);
// Azure
scale("capacity-removed", "high_availability.mode", "ZoneRedundant > SameZone > Disabled -");
scale(
  "capacity-removed",
  "account_replication_type storage_account_type backup_storage_redundancy",
  "RAGZRS GeoZone > GZRS > RAGRS Geo > GRS > ZRS Zone > LRS Local",
);
scale("capacity-removed", "storage_mode_type redundancy", "GeoRedundant > ZoneRedundant > LocallyRedundant");
scale("protection-off", "ftps_state", "Disabled > FtpsOnly > AllAllowed -");
scale(
  "protection-off",
  "client_certificate_mode client_cert_mode",
  "Required > OptionalInteractiveUser > Optional > Ignore -",
);
scale(
  "protection-off",
  "firewall_mode policy_mode threat_intelligence_mode threat_intel_mode",
  "Prevention Deny > Detection Alert > Off -",
);
scale("protection-off", "mode", "Prevention Deny > Detection Alert > Off");
scale("protection-off", "lock_level", "ReadOnly > CanNotDelete");
scale("protection-off", "immutability state", "Locked > Unlocked > Disabled");
scale(
  "protection-off",
  "unauthenticated_action unauthenticated_client_action",
  "RedirectToLoginPage Return401 Return403 Return404 > AllowAnonymous",
);
scale(
  "cidr-opened",
  "default_action ip_restriction_default_action scm_ip_restriction_default_action",
  "Deny > Allow",
);
scale("isolation-lost", "ip_address_type", "Private None > Public -");
scale("isolation-lost", "network_access_policy", "DenyAll > AllowPrivate > AllowAll -");
// Google
scale(
  "protection-off",
  "ssl_mode",
  "TRUSTED_CLIENT_CERTIFICATE_REQUIRED > ENCRYPTED_ONLY > ALLOW_UNENCRYPTED_AND_ENCRYPTED -",
);
scale("capacity-removed", "availability_type", "REGIONAL > ZONAL -");
scale("capacity-removed", "tier", "STANDARD_HA > BASIC -");
scale("protection-off", "tier", "Standard > Free");
scale(
  "protection-off",
  "evaluation_mode",
  "ALWAYS_DENY > REQUIRE_ATTESTATION PROJECT_SINGLETON_POLICY_ENFORCE POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE POLICY_BINDINGS > ALWAYS_ALLOW DISABLED -",
);
scale(
  "protection-off",
  "enforcement_mode",
  "ENFORCED_BLOCK_AND_AUDIT_LOG ENFORCED > DRYRUN_AUDIT_LOG_ONLY UNENFORCED",
);
scale("protection-off", "state", "ENCRYPTED > DECRYPTED");
scale("protection-off", "https_trigger_security_level", "SECURE_ALWAYS > SECURE_OPTIONAL -");
scale("protection-off", "profile", "RESTRICTED FIPS_202205 > MODERN > COMPATIBLE -");
scale(
  "isolation-lost",
  "ingress",
  "internal INGRESS_TRAFFIC_INTERNAL_ONLY > internal-and-cloud-load-balancing INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER > all INGRESS_TRAFFIC_ALL",
);
scale("isolation-lost", "ingress_settings", "ALLOW_INTERNAL_ONLY > ALLOW_INTERNAL_AND_GCLB > ALLOW_ALL -");
scale("protection-off", "protection_level", "HSM > SOFTWARE -");
// Cloudflare, GitHub
scale("protection-off", "ssl", "strict origin_pull > full > flexible > off");
scale("protection-off", "security_level", "under_attack > high > medium > low > essentially_off > off");
scale("protection-off", "enforcement", "active > evaluate > disabled");
scale("untrusted-code", "allowed_actions", "local_only > selected > all -");
scale("wildcard-principal", "visibility", "private > internal > public");
scale("isolation-lost", "visibility visibility_level", "private > internal > public");
scale(
  "untrusted-code",
  "comment_control",
  "COMMENTS_ENABLED > COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY > COMMENTS_DISABLED -",
);
scale(
  "privilege-widened",
  "permission access_level permission_level org_role base_role group_access",
  "none no~access no-access minimal > guest viewer view read pull reader read_only reporter > triage planner > developer editor edit push write writer > maintain maintainer manage > admin owner administrator",
);
scale("privilege-widened", "default_repository_permission", "none > read > write > admin");
scale("privilege-widened", "permission", "pull read > triage > push write > maintain > admin");
scale("wildcard-principal", "decision", "deny non_identity > allow > bypass");
// Listeners, clients, clusters
scale("protection-off", "auth_tls_verify_client", "on > optional > optional_no_ca > off");
scale("protection-off", "viewer_protocol_policy", "https-only redirect-to-https > allow-all");
scale(
  "protection-off",
  "origin_protocol_policy forwarding_protocol",
  "https-only HttpsOnly > match-viewer MatchRequest > http-only HttpOnly",
);
scale("protection-off", "protocol backend_protocol", "HTTPS TLS SSL > HTTP TCP");
scale("protection-off", "sslmode", "verify-full > verify-ca > require > prefer > allow > disable -");
scale("protection-off", "pod_security_level defaults.enforce", "restricted > baseline > privileged");
scale(
  "isolation-lost",
  "scheme load_balancing_scheme aws_load_balancer_scheme",
  "internal INTERNAL INTERNAL_MANAGED INTERNAL_SELF_MANAGED > internet-facing EXTERNAL EXTERNAL_MANAGED",
);
scale(
  "protection-off",
  "deletion_policy update_replace_policy reclaim_policy persistent_volume_reclaim_policy",
  "Retain Snapshot ABANDON PREVENT Orphan > Delete Recycle -",
);
scale("protection-off", "enable_policy policy_enforcement_mode", "always > default - > never");
scale("protection-off", "outbound_traffic_policy.mode", "REGISTRY_ONLY > ALLOW_ANY -");
scale("protection-off", "mtls.mode m_tls.mode", "STRICT > UNSET - > PERMISSIVE > DISABLE");
scale(
  "protection-off",
  "tls.mode",
  "MUTUAL ISTIO_MUTUAL STRICT > OPTIONAL_MUTUAL PERMISSIVE > SIMPLE > DISABLE DISABLED PASSTHROUGH AUTO_PASSTHROUGH -",
);
scale("protection-off", "namespaces.from", "Same - > Selector > All");
scale("privilege-widened", "namespaces.from", "Same - > Selector > All");
scale("privilege-widened", "authorization.default_action", "Deny - > Allow");
scale("protection-off", "cleanup_policy.confirmation", "- > yes-really-destroy-data");
scale(
  "protection-off",
  "volume_claim_delete_policy",
  "DeleteOnScaledownOnly > DeleteOnScaledownAndClusterDeletion -",
);
scale("protection-off", "when_unsatisfiable", "DoNotSchedule > ScheduleAnyway");
scale("protection-off", "private_key.rotation_policy", "Always > Never");
scale("protection-off", "grant_controls.operator", "AND > OR");
scale("isolation-lost", "proc_mount", "Default > Unmasked");

scale(
  "privilege-widened",
  "default_workflow_permissions default_repository_permission",
  "none > read > write > admin",
);
scale(
  "protection-off",
  "push_access_level merge_access_level unprotect_access_level",
  "no~one > maintainer admin > developer",
);
scale(
  "protection-off",
  "authentication_type",
  "AWS_IAM AMAZON_COGNITO_USER_POOLS OPENID_CONNECT AWS_LAMBDA > API_KEY",
);
scale("protection-off", "factor_mode", "2FA > 1FA");
scale("protection-off", "enforcement_level", "mandatory hard-mandatory > soft-mandatory > advisory disabled");

/** What is written down of what happens, where the value says how much. */
const LOGGED =
  /^(?:logging_service|monitoring_service|log_statement|log_type|logging_level|audit_level|audit_trail|audit_log_\w+|pgaudit\.log|general_log|server_audit_logging|log_min_error_statement|default_route_settings\.logging_level)$/;
const ENCRYPTED = /encrypt|^sse|tls_?(?:version|mode)|minimum_tls|min_tls|ssl_?mode|^kms/;
const NONE = /^(?:none|off|disabled?|plaintext|unencrypted|tlsenforcementdisabled|false|)$/i;

/** What the change is called where the attribute is weaker than it was; none elsewhere. */
export function findWeakened({ path, name, before, after }: AttributeChange): readonly DangerCode[] {
  const [old, now] = [before[0], after[0]];
  if (old !== undefined && now !== undefined) {
    if (TLS_NAMES.test(name) && isOlderTls(old, now)) return ["protection-off"];
    if (ENCRYPTED.test(name) && NONE.test(now) && !NONE.test(old)) return ["protection-off"];
    if ((LOGGED.test(name) || path.endsWith("pgaudit.log")) && NONE.test(now) && !NONE.test(old))
      return ["audit-off"];
  }
  return scalesOf(path, name)
    .filter(({ levels }) => isWeaker(levels, before, after))
    .map(({ code }) => code);
}

/** Whether an attribute of this name says how strong something is. */
export function isScaled(path: string, name: string): boolean {
  return TLS_NAMES.test(name) || scalesOf(path, name).length > 0;
}

function scalesOf(path: string, name: string): readonly Scale[] {
  const parent = path.slice(0, -name.length - 1);
  const own = SCALES.get(`${parent.slice(parent.lastIndexOf(".") + 1)}.${name}`);
  return own ?? SCALES.get(name) ?? [];
}

/** The weakest value decides: of several blocks one that is weaker is enough. */
function isWeaker(
  levels: ReadonlyMap<string, number>,
  before: readonly string[],
  after: readonly string[],
): boolean {
  const ranks = (texts: readonly string[]) =>
    (texts.length === 0 ? [""] : texts).map((text) => levels.get(text.toLowerCase()));
  const [old, now] = [ranks(before), ranks(after)];
  if (old.some((rank) => rank === undefined) || now.some((rank) => rank === undefined)) return false;
  return Math.max(...(now as number[])) > Math.max(...(old as number[]));
}
