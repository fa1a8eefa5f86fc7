// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "../assess.fixture.ts";

const P = "protection-off";
const W = "privilege-widened";

describe("who gets into accounts, groups and machines", () => {
  it.each([
    ["aws_iam_group_membership", 'users = ["a"]', 'users = ["a", "b"]', W],
    ["aws_iam_group_membership", 'users = ["a", "b"]', 'users = ["a"]', ""],
    ["aws_iam_user_group_membership", 'groups = ["readers"]', 'groups = ["readers", "admins"]', W],
    ["aws_ec2_client_vpn_authorization_rule", 'access_group_id = "g"', "authorize_all_groups = true", W],
    ["aws_key_pair", 'public_key = "ssh-ed25519 A"', 'public_key = "ssh-ed25519 B"', W],
    ["digitalocean_droplet", 'ssh_keys = ["1"]', 'ssh_keys = ["1", "2"]', W],
    [
      "google_compute_instance",
      'metadata = { ssh-keys = "a:ssh-rsa A\\nb:ssh-rsa B" }',
      'metadata = { ssh-keys = "a:ssh-rsa A" }',
      "",
    ],
    [
      "aws_eks_node_group",
      'remote_access {\n ec2_ssh_key = "k"\n source_security_group_ids = ["g"]\n }',
      'remote_access {\n ec2_ssh_key = "k"\n }',
      "cidr-opened",
    ],
    ["aws_ebs_snapshot_block_public_access", 'state = "block-all-sharing"', 'state = "unblocked"', P],
    [
      "aws_vpc_block_public_access_options",
      'internet_gateway_block_mode = "block-bidirectional"',
      'internet_gateway_block_mode = "off"',
      P,
    ],
    ["aws_route53_hosted_zone_dnssec", 'signing_status = "SIGNING"', 'signing_status = "NOT_SIGNING"', P],
    ["aws_organizations_policy_attachment", 'target_id = "prod"', 'target_id = "sandbox"', W],
    [
      "gitlab_project",
      "only_allow_merge_if_pipeline_succeeds = true",
      "only_allow_merge_if_pipeline_succeeds = false",
      P,
    ],
    ["tfe_workspace", "auto_apply = false", "auto_apply = true", P],
    ["aws_elasticache_cluster", 'az_mode = "cross-az"', 'az_mode = "single-az"', "capacity-removed"],
    [
      "github_actions_secret",
      "plaintext_value = var.a",
      'plaintext_value = "rgt_7Qm2Zx9Lk4Vb8Nc1"',
      "secret-exposed",
    ],
    [
      "aws_guardduty_organization_configuration",
      'auto_enable_organization_members = "ALL"',
      'auto_enable_organization_members = "NONE"',
      "audit-off",
    ],
    ["aws_securityhub_organization_configuration", "auto_enable = true", "auto_enable = false", "audit-off"],
    ["aws_ecr_registry_scanning_configuration", 'scan_type = "ENHANCED"', 'scan_type = "BASIC"', P],
    ["aws_kinesis_stream", 'kms_key_id = "a"', 'kms_key_id = "b"', ""],
  ])("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it.each([
    ["aws_organizations_policy_attachment", W],
    ["digitalocean_database_firewall", "cidr-opened"],
    ["aws_route53recoverycontrolconfig_safety_rule", P],
    ["aws_ec2_image_block_public_access", P],
  ])("%s taken away", (type, codes) => {
    expect(codesOf("a.tf", block(type, 'name = "a"'), null)).toBe(codes);
  });

  it.each([
    ['"acme/shop:environment:production"', '"acme/*"', W],
    ['"acme/*"', '"acme/shop:environment:production"', ""],
  ])("subjects of a role's module: %s → %s", (before, after, codes) => {
    const call = (subject: string) =>
      `module "iam_oidc" {\n  source = "acme/oidc/aws"\n  version = "1.0.0"\n  subjects = [${subject}]\n}\n`;
    expect(codesOf("a.tf", call(before), call(after))).toBe(codes);
  });

  it("a broker that is made anew with one instance loses its standby and what waits in it", () => {
    const broker = (mode: string) => block("aws_mq_broker", `deployment_mode = "${mode}"`);
    const touched = assessFile("a.tf", broker("ACTIVE_STANDBY_MULTI_AZ"), broker("SINGLE_INSTANCE"));
    expect(summarize(touched)).toEqual([
      "replace aws_mq_broker.a data: capacity-removed, data-store-replaced",
    ]);
  });
});
