// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block } from "../assess.fixture.ts";

const actionOf = (path: string, before: string, after: string) =>
  assessFile(path, before, after).resources[0]?.action;
const terraform = (type: string, before: string, after: string) =>
  actionOf("a.tf", block(type, before), block(type, after));
const template = (type: string, property: string) =>
  `Resources:\n  A:\n    Type: ${type}\n    Properties:\n      ${property}\n`;

describe("what a provider makes anew", () => {
  it.each([
    ["aws_instance", 'ami = "ami-1"', 'ami = "ami-2"'],
    ["aws_security_group", 'description = "a"', 'description = "b"'],
    ["aws_lb_target_group", "port = 80", "port = 8080"],
    ["aws_ecs_task_definition", "cpu = 256", "cpu = 512"],
    ["aws_lambda_permission", 'source_arn = "a"', ""],
    ["aws_iam_role", 'path = "/"', 'path = "/a/"'],
    ["azurerm_subnet", 'resource_group_name = "a"', 'resource_group_name = "b"'],
    ["azurerm_kubernetes_cluster", "private_cluster_enabled = true", "private_cluster_enabled = false"],
    ["google_compute_subnetwork", 'region = "a"', 'region = "b"'],
    ["google_project_iam_member", 'role = "roles/viewer"', 'role = "roles/browser"'],
  ])("%s: %s → %s", (type, before, after) => {
    expect(terraform(type, before, after)).toBe("replace");
  });

  it.each([
    ["aws_instance", 'instance_type = "a"', 'instance_type = "b"'],
    ["aws_route", "gateway_id = aws_a.b.id", "gateway_id = aws_a.c.id"],
    ["aws_route_table_association", "route_table_id = aws_a.b.id", "route_table_id = aws_a.c.id"],
    ["aws_security_group_rule", 'description = "a"', 'description = "b"'],
    ["aws_ecs_task_definition", "tags = { a = 1 }", "tags = { a = 2 }"],
    ["azurerm_storage_account", 'min_tls_version = "TLS1_0"', 'min_tls_version = "TLS1_2"'],
    ["google_compute_firewall", "priority = 1", "priority = 2"],
    ["some_thing", 'name = "a"', 'name = "b"'],
  ])("and what it changes in place: %s: %s → %s", (type, before, after) => {
    expect(terraform(type, before, after)).toBe("update");
  });

  it.each([
    ["AWS::EC2::NetworkAclEntry", "RuleNumber: 1", "RuleNumber: 2", "replace"],
    ["AWS::EC2::NetworkAclEntry", "CidrBlock: 10.0.0.0/8", "CidrBlock: 10.1.0.0/16", "update"],
    ["AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme: internal", "Scheme: internet-facing", "replace"],
    ["AWS::IAM::Role", "RoleName: a", "RoleName: b", "replace"],
    ["AWS::Lambda::Function", "MemorySize: 128", "MemorySize: 256", "update"],
  ])("%s: %s → %s: %s", (type, before, after, action) => {
    expect(actionOf("a.yaml", template(type, before), template(type, after))).toBe(action);
  });

  it("a binding whose role is another, and a workload that selects others", () => {
    const binding = (role: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: a }\nroleRef: { kind: Role, name: ${role} }\n`;
    expect(actionOf("a.yaml", binding("a"), binding("b"))).toBe("replace");
    const workload = (app: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { selector: { matchLabels: { app: ${app} } } }\n`;
    expect(actionOf("a.yaml", workload("a"), workload("b"))).toBe("replace");
  });
});
