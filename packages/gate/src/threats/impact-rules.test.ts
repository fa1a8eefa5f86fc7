// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScenario, findingOf, type Scenario } from "./gate-scenario.fixture.ts";

const POLICY = `
roles:
  senior: { members: [senior, second] }
classes:
  stores: { content: [data] }
rules:
  - id: ai-widens-a-privilege
    when: change.resources.exists(r, r.category == "iam" && r.ai.lines > 0 && "privilege-widened" in r.dangers)
    require: { role: senior, count: 1 }
  - id: untested-routes
    when: change.resources.exists(r, r.category == "routing" && r.tested != "yes")
    require: { role: senior, count: 1 }
  - id: unread
    when: size(change.unparsed) > 0
    require: { role: senior, count: 1 }
  - id: stores
    when: '"stores" in change.classes'
    require: { role: senior, count: 1 }
`;
const policy = (action: string) =>
  `resource "aws_iam_policy" "admin" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "${action}", Resource = "*" }] })\n}\n`;

let scenario: Scenario;
let from: string;
beforeAll(async () => {
  scenario = await createScenario({ policy: POLICY });
  from = await scenario.repo.commit({
    branch: "old",
    parents: [scenario.start],
    message: "iam: as it was\n",
    files: { "iam.tf": policy("s3:GetObject"), "db.tf": 'resource "aws_db_instance" "main" {\n  a = 1\n}\n' },
  });
});
afterAll(() => scenario[Symbol.asyncDispose]());

const AI = "iam: allow more\n\nAI-Assisted: claude-code/claude-opus-4-8\n";

async function gate(files: Record<string, string>, message: string) {
  const head = await scenario.propose({ from, files, message });
  return scenario.gate({ base: from, head });
}

describe("rules about what a change touches", () => {
  it("wait for a senior where an AI widens a privilege, and say nothing where a person does", async () => {
    const report = await gate({ "iam.tf": policy("*") }, AI);
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-widens-a-privilege").status).toBe("pending");
    expect(report.change.resources).toMatchObject([
      {
        type: "aws_iam_policy",
        name: "admin",
        dangers: ["wildcard-action", "privilege-widened"],
        ai: { lines: 1, of: 1 },
      },
    ]);
    expect(report.impact?.resources[0]?.dangers[1]?.reason).toBe("newly allows * on *");
    expect((await gate({ "iam.tf": policy("*") }, "iam: allow more\n")).verdict).toBe("pass");
  });

  it("wait where nobody can tell what a file holds", async () => {
    const report = await gate({ "iam.tf": `${policy("s3:GetObject")}x = = 3\n` }, "iam: broken\n");
    expect(findingOf(report, "unread").status).toBe("pending");
    expect(report.change.unparsed).toMatchObject([
      { path: "iam.tf", reason: "Terraform that is not understood: line 4: a value is missing (and 1 more)" },
    ]);
  });

  it("wait where nothing tests what is touched, and ask nothing where a test does (issue 5)", async () => {
    const route = 'resource "aws_route" "out" {\n  destination_cidr_block = "10.1.0.0/16"\n}\n';
    const run =
      'run "plan" {\n  assert {\n    condition = aws_route.out.id != ""\n    error_message = "no"\n  }\n}\n';
    const gateRoute = async (files: Record<string, string>) =>
      (await gate({ "net/route.tf": route, ...files }, "net: route\n")).impact?.resources.map(
        ({ type, tested }) => `${type} ${tested}`,
      );
    const untested = await gate({ "net/route.tf": route }, "net: route\n");
    expect(findingOf(untested, "untested-routes").status).toBe("pending");
    const files = { "net/route.tf": route, "net/tests/net.tftest.hcl": run };
    const tested = await gate(files, "net: route\n");
    expect(findingOf(tested, "untested-routes").status).not.toBe("pending");
    expect(tested.impact?.resources.find(({ type }) => type === "aws_route")).toMatchObject({
      testedBy: [{ path: "net/tests/net.tftest.hcl", reason: 'run "plan"' }],
    });
    expect(await gateRoute({ "net/tests/net.tftest.hcl": run.replace(/^/gm, "#") })).toContain(
      "aws_route no",
    );
    expect(await gateRoute({ "net/tests/net.tftest.hcl": `${run}}` })).toContain("aws_route unknown");
  });

  it("do not take a test for one that the change deletes or breaks", async () => {
    const route = 'resource "aws_route" "out" {\n  a = 1\n}\n';
    const run =
      'run "plan" {\n  assert {\n    condition = aws_route.out.id != ""\n    error_message = "no"\n  }\n}\n';
    const before = await scenario.repo.commit({
      branch: "with-test",
      parents: [scenario.start],
      message: "net: as it was\n",
      files: { "net/route.tf": route, "net/net.tftest.hcl": run },
    });
    const head = await scenario.propose({
      from: before,
      files: { "net/route.tf": route.replace("1", "2"), "net/net.tftest.hcl": null },
      message: "net: other\n",
    });
    const { impact } = await scenario.gate({ base: before, head });
    expect(impact?.resources.find(({ type }) => type === "aws_route")?.tested).toBe("no");
  });

  it("know a class by the category of what a file holds", async () => {
    const report = await gate({ "db.tf": 'resource "aws_db_instance" "main" {\n  a = 2\n}\n' }, "db: more\n");
    expect(findingOf(report, "stores")).toMatchObject({ status: "pending" });
    expect((await gate({ "iam.tf": policy("s3:PutObject") }, "iam: other\n")).change.classes).toEqual([]);
  });
});
