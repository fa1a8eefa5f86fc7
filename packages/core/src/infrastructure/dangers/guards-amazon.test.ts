// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

type Row = readonly [type: string, before: string, after: string, codes: string];
const P = "protection-off";

const ROWS: readonly Row[] = [
  [
    "aws_api_gateway_method",
    'authorization = "AWS_IAM"',
    'authorization = "NONE"',
    `${P} wildcard-principal`,
  ],
  [
    "aws_lambda_function_url",
    'authorization_type = "AWS_IAM"',
    'authorization_type = "NONE"',
    `${P} wildcard-principal`,
  ],
  ["aws_api_gateway_method", "api_key_required = true", "api_key_required = false", P],
  ["aws_lb_listener", 'protocol = "HTTPS"', 'protocol = "HTTP"', P],
  [
    "aws_lb_listener",
    'ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"',
    'ssl_policy = "ELBSecurityPolicy-2016-08"',
    P,
  ],
  ["aws_lb", "drop_invalid_header_fields = true", "drop_invalid_header_fields = false", P],
  ["aws_lb", "enable_deletion_protection = true", "", P],
  ["aws_lb", "access_logs {\n enabled = true\n}", "access_logs {\n enabled = false\n}", "audit-off"],
  [
    "aws_cloudfront_distribution",
    'viewer_certificate {\n minimum_protocol_version = "TLSv1.2_2021"\n}',
    'viewer_certificate {\n minimum_protocol_version = "TLSv1"\n}',
    P,
  ],
  ["aws_cloudfront_distribution", "web_acl_id = aws_wafv2_web_acl.a.arn", "", P],
  ["aws_cloudfront_distribution", 'logging_config {\n bucket = "b"\n}', "", "audit-off"],
  [
    "aws_cloudfront_distribution",
    'custom_origin_config {\n origin_protocol_policy = "https-only"\n}',
    'custom_origin_config {\n origin_protocol_policy = "http-only"\n}',
    P,
  ],
  ["aws_ecr_repository", 'image_tag_mutability = "IMMUTABLE"', 'image_tag_mutability = "MUTABLE"', P],
  [
    "aws_ecr_repository",
    "image_scanning_configuration {\n scan_on_push = true\n}",
    "image_scanning_configuration {\n scan_on_push = false\n}",
    P,
  ],
  ["aws_eks_cluster", 'enabled_cluster_log_types = ["api", "audit"]', "", "audit-off"],
  ["aws_eks_cluster", 'encryption_config {\n resources = ["secrets"]\n}', "", P],
  ["aws_elasticache_replication_group", "snapshot_retention_limit = 7", "snapshot_retention_limit = 0", P],
  [
    "aws_opensearch_domain",
    "node_to_node_encryption {\n enabled = true\n}",
    "node_to_node_encryption {\n enabled = false\n}",
    P,
  ],
  [
    "aws_opensearch_domain",
    "domain_endpoint_options {\n enforce_https = true\n}",
    "domain_endpoint_options {\n enforce_https = false\n}",
    P,
  ],
  ["aws_sqs_queue", "sqs_managed_sse_enabled = true", "sqs_managed_sse_enabled = false", P],
  ["aws_sns_topic", "kms_master_key_id = aws_kms_key.a.id", "", P],
  ["aws_kinesis_stream", 'encryption_type = "KMS"', 'encryption_type = "NONE"', P],
  [
    "aws_msk_cluster",
    'encryption_in_transit {\n client_broker = "TLS"\n}',
    'encryption_in_transit {\n client_broker = "TLS_PLAINTEXT"\n}',
    P,
  ],
  [
    "aws_msk_cluster",
    "client_authentication {\n unauthenticated = false\n}",
    "client_authentication {\n unauthenticated = true\n}",
    "protection-off wildcard-principal",
  ],
  ["aws_iam_account_password_policy", "minimum_password_length = 14", "minimum_password_length = 6", P],
  ["aws_cognito_user_pool", 'mfa_configuration = "ON"', 'mfa_configuration = "OFF"', P],
  ["aws_secretsmanager_secret", "recovery_window_in_days = 30", "recovery_window_in_days = 0", P],
  ["aws_config_configuration_recorder_status", "is_enabled = true", "is_enabled = false", "audit-off"],
  ["aws_cloudwatch_metric_alarm", "actions_enabled = true", "actions_enabled = false", "audit-off"],
  ["aws_ebs_encryption_by_default", "enabled = true", "enabled = false", P],
  [
    "aws_instance",
    "root_block_device {\n encrypted = true\n}",
    "root_block_device {\n encrypted = false\n}",
    P,
  ],
  [
    "aws_instance",
    "associate_public_ip_address = false",
    "associate_public_ip_address = true",
    "isolation-lost",
  ],
  [
    "aws_ecs_service",
    "network_configuration {\n assign_public_ip = false\n}",
    "network_configuration {\n assign_public_ip = true\n}",
    "isolation-lost",
  ],
  ["aws_lambda_function", 'vpc_config {\n subnet_ids = ["a"]\n}', "", "isolation-lost"],
  ["aws_lambda_function", "code_signing_config_arn = aws_lambda_code_signing_config.a.arn", "", P],
  [
    "aws_backup_plan",
    "rule {\n lifecycle {\n delete_after = 35\n}\n}",
    "rule {\n lifecycle {\n delete_after = 3\n}\n}",
    P,
  ],
  [
    "aws_networkfirewall_firewall_policy",
    'firewall_policy {\n stateless_default_actions = ["aws:drop"]\n}',
    'firewall_policy {\n stateless_default_actions = ["aws:pass"]\n}',
    P,
  ],
  ["aws_networkfirewall_firewall", "delete_protection = true", "delete_protection = false", P],
  ["aws_transfer_server", 'endpoint_type = "VPC"', 'endpoint_type = "PUBLIC"', "isolation-lost"],
  [
    "aws_ram_resource_share",
    "allow_external_principals = false",
    "allow_external_principals = true",
    "privilege-widened",
  ],
  [
    "aws_efs_backup_policy",
    'backup_policy {\n status = "ENABLED"\n}',
    'backup_policy {\n status = "DISABLED"\n}',
    P,
  ],
  [
    "aws_rds_cluster",
    "iam_database_authentication_enabled = true",
    "iam_database_authentication_enabled = false",
    P,
  ],
  ["aws_redshift_cluster", "publicly_accessible = false", "publicly_accessible = true", "isolation-lost"],
  [
    "aws_sagemaker_notebook_instance",
    'direct_internet_access = "Disabled"',
    'direct_internet_access = "Enabled"',
    "isolation-lost",
  ],
  [
    "aws_s3_bucket_ownership_controls",
    'rule {\n object_ownership = "BucketOwnerEnforced"\n}',
    'rule {\n object_ownership = "ObjectWriter"\n}',
    P,
  ],
  [
    "aws_athena_workgroup",
    "configuration {\n enforce_workgroup_configuration = true\n}",
    "configuration {\n enforce_workgroup_configuration = false\n}",
    P,
  ],
];

describe("a guard that Amazon's documentation names", () => {
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
