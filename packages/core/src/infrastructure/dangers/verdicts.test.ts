// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const ORDER = "rule-order-changed";
const OPENED = "cidr-opened";
const ALLOW = '{ action = "allow", cidr = "10.0.0.0/8" }';
const DENY = '{ action = "deny", cidr = "10.9.0.0/16" }';
const LATER = '{ action = "allow", cidr = "10.1.0.0/16" }';
const local = (...rules: readonly string[]) => `locals {\n  nacl_rules = [${rules.join(", ")}]\n}\n`;
const terraform = (type: string, before: string, after: string) =>
  codesOf("a.tf", block(type, before), block(type, after));
const inbound = (action: string, range: string) =>
  `inbound {\n action = "${action}"\n ipv4 = ["${range}"]\n}\n`;
const object = (api: string, kind: string, spec: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: a }\nspec:\n${spec}\n`;
const hba = (...lines: readonly string[]) =>
  object(
    "postgresql.cnpg.io/v1",
    "Cluster",
    `  postgresql:\n    pg_hba:\n${lines.map((line) => `      - ${line}\n`).join("")}`,
  );
const gitlab = (...rules: readonly string[]) =>
  `deploy:\n  script: [make deploy]\n  rules: [${rules.join(", ")}]\n`;

describe("contrary rules of which the first that matches decides", () => {
  it.each([
    ["a refusal goes behind what it refused", local(DENY, ALLOW), local(ALLOW, DENY), ORDER],
    ["what lets pass is put before a refusal", local(DENY), local(ALLOW, DENY), `${OPENED} ${ORDER}`],
    ["rules of one verdict change places", local(ALLOW, LATER, DENY), local(LATER, ALLOW, DENY), ""],
    ["a rule joins behind the others", local(DENY, ALLOW), local(DENY, ALLOW, LATER), ""],
    ["a refusal joins in front", local(ALLOW), local(DENY, ALLOW), ""],
  ])("in a local list: %s", (_, before, after, codes) => {
    expect(codesOf("a.tf", before, after)).toBe(codes);
  });

  it.each([
    [
      "blocks of a firewall",
      "linode_firewall",
      inbound("DROP", "203.0.113.0/24") + inbound("ACCEPT", "198.51.100.0/24"),
      inbound("ACCEPT", "198.51.100.0/24") + inbound("DROP", "203.0.113.0/24"),
      ORDER,
    ],
    [
      "names of rules",
      "openstack_fw_policy_v2",
      "rules = [a.deny.id, a.all.id]",
      "rules = [a.all.id, a.deny.id]",
      ORDER,
    ],
    ["the rank of a rule about logins", "okta_app_signon_policy_rule", "priority = 5", "priority = 1", ORDER],
    ["the rank of an access policy", "cloudflare_access_policy", "precedence = 5", "precedence = 1", ORDER],
    [
      "statements of IAM, whose order means nothing",
      "aws_iam_policy",
      statements("Allow", "Deny"),
      statements("Deny", "Allow"),
      "",
    ],
  ])("%s", (_, type, before, after, codes) => {
    expect(terraform(type, before, after)).toBe(codes);
  });

  it("counts lines of pg_hba and rules of GitLab, which are asked in order", () => {
    const [some, none] = ["hostssl all all 10.0.0.0/8 scram-sha-256", "host all all all reject"];
    expect(codesOf("a.yaml", hba(some, none), hba(none, some))).toBe(ORDER);
    const [never, always] = ["{ if: $A, when: never }", "{ if: $B }"];
    expect(codesOf(".gitlab-ci.yml", gitlab(never, always), gitlab(always, never))).toBe(ORDER);
    expect(
      codesOf(".gitlab-ci.yml", gitlab("{ if: $B }", "{ if: $C }"), gitlab("{ if: $C }", "{ if: $B }")),
    ).toBe("");
  });

  it("tells the same rule with the contrary verdict", () => {
    const rule = (action: string) =>
      object(
        "projectcalico.org/v3",
        "GlobalNetworkPolicy",
        `  ingress: [{ action: ${action}, source: { nets: [10.0.0.0/8] } }]`,
      );
    expect(codesOf("a.yaml", rule("Deny"), rule("Allow"))).toBe(OPENED);
    expect(codesOf("a.yaml", rule("Allow"), rule("Deny"))).toBe("");
  });
});

function statements(...effects: readonly string[]): string {
  const all = effects.map((effect) => `{ Effect = "${effect}", Action = "s3:${effect}Get", Resource = "*" }`);
  return `policy = jsonencode({ Statement = [${all.join(", ")}] })`;
}

describe("what becomes of what no rule names", () => {
  it.each([
    ["linode_firewall", 'inbound_policy = "DROP"', 'inbound_policy = "ACCEPT"', OPENED],
    ["linode_firewall", 'outbound_policy = "DROP"', 'outbound_policy = "ACCEPT"', "protection-off"],
    ["linode_firewall", 'inbound_policy = "ACCEPT"', 'inbound_policy = "DROP"', ""],
    ["scaleway_instance_security_group", 'inbound_default_policy = "drop"', 'name = "a"', OPENED],
    [
      "proxmox_virtual_environment_cluster_firewall",
      'input_policy = "DROP"',
      'input_policy = "ACCEPT"',
      OPENED,
    ],
    [
      "azurerm_key_vault",
      'network_acls {\n default_action = "Deny"\n}',
      'network_acls {\n default_action = "Allow"\n}',
      OPENED,
    ],
    [
      "aws_wafv2_web_acl",
      "default_action {\n block {}\n}",
      "default_action {\n allow {}\n}",
      "protection-off",
    ],
  ])("%s: %s", (type, before, after, codes) => {
    expect(terraform(type, before, after)).toBe(codes);
  });

  it("is refused by Cilium unless a policy says otherwise, and by Consul unless the default does", () => {
    const cilium = (more: string) =>
      object("cilium.io/v2", "CiliumNetworkPolicy", `  endpointSelector: {}\n${more}`);
    expect(codesOf("a.yaml", cilium(""), cilium("  enableDefaultDeny: { ingress: false }"))).toBe(OPENED);
    const acl = (policy: string) => `acl = {\n  enabled = true\n  default_policy = "${policy}"\n}\n`;
    expect(codesOf("consul.hcl", acl("deny"), acl("allow"))).toBe("privilege-widened");
  });
});
