// SPDX-License-Identifier: Apache-2.0
import { categorizeObject, toCloudType } from "./categorize-object.ts";
import { flattenValue, literalOf } from "./configuration-value.ts";
import { toObjectType, toSnake } from "./dangers/change-view.ts";
import { SECRET_NAMES } from "./dangers/find-secret-dangers.ts";
import { findStatements } from "./find-statements.ts";
import type { Category, DeclaredResource } from "./resource.ts";

/** First match decides, so what is narrower stands first. Types in snake case; `::`, `.` and `:` separate as `_` does. */
const BY_TYPE: readonly (readonly [Category, RegExp])[] = [
  // Logs and alarms about something are not that thing.
  [
    "other",
    /^google_logging_|^google_monitoring_|log_analytics|^azurerm_monitor_|service_monitor|prometheus_rule|_insights|custom_resource_definition/,
  ],
  ["secrets", /^git(?:hub|lab)_\w*(?:secret|deploy_key)/],
  ["pipeline", /^github_(?:actions|organization_ruleset|repository_(?:ruleset|environment|webhook))/],
  ["data", /^google_compute_resource_policy/],
  ["iam", /launch_permission$|snapshot_create_volume_permission$/],
  ["network", /front_?door_firewall|router_nat$|database_firewall$/],
  ["routing", /front_?door_rule(?:_set)?$|tunnel_(?:cloudflared_)?config$/],
  [
    "iam",
    /(?:^|_)transfer_(?:user|access)$|policy_(?:set_)?(?:assignment|definition|exemption|remediation)|(?:^|_)(?:grants?|privileges?|database_user|db_user)(?:_|$)|^(?:postgresql|mysql|mongodb\w*|snowflake|redshift)_(?:role|user|account_role|database_role)|(?:^|_)iam_|_iam$|(?:^|_)organizations?_(?!ruleset)|ssoadmin|sso_admin|identitystore|role_assignment|role_definition|azuread_|service_account|cognito_(?:user|identity)|bucket_policy|queue_policy|topic_policy|secret_policy|lambda_permission|lakeformation_permission|repository_policy|resource_policy(?!_attachment)|access_policy|(?:^|_)(?:cluster_)?role(?:_binding)?(?:_v1)?$|authorization_policy|request_authentication|server_authorization|(?:network|mesh_tls)_authentication|webhook_configuration|admission_policy|key_policy|vault_policy|(?:consul|nomad|boundary)_\w*(?:policy|role|token)|^path$|vpc_endpoint_policy|pod_identity|access_entry|aws_auth|assigned_identity|federated_identity|workload_identity|org_policy|access_context_manager|_iap_|^okta_|^auth0_|^keycloak_|github_(?:team|membership|repository_collaborator|organization_role|organization_security|emu_)|(?:^|_)ram_|verifiedpermissions|service_intentions|traffic_permission|reference_grant|^cluster_policy$|access_application|zero_trust_access|access_group|roles?_mapping|^(?:rabbitmq|grafana|artifactory|azuredevops|gitea|harbor|nexus)_\w*permissions?(?:_target)?(?:_item)?$|^(?:teleport|boundary)_|^cloudflare_api_token$|elasti_?cache(?:::|_)user$|memory_?db(?:::|_)(?:user|acl)$|elasticache_user|memorydb_(?:user|acl)/,
  ],
  [
    "routing",
    /route_table|(?:^|_)routes?$|^(?:http|tcp|grpc|tls|udp|mesh_http)_?route$|transit_gateway_route|tgw_route|serverless_(?:http_)?api/,
  ],
  ["data", /backup_|recovery_services|data_protection_|glacier/],
  [
    "secrets",
    /secret|kms|key_vault|ssm_parameter|crypto_key|tls_private_key|(?:^|_)vault_|acm_certificate|acmpca|certificate|keyring|key_ring|password|cloudhsm|key_pair|(?:^|_)issuer$/,
  ],
  [
    "network",
    /resolver_firewall|(?:^|_)fw_policy|^panos_(?:security|nat)_|^nsxt_policy_(?:security|gateway)_policy|^(?:zia|zpa)_|^tailscale_|^headscale_|^netbird_|^twingate_/,
  ],
  [
    "failover",
    /route_?53|dns_|_dns|health_check|healthcheck|health_probe|lb_probe|global_?accelerator|global_cluster|global_replication|traffic_?manager|failover|^ns1_|^dnsimple_|^powerdns_|^ultradns_|^constellix_|^gandi_livedns|(?:^|_)domain_(?:zone_)?record$|^\w+_record$|cloudflare_(?:record|load_balancer)|record_set|recordset|application_recovery|(?:^|_)arc_|front_?door|service_discovery/,
  ],
  [
    "network",
    /network_acl|security_group|security_rule|security_list|vpc$|vpc_endpoint|vpc_cidr|vpc_gateway|vpc_peering|subnet|firewall|network_policy|_nsg|waf|web_acl|prefix_list|_eip|shield|flow_log|elastic_ip|peer_authentication|sidecar$|envoy_filter|service_entry|ip_set|(?:^|_)(?:lb|alb|elb|nlb)$|load_?balancer$|virtual_network|compute_network|cilium|global_network|private_link|private_endpoint|authorized_network|^service$|_service_v1$|network_interface|container_network|vpn|transit_gateway|peering|(?:customer|internet|nat|application|virtual_private|vpc)_gateway|(?:^|_)dx_|direct_connect|express_route|interconnect|compute_(?:security|ssl)_policy|compute_(?:global_)?address|public_ip|bastion|cloudflare_(?:ruleset|zone|filter|access_rule|page_rule)|^server$|^mesh$|ip_access_list|ip_allow_?list|tls_?option|backend_tls_policy|network_manager/,
  ],
  [
    "routing",
    /_routes?_|_route\b|router|listener|target_group|target_(?:https?|ssl|tcp|grpc)_proxy|cloudfront|cdn_|api_gateway|apigateway|api_management|appsync|ingress|virtual_service|destination_rule|url_map|forwarding_rule|app_?mesh|^gateway(?:_class)?$|backend_service|backend_bucket|service_profile|traffic_split|traffic_route|service_router|service_splitter|service_resolver|service_defaults|proxy_defaults|http_?proxy|middleware|_lb_|_alb_|_elb_|^mapping$|(?:api|path|domain)_mapping|^envoy$/,
  ],
  [
    "compute",
    /ssm_(?:document|association|maintenance)|cloud_run|app_engine|container_registry|artifact_registry|(?:^|_)ecr_/,
  ],
  [
    "data",
    /(?:^|_)db_|dbinstance|dbcluster|rds|dynamo_?db|_sql_|sql_database|sql_|s3|storage|bigquery|bigtable|spanner|alloydb|redshift|elasti_?cache|opensearch|elasticsearch|efs|fsx|ebs|ec2_volume|volume|backup|sqs|sns_|pub_?sub|service_?bus|event_?hub|amazon_?mq|_mq_|kinesis|msk|kafka|doc_?db|neptune|cosmosdb|postgresql|postgres|mysql|mariadb|mongo|redis|firestore|filestore|disk|memorydb|database|dlm_|table$|bucket|athena|glue_catalog|transfer_server|datasync|^schedule$|file_system/,
  ],
  [
    "pipeline",
    /codebuild|codepipeline|codedeploy|codecommit|codeartifact|code_build|code_deploy|code_pipeline|cloudbuild|github_|gitlab_|devops|tfe_|^workflow$|tekton|argo|application_set|^application$|app_project|^(?:git|oci|helm)_repository$|^image_(?:policy|repository|update_automation)$|^(?:cluster_)?(?:pipeline|task)(?:_run)?$|amplify/,
  ],
  [
    "compute",
    /instance|auto_?scal|ecs|eks|lambda|launch_|batch|container|kubernetes|cloudfunctions|app_service|web_app|service_plan|function|virtual_machine|node_pool|node_group|deployment|stateful_?set|daemon_?set|replica_?set|^pod|(?:^|_)job$|cron_job|helm_release|cluster|droplet|vm$|scale_set|scaled_object|horizontal_pod|pod_disruption|priority_class|^stage$|serverless|state_machine|sagemaker|emr|glue_job|dataflow|dataproc|composer|beanstalk|lightsail|apprunner|app_runner|image_?builder|(?:^|_)ami(?:_|$)|placement_group|workspaces|batch_job/,
  ],
];

