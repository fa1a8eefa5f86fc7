// SPDX-License-Identifier: Apache-2.0
import { flattenValue } from "./configuration-value.ts";
import { toSnake } from "./dangers/change-view.ts";
import { findStatements } from "./find-statements.ts";
import type { Category, DeclaredResource } from "./resource.ts";

/** First match decides, so what is narrower stands first. Types in snake case; `::`, `.` and `:` separate as `_` does. */
const BY_TYPE: readonly (readonly [Category, RegExp])[] = [
  [
    "iam",
    /(?:^|_)iam_|_iam$|(?:^|_)organizations?_|ssoadmin|sso_admin|role_assignment|role_definition|azuread_|service_account(?!_key)|cognito_(?:user|identity)|bucket_policy|queue_policy|topic_policy|lambda_permission|repository_policy|resource_policy|access_policy|(?:^|_)(?:cluster_)?role(?:_binding)?$|authorization_policy|request_authentication|server_authorization|(?:network|mesh_tls)_authentication|webhook_configuration|admission_policy|key_policy|vpc_endpoint_policy|pod_identity|access_entry|aws_auth/,
  ],
  [
    "secrets",
    /secret|kms|key_vault|ssm_parameter|crypto_key|tls_private_key|vault_|acm_certificate|certificate|keyring|key_ring|service_account_key|password/,
  ],
  [
    "failover",
    /route_?53|dns_|_dns|health_check|healthcheck|global_?accelerator|global_cluster|global_replication|traffic_manager|failover|cloudflare_(?:record|load_balancer)|record_set|recordset|application_recovery|arc_|front_?door/,
  ],
  [
    "network",
    /network_acl|security_group|security_rule|security_list|vpc$|vpc_endpoint|vpc_cidr|subnet|firewall|network_policy|_nsg|waf|prefix_list|_eip|shield|flow_log|elastic_ip|peer_authentication|sidecar$|envoy_filter|service_entry|ip_set|(?:^|_)(?:lb|alb|elb|nlb)$|load_?balancer$|virtual_network|compute_network|cilium|global_network|private_link|authorized_network|^service$|_service_v1$|network_interface|container_network/,
  ],
  [
    "routing",
    /route_table|_route$|_routes?_|_route\b|^route$|http_?route|tcp_?route|grpc_?route|tls_?route|transit_gateway|vpc_peering|vpn_|router|internet_gateway|nat_gateway|customer_gateway|dx_|listener|target_group|cloudfront|cdn_|api_gateway|apigateway|ingress|virtual_service|destination_rule|url_map|forwarding_rule|app_?mesh|^gateway$|backend_service|service_profile|traffic_split|service_router|service_splitter|service_resolver|_lb_|_alb_|_elb_|mapping|^envoy$|api_mapping/,
  ],
  [
    "data",
    /(?:^|_)db_|dbinstance|dbcluster|rds|dynamo_?db|_sql_|sql_database|sql_|s3|storage|bigquery|bigtable|spanner|redshift|elasti_?cache|opensearch|elasticsearch|efs|fsx|ebs|ec2_volume|backup|sqs|sns_|kinesis|msk|kafka|doc_?db|neptune|cosmosdb|postgresql|postgres|mysql|mariadb|mongo|redis|firestore|filestore|persistent_volume|disk|glacier|memorydb|database|volume_snapshot|dlm_|table$|bucket|spanner/,
  ],
  [
    "pipeline",
    /codebuild|codepipeline|codedeploy|code_build|code_pipeline|cloudbuild|github_|gitlab_|devops|tfe_|^workflow$|^job$|tekton|argo|application_set|^application$|ecr_/,
  ],
  [
    "compute",
    /instance|auto_?scal|ecs|eks|lambda|launch_|batch|container|kubernetes|cloud_run|cloudfunctions|app_service|function|virtual_machine|node_pool|node_group|deployment|stateful_set|daemon_set|replica_set|^pod|cron_job|helm_release|cluster|droplet|vm$|scale_set|horizontal_pod|pod_disruption|^stage$|serverless/,
  ],
];

/** By name, for what has no type of its own: variables, locals, outputs, modules, values. */
const BY_NAME: readonly (readonly [Category, RegExp])[] = [
  ["network", /network_polic|source_ranges|^service$/],
  ["compute", /security_context|privileged|pod_security/],
  ["secrets", /password|secret|token|api_key|private_key|credential|kms|cert/],
  ["iam", /(?:^|_)iam|polic|role|permission|principal|admin_arns?|assume|service_account|rbac|deployer/],
  [
    "network",
    /cidr|ingress(?!_class)|egress|security_group|firewall|vpc|subnet|allowed_ip|whitelist|allowlist|public_access|network|acl/,
  ],
  ["failover", /failover|dns|health_?check|weight|record|domain|region|probe/],
  ["routing", /route|gateway|listener|peering|ingress|lb_|load_balancer|target|virtual_service/],
  [
    "data",
    /db|database|rds|bucket|storage|backup|deletion_protection|retention|snapshot|dynamo|s3|redis|postgres|mysql|persistence|volume|multi_az/,
  ],
  ["pipeline", /pipeline|build|deploy_key|runner/],
  [
    "compute",
    /instance|count|replica|size|capacity|image|cpu|memory|node|container|autoscal|cluster|resources|tolerations|affinity/,
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
  const key = toKey(type.replace(/^(?:data|ephemeral)\./, ""));
  const byType = BY_NAME_ONLY.has(type) ? undefined : find(BY_TYPE, key);
  if (kind === "kustomize") return byContent(resource);
  if (kind === "ansible") return ofTask(resource, byType);
  if (byType === "secrets" || byType === "iam") return byType;
  if (byType === undefined && UNCATEGORIZED.test(key)) return "other";
  if (findStatements(resource.body).length > 0) return "iam";
  return byType ?? (BY_NAME_ONLY.has(type) ? (find(BY_NAME, toKey(name)) ?? byContent(resource)) : "other");
}

/** A task's module says how, and its arguments say of what. */
function ofTask(resource: DeclaredResource, byType: Category | undefined): Category {
  if (resource.type === "vars") return byContent(resource);
  if (/ufw|iptables|nftables|firewalld|firewall/.test(resource.type)) return "network";
  const texts = flattenValue(resource.body).slice(0, 200);
  if (texts.some(({ text }) => /sudoers|authorized_keys/.test(text))) return "iam";
  if (
    texts.some(
      ({ name, text }) => /^(?:dest|path|src)$/.test(name) && /\/private\/|\.(?:key|pem|p12)$/.test(text),
    )
  )
    return "secrets";
  const isWatch = texts.some(
    ({ name, text }) => name === "name" && /^(?:auditd|rsyslog|osqueryd|falco)/.test(text),
  );
  return isWatch || /selinux|apparmor/.test(resource.type) ? "other" : (byType ?? "compute");
}

function find(table: readonly (readonly [Category, RegExp])[], key: string): Category | undefined {
  return table.find(([, pattern]) => pattern.test(key))?.[0];
}

function toKey(type: string): string {
  return toSnake(type.replace(/(?:::|[./:])+/g, "_"));
}

/** A module, variable or value whose name says nothing is what its arguments are about. */
function byContent({ body }: DeclaredResource): Category {
  for (const { name } of flattenValue(body).slice(0, 200)) {
    const category = /^(?:source|version|default|type|description|value|name|count|for_each|sensitive)$/.test(
      name,
    )
      ? undefined
      : find(BY_NAME, toKey(name));
    if (category !== undefined) return category;
  }
  return "other";
}
