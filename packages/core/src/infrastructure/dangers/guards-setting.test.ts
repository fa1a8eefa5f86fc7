// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

type Row = readonly [type: string, before: string, after: string, codes: string];
const P = "protection-off";
const named = (name: string, value: string) => `name = "${name}"\n value = "${value}"`;
const parameter = (name: string, value: string) => `parameter {\n ${named(name, value)}\n}`;

const ROWS: readonly Row[] = [
  ["aws_db_parameter_group", parameter("rds.force_ssl", "1"), parameter("rds.force_ssl", "0"), P],
  ["aws_db_parameter_group", parameter("rds.force_ssl", "0"), parameter("rds.force_ssl", "1"), ""],
  ["aws_db_parameter_group", parameter("rds.force_ssl", "1"), "", P],
  ["aws_db_parameter_group", parameter("work_mem", "1"), parameter("work_mem", "0"), ""],
  ["aws_db_parameter_group", parameter("pgaudit.log", "all"), parameter("pgaudit.log", "none"), "audit-off"],
  ["aws_docdb_cluster_parameter_group", parameter("tls", "enabled"), parameter("tls", "disabled"), P],
  [
    "azurerm_postgresql_flexible_server_configuration",
    named("require_secure_transport", "on"),
    named("require_secure_transport", "off"),
    P,
  ],
  [
    "google_sql_database_instance",
    `database_flags {\n ${named("local_infile", "off")}\n}`,
    `database_flags {\n ${named("local_infile", "on")}\n}`,
    P,
  ],
  [
    "helm_release",
    `set {\n ${named("securityContext.privileged", "false")}\n}`,
    `set {\n ${named("securityContext.privileged", "true")}\n}`,
    "isolation-lost",
  ],
  [
    "helm_release",
    "values = [<<EOT\nauth:\n  enabled: true\nEOT\n]",
    "values = [<<EOT\nauth:\n  enabled: false\nEOT\n]",
    P,
  ],
  [
    "cloudflare_zone_setting",
    'setting_id = "min_tls_version"\n value = "1.2"',
    'setting_id = "min_tls_version"\n value = "1.0"',
    P,
  ],
  [
    "aws_lambda_function",
    'environment {\n variables = { AUTH = "true" }\n}',
    'environment {\n variables = { AUTH = "false" }\n}',
    "",
  ],
  ["aws_s3_bucket_object_lock_configuration", 'mode = "COMPLIANCE"', 'mode = "GOVERNANCE"', P],
  ["aws_autoscaling_group", 'health_check_type = "ELB"', 'health_check_type = "EC2"', "failover-changed"],
  [
    "aws_cloudtrail",
    'event_selector {\n read_write_type = "All"\n}',
    'event_selector {\n read_write_type = "WriteOnly"\n}',
    "audit-off",
  ],
  [
    "google_container_cluster",
    'logging_service = "logging.googleapis.com/kubernetes"',
    'logging_service = "none"',
    "audit-off",
  ],
  [
    "google_compute_subnetwork",
    "log_config {\n flow_sampling = 1.0\n}",
    "log_config {\n flow_sampling = 0.1\n}",
    "audit-off",
  ],
  [
    "google_logging_project_sink",
    'filter = "x"',
    'filter = "x"\n exclusions {\n filter = "y"\n}',
    "audit-off",
  ],
  [
    "azurerm_mysql_flexible_server",
    'high_availability {\n mode = "ZoneRedundant"\n}',
    'high_availability {\n mode = "SameZone"\n}',
    "capacity-removed",
  ],
  ["azurerm_mysql_flexible_server", 'high_availability {\n mode = "SameZone"\n}', "", "capacity-removed"],
  [
    "aws_lambda_function",
    "reserved_concurrent_executions = 9",
    "reserved_concurrent_executions = 0",
    "capacity-removed",
  ],
  [
    "google_compute_instance_group_manager",
    'auto_healing_policies {\n health_check = "x"\n}',
    "",
    "failover-changed",
  ],
  [
    "aws_cloudwatch_event_rule",
    'name = "nightly-backup"\n state = "ENABLED"',
    'name = "nightly-backup"\n state = "DISABLED"',
    P,
  ],
  ["azurerm_traffic_manager_azure_endpoint", "priority = 1", "priority = 2", "failover-changed"],
  ["gitlab_branch_protection", 'push_access_level = "no one"', 'push_access_level = "developer"', P],
];

describe("settings and strengths", () => {
  it.each(ROWS)("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("an exclusion throws entries away as soon as it is there, and no longer when it is gone", () => {
    const text = block("google_logging_project_exclusion", 'filter = "x"');
    expect(codesOf("a.tf", null, text)).toBe("audit-off");
    expect(codesOf("a.tf", text, null)).toBe("");
  });
});

describe("what a guard leaves alone", () => {
  const rule = (inner: string) => `rule {\n name = "r"\n priority = 1\n ${inner}\n}`;
  const rows: readonly Row[] = [
    ["aws_wafv2_web_acl", rule("override_action {\n none {}\n}"), rule("override_action {\n count {}\n}"), P],
    [
      "aws_wafv2_web_acl",
      rule("override_action {\n count {}\n}"),
      rule("override_action {\n none {}\n}"),
      "",
    ],
    ["aws_wafv2_web_acl", rule("action {\n block {}\n}"), rule("action {\n count {}\n}"), P],
    ["cloudflare_ruleset", 'rules {\n action = "block"\n}', 'rules {\n action = "log"\n}', P],
    [
      "cloudflare_ruleset",
      'rules {\n action = "block"\n enabled = true\n}',
      'rules {\n action = "block"\n enabled = false\n}',
      P,
    ],
    [
      "google_compute_security_policy",
      'rule {\n action = "deny(403)"\n}',
      'rule {\n action = "deny(403)"\n preview = true\n}',
      P,
    ],
    ["google_compute_security_policy", 'rule {\n action = "deny(403)"\n}', 'rule {\n action = "allow"\n}', P],
    ["azurerm_resource_group_policy_assignment", 'not_scopes = ["a"]', 'not_scopes = ["a", "b"]', P],
    ["azurerm_resource_group_policy_assignment", 'not_scopes = ["a", "b"]', 'not_scopes = ["a"]', ""],
    [
      "github_repository_ruleset",
      "rules {\n deletion = true\n}",
      'bypass_actors {\n actor_type = "Team"\n}\nrules {\n deletion = true\n}',
      P,
    ],
    [
      "github_branch_protection",
      'required_status_checks {\n contexts = ["ci", "scan"]\n}',
      'required_status_checks {\n contexts = ["ci"]\n}',
      P,
    ],
    [
      "google_access_context_manager_service_perimeter",
      'status {\n restricted_services = ["a", "b"]\n}',
      'status {\n restricted_services = ["a"]\n}',
      P,
    ],
    [
      "cloudflare_zero_trust_access_policy",
      'include {\n email = ["a"]\n}\nrequire {\n auth_method = "mfa"\n}',
      'include {\n email = ["a"]\n}',
      P,
    ],
  ];
  it.each(rows)("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });
});