/** By name, for what has no type of its own: variables, locals, outputs, modules, values. */
const BY_NAME: readonly (readonly [Category, RegExp])[] = [
  [
    "other",
    /(?:^|_)(?:logs?|logging|log_group|flow_logs?|audit\w*)_\w*retention|retention\w*_(?:of_)?logs?(?:_|$)/,
  ],
  [
    "network",
    /network_polic|source_ranges|^service$|(?:^|_)nats?(?:_|$)|(?:lb|load_balancer)_(?:internal|scheme|is_internal|public)$|(?:^|_)(?:[aen]?lb|waf)s?$|(?:^|_)waf_/,
  ],
  ["routing", /^ingress$|^(?:ingress_)?routes?$|^hosts?$|^gateway$/],
  ["compute", /security_context|privileged|pod_security|(?:^|_)pdbs?(?:_|$)|disruption/],
  ["secrets", /password|secret|token|api_key|private_key|credential|kms|cert/],
  [
    "iam",
    /(?:^|_)iam|polic|role|permission|principal|admin_arns?|assume|service_account|rbac|deployer|(?:^|_)auth(?:entication|orization)?$|oidc|(?:^|_)sso(?:_|$)/,
  ],
  [
    "network",
    /availability_zones?$|(?:^|_)azs$|cidr|ingress(?!_class)|egress|security_group|firewall|vpc|subnet|allowed_ip|whitelist|allowlist|public_access|network|acl/,
  ],
  ["data", /opensearch|elasticsearch/],
  ["failover", /failover|dns|health_?check|weight|record|domain|region|probe/],
  ["routing", /route|gateway|listener|peering|ingress|lb_|load_balancer|target|virtual_service/],
  [
    "data",
    /db|database|rds|bucket|storage|backup|deletion_protection|retention|snapshot|dynamo|s3|redis|postgres|mysql|persistence|volume|multi_az/,
  ],
  ["pipeline", /pipeline|build|deploy_key|runner/],
  [
    "compute",
    /instance|count|replica|size|capacity|image|cpu|memory|node|container|autoscal|cluster|^resources$|tolerations|affinity|disruption|pdb/,
  ],
];

