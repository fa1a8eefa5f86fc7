// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const [W, ACTION, EVERYBODY] = ["privilege-widened", "wildcard-action", "wildcard-principal"];
const acl = (source: string, target: string) =>
  `acl = jsonencode({ acls = [{ action = "accept", src = ["${source}"], dst = ["${target}"] }] })`;
const text = (source: string) =>
  `acl = <<EOT\n{\n // ours\n "acls": [{"action": "accept", "src": ["${source}"], "dst": ["tag:a:22"]},],\n}\nEOT`;
const login = (action: string, user: string) =>
  `acl = jsonencode({ ssh = [{ action = "${action}", src = ["group:a"], dst = ["tag:a"], users = ["${user}"] }] })`;
const index = (name: string, right: string) =>
  `indices {\n names = ["${name}"]\n privileges = ["${right}"]\n}`;
const rabbit = (pattern: string) => `permissions {\n configure = ""\n write = "${pattern}"\n read = "^a"\n}`;

describe("rules of products with a grammar of their own", () => {
  it.each([
    ["tailscale_acl", acl("group:a", "tag:a:22"), acl("*", "*:*"), `${W} ${EVERYBODY}`],
    ["tailscale_acl", acl("group:a", "tag:a:22"), acl("group:a", "tag:a:*"), W],
    ["tailscale_acl", acl("group:a", "tag:a:*"), acl("group:a", "tag:a:22"), ""],
    ["tailscale_acl", text("group:a"), text("group:b"), W],
    ["tailscale_acl", login("check", "a"), login("accept", "a"), W],
    ["tailscale_acl", login("accept", "a"), login("check", "a"), ""],
    ["elasticstack_elasticsearch_security_role", index("a-*", "read"), index("a-*", "all"), `${W} ${ACTION}`],
    ["elasticstack_elasticsearch_security_role", index("a-*", "read"), index("a-b", "read"), ""],
    [
      "opensearch_role",
      'cluster_permissions = ["cluster_monitor"]',
      'cluster_permissions = ["cluster_all"]',
      `${W} ${ACTION}`,
    ],
    ["aws_elasticache_user", 'access_string = "on ~a:* +@read"', 'access_string = "on ~* +@read"', W],
    ["aws_elasticache_user", 'access_string = "on ~a:* +@read"', 'access_string = "off ~a:* +@read"', ""],
    ["rabbitmq_permissions", rabbit("^a"), rabbit(".*"), W],
    ["rabbitmq_permissions", rabbit(".*"), rabbit("^a"), ""],
  ])("%s: %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it.each([
    [
      "grafana_folder_permission",
      'permissions {\n permission = "View"\n}',
      'permissions {\n permission = "Admin"\n}',
      W,
    ],
    ["github_team_repository", 'permission = "pull"', 'permission = "push"', W],
    ["github_team_repository", 'permission = "admin"', 'permission = "pull"', ""],
    [
      "datadog_role",
      "permission {\n id = a.read\n}",
      "permission {\n id = a.read\n}\npermission {\n id = a.manage\n}",
      W,
    ],
  ])("%s: a rank or a list of rights", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("reads what a role of Teleport allows", () => {
    const role = (logins: string) =>
      `apiVersion: resources.teleport.dev/v1\nkind: TeleportRoleV7\nmetadata: { name: a }\nspec: { allow: { logins: [${logins}] } }\n`;
    expect(codesOf("a.yaml", role("ubuntu"), role("ubuntu, root"))).toBe(W);
    expect(codesOf("a.yaml", role("ubuntu, root"), role("ubuntu"))).toBe("");
  });
});
