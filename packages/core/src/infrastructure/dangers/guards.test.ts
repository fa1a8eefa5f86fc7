// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const P = "protection-off";

describe("what is taken away", () => {
  it.each([
    ["aws_wafv2_web_acl_association", P],
    ["aws_s3_bucket_server_side_encryption_configuration", P],
    ["aws_secretsmanager_secret_rotation", P],
    ["aws_backup_vault_lock_configuration", P],
    ["aws_accessanalyzer_analyzer", "audit-off"],
    ["aws_securityhub_account", "audit-off"],
    ["aws_cloudwatch_metric_alarm", "audit-off"],
    ["azurerm_management_lock", P],
    ["azurerm_monitor_diagnostic_setting", "audit-off"],
    ["azurerm_subnet_network_security_group_association", P],
    ["google_logging_project_sink", "audit-off"],
    ["google_project_iam_audit_config", "audit-off"],
    ["github_branch_protection", P],
    ["cloudflare_zone_dnssec", P],
  ])("%s is %s", (type, expected) => {
    expect(
      codesOf("a.tf", `${block(type, "x = 1")}${block("aws_eip", "x = 1")}`, block("aws_eip", "x = 1")),
    ).toBe(expected);
  });
});

describe("what guards nothing", () => {
  it.each([
    [
      "azurerm_linux_web_app",
      "site_config {\n http2_enabled = true\n}",
      "site_config {\n http2_enabled = false\n}",
    ],
    ["aws_db_instance", "apply_immediately = false", "apply_immediately = true"],
    ["aws_instance", 'tags = {\n encrypted = "true"\n}', 'tags = {\n encrypted = "false"\n}'],
    [
      "aws_lambda_function",
      'environment {\n variables = {\n TLS = "on"\n}\n}',
      "environment {\n variables = {\n}\n}",
    ],
    ["aws_cloudfront_distribution", "is_ipv6_enabled = true", "is_ipv6_enabled = false"],
    [
      "aws_lb_listener",
      'idle = 1\n ssl_policy = "ELBSecurityPolicy-2016-08"',
      'idle = 1\n ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"',
    ],
  ])("%s: %s → %s", (type, before, after) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe("");
  });
});