const BY_NAME_ONLY = new Set([
  "variable",
  "local",
  "output",
  "module",
  "values",
  "Parameter",
  "Output",
  "config",
  "vars",
  "check",
  "moved",
  "import",
  "removed",
]);
const UNCATEGORIZED =
  /cloudtrail|cloudwatch|guardduty|config_|securityhub|_logging$|log_group|budget|null_resource|random_|time_sleep|terraform_data|provider/;

/** What kind of trouble a resource can make; one with an IAM statement inside is `iam`, whatever its type says. */
export function categorize(resource: DeclaredResource): Category {
  const { kind, type, name } = resource;
  if (kind === "workflow") return "pipeline";
  if (kind === "iam-policy") return "iam";
  if (kind === "dockerfile") return "compute";
  const key = toObjectType(toKey(type.replace(/^(?:data|ephemeral)\./, "")));
  const isNamed = BY_NAME_ONLY.has(type) || (kind === "cloudformation" && !type.includes("::"));
  const byType = isNamed ? undefined : findByType(key);
  if (kind === "kustomize") return ofKustomization(resource);
  const cloudType = toCloudType(resource);
  const ofObject = cloudType === undefined ? categorizeObject(resource) : findByType(cloudType);
  if (ofObject !== undefined) return ofObject;
  if (kind === "ansible") return ofTask(resource, byType);
  if (byType === "secrets" || byType === "iam") return byType;
  if (byType === "pipeline" && holdsSecret(resource)) return "secrets";
  if (byType === undefined && UNCATEGORIZED.test(key)) return "other";
  if (findStatements(resource.body).length > 0) return "iam";
  return byType ?? (isNamed ? (find(BY_NAME, toKey(name)) ?? byContent(resource)) : "other");
}

/** What a pipeline is told under the name of a secret. */
function holdsSecret({ type, body }: DeclaredResource): boolean {
  if (!/_variable$/.test(type)) return false;
  const name = toSnake(literalOf(body, "key", "name", "variable_name") ?? "");
  return SECRET_NAMES.test(name) && name !== "secret";
}

