// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "../assess.fixture.ts";

describe("bindings", () => {
  const assignment = (line: string) =>
    block("azurerm_role_assignment", `role_definition_name = "Reader"\n principal_id = "a"\n ${line}`);
  const member = (line: string) =>
    block("google_project_iam_member", `role = "roles/viewer"\n member = "user:a"\n ${line}`);
  it.each([
    ["of Azure without its condition", assignment('condition = "x"'), assignment(""), "privilege-widened"],
    ["of Azure under a condition", assignment(""), assignment('condition = "x"'), ""],
    [
      "of Google without its condition",
      member('condition {\n title = "t"\n expression = "x"\n }'),
      member(""),
      "privilege-widened",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.tf", before, after)).toBe(codes);
  });

  it("of Azure take another condition where they stand, and another principal anew", () => {
    const actionOf = (before: string, after: string) =>
      assessFile("a.tf", before, after).resources[0]?.action;
    expect(actionOf(assignment('condition = "x"'), assignment('condition = "y"'))).toBe("update");
    expect(actionOf(assignment(""), assignment("").replace('"a"\n', '"b"\n'))).toBe("replace");
  });

  const share = (list: string) =>
    block("aws_ram_principal_association", `for_each = ${list}\n principal = each.value`);
  const attach = (list: string) =>
    block("aws_iam_role_policy_attachment", `for_each = ${list}\n role = "r"\n policy_arn = each.value`);
  it.each([
    ["one account more", share("toset(var.a)"), share('toset(concat(var.a, ["1"]))'), "privilege-widened"],
    ["one account less", share('toset(["1", "2"])'), share('toset(["1"])'), ""],
    ["one policy more", attach('toset(["p"])'), attach('toset(["p", "q"])'), "privilege-widened"],
  ])("for each of a list that has %s", (_, before, after, codes) => {
    expect(codesOf("a.tf", before, after)).toBe(codes);
  });

  const client = (uri: string) =>
    block("keycloak_openid_client", `client_id = "a"\n valid_redirect_uris = ["${uri}"]`);
  it.each([
    ["anywhere", "https://a.example/x", "*", "protection-off"],
    ["to any host of a name", "https://a.example/x", "https://*.example/x", "protection-off"],
    ["to any path of a host", "https://a.example/x", "https://a.example/*", ""],
    ["to any port of this machine", "https://a.example/x", "http://localhost:*", ""],
    ["to another host", "https://a.example/x", "https://b.example/x", ""],
  ])("a login that leads %s", (_, before, after, codes) => {
    expect(codesOf("a.tf", client(before), client(after))).toBe(codes);
  });
});

describe("stores and what keeps them", () => {
  const queue = (line: string) => block("azurerm_servicebus_queue", `namespace_id = "a"\n ${line}`);
  it.each([
    ["sessions", "", "requires_session = true", "data-store-replaced"],
    ["sessions as they are by themselves", "", "requires_session = false", ""],
    ["a longer lock", 'lock_duration = "PT1M"', 'lock_duration = "PT2M"', ""],
  ])("a queue of Azure with %s", (_, before, after, codes) => {
    expect(codesOf("a.tf", queue(before), queue(after))).toBe(codes);
  });

  it("a group of caches is made anew without its encryption", () => {
    const group = (isOn: boolean) =>
      `Resources:\n  C:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties:\n      ReplicationGroupDescription: a\n      AtRestEncryptionEnabled: ${isOn}\n`;
    expect(summarize(assessFile("c.yaml", group(true), group(false)))).toEqual([
      "replace AWS::ElastiCache::ReplicationGroup.C data: protection-off, data-store-replaced",
    ]);
  });

  it("a machine that is no longer backed up, a server that leaves its network", () => {
    expect(codesOf("a.tf", block("azurerm_backup_protected_vm", 'backup_policy_id = "a"'), "\n")).toBe(
      "protection-off",
    );
    const server = (line: string) => block("aws_transfer_server", `protocols = ["SFTP"]\n ${line}`);
    expect(codesOf("a.tf", server('endpoint_type = "VPC"'), server(""))).toBe("isolation-lost");
    expect(codesOf("a.tf", server(""), server('endpoint_type = "PUBLIC"'))).toBe("");
  });
});

describe("hosts and pipelines", () => {
  it("a host's firewall is its network's, whatever module looks after it", () => {
    const task = (state: string) =>
      `- name: Firewall\n  ansible.builtin.service:\n    name: firewalld\n    state: ${state}\n    enabled: ${state === "started"}\n`;
    expect(summarize(assessFile("roles/a/tasks/main.yml", task("started"), task("stopped")))).toEqual([
      "update ansible.builtin.service.Firewall network: protection-off",
    ]);
  });

  const workflow = (trigger: string, run: string, more = "") =>
    `on: { ${trigger}: { types: [completed] } }\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${more}      - uses: actions/download-artifact@95815c38cf2ff2164869cbab79da8d1f422bc89e\n        with: { name: r${more === "" ? "" : ", path: r"} }\n      - run: ${run}\n`;
  const checkout = "      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n";
  it.each([
    ["is run", workflow("workflow_run", "cat r"), workflow("workflow_run", "bash ./r.sh"), "untrusted-code"],
    ["is read", workflow("workflow_run", "cat r"), workflow("workflow_run", "wc r"), ""],
    ["is of this repository's own run", workflow("release", "cat r"), workflow("release", "bash ./r.sh"), ""],
    [
      "is put beside the files of the repository",
      workflow("workflow_run", "cat r", checkout),
      workflow("workflow_run", "bash ./r.sh", checkout),
      "",
    ],
    ["was run before", workflow("workflow_run", "./r.sh a"), workflow("workflow_run", "./r.sh b"), ""],
  ])("an artifact that %s", (_, before, after, codes) => {
    expect(codesOf(".github/workflows/a.yml", before, after)).toBe(codes);
  });
});