/** Bases and labels say nothing of what is in them; what a kustomization makes or patches itself does. */
function ofKustomization({ body }: DeclaredResource): Category {
  const names = body.fields.map(({ name }) => name);
  if (names.includes("secretGenerator")) return "secrets";
  return names.some((name) => PATCHES.has(name)) ? "compute" : "other";
}

const PATCHES = new Set(["images", "replicas", "patches", "patchesStrategicMerge", "patchesJson6902"]);

/** Modules about who may do what. */
const ACCOUNTS =
  /(?:^|\.)(?:(?:mysql|postgresql|mongodb|mssql|proxysql|clickhouse|rabbitmq|influxdb|grafana|keycloak|ipa|ldap|win|win_domain)_(?:user|role|privs|owner|membership|group|sudorule|hbacrule)\w*|user|group|authorized_key|htpasswd|sudoers|pamd|iam_\w+)$/;
/** Services and packages that keep others out. */
const FIREWALLS = /^(?:firewalld|ufw|nftables|iptables|netfilter-persistent|fail2ban)(?:\.service)?$/;
/** Work that keeps copies. */
const COPIES = /backup|dump|snapshot|restic|borg|pgbackrest|wal-g|barman/i;
/** Modules that speak, ask and include. */
const BESIDES =
  /(?:^|\.)(?:uri|debug|assert|fail|pause|set_fact|setup|meta|include_tasks|import_tasks|include_role|import_role|include_vars|wait_for|wait_for_connection|add_host|group_by|set_stats|async_status)$/;

/** A task's module says how, and its arguments say of what. */
function ofTask(resource: DeclaredResource, byType: Category | undefined): Category {
  if (resource.type === "vars") return byContent(resource);
  if (/ufw|iptables|nftables|firewalld|firewall/.test(resource.type)) return "network";
  if (ACCOUNTS.test(resource.type)) return "iam";
  if (BESIDES.test(resource.type)) return "other";
  const texts = flattenValue(resource.body).slice(0, 200);
  if (texts.some(({ name, text }) => name === "name" && FIREWALLS.test(text))) return "network";
  if (texts.some(({ text }) => /sudoers|authorized_keys/.test(text))) return "iam";
  if (
    texts.some(
      ({ name, text }) => /^(?:dest|path|src)$/.test(name) && /\/private\/|\.(?:key|pem|p12)$/.test(text),
    )
  )
    return "secrets";
  if (
    /(?:^|\.)cron$/.test(resource.type) &&
    texts.some(({ name, text }) => /^(?:name|job)$/.test(name) && COPIES.test(text))
  )
    return "data";
  const isWatch = texts.some(
    ({ name, text }) => name === "name" && /^(?:auditd|rsyslog|osqueryd|falco)/.test(text),
  );
  return isWatch || /selinux|apparmor/.test(resource.type) ? "other" : (byType ?? "compute");
}

const KNOWN = new Map<string, Category | undefined>();
const MOST_KNOWN = 10_000;

/** Of few types there are many resources. */
function findByType(key: string): Category | undefined {
  if (KNOWN.has(key)) return KNOWN.get(key);
  const found = find(BY_TYPE, key);
  if (KNOWN.size < MOST_KNOWN && key.length < 200) KNOWN.set(key, found);
  return found;
}

function find(table: readonly (readonly [Category, RegExp])[], key: string): Category | undefined {
  return table.find(([, pattern]) => pattern.test(key))?.[0];
}

function toKey(type: string): string {
  return toSnake(type.replace(/(?:::|[./:])+/g, "_"));
}

/** A module, variable or value whose name says nothing is what its arguments are about. */
function byContent({ body }: DeclaredResource): Category {
  const values = flattenValue(body).slice(0, 200);
  for (const { name } of values) {
    const category = /^(?:source|version|default|type|description|value|name|count|for_each|sensitive)$/.test(
      name,
    )
      ? undefined
      : find(BY_NAME, toKey(name));
    if (category !== undefined) return category;
  }
  return values.some(({ text }) => NETWORK.test(text)) ? "network" : "other";
}

const NETWORK = /^(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[\da-f:]{2,40}::?\/\d{1,3}$/i;
