// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { recordLines } from "../blame/recorded.fixture.ts";
import { countersign } from "../command.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/impact.schema.json"), "utf8")),
);
const policy = (actions: readonly string[]) =>
  `resource "aws_iam_policy" "admin" {
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = [
${actions.map((action) => `        "${action}",\n`).join("")}      ]
      Resource = "*"
    }]
  })
}
`;

let repo: TestRepository;
let base: string;
let head: string;
beforeAll(async () => {
  repo = await createRepository();
  base = await repo.commit({
    message: "one\n",
    files: { "iam.tf": policy(["s3:GetObject"]), "a.tf": "x {\n}\n" },
  });
  head = await repo.commit({
    message: "two\n",
    files: { "iam.tf": policy(["s3:GetObject", "s3:*", "iam:*", "kms:*"]), "evil\u001b[31m.tf": 'a "b" {\n' },
  });
  await recordLines(repo, head, "iam.tf", [7, 8, 9]);
});
afterAll(() => repo.remove());

const impact = (...args: readonly string[]) =>
  countersign(["impact", "--base", base, "--head", head, ...args], { cwd: repo.path });

describe("countersign impact", () => {
  it("--json says which lines of which resource an AI wrote, as the schema has it", async () => {
    const { stdout, exitCode } = await impact("--json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    expect(document.resources).toContainEqual({
      path: "iam.tf",
      oldPath: null,
      kind: "terraform",
      type: "aws_iam_policy",
      name: "admin",
      category: "iam",
      action: "update",
      attributes: ["policy"],
      lines: [[7, 9]],
      dangers: [
        { code: "wildcard-action", reason: "allows s3:*; iam:*; kms:*" },
        { code: "privilege-widened", reason: "newly allows s3:* on *; iam:* on *; kms:* on *" },
      ],
      tested: "no",
      testedBy: [],
      ai: { lines: 3, of: 3 },
    });
    expect(document.unparsed).toMatchObject([{ path: "evil\u001b[31m.tf" }]);
  });

  it("prints a table that no file name can paint over", async () => {
    const { stdout } = await impact();
    expect(stdout).toContain(
      "This change touches 2 resources, 1 in a dangerous way, 1 file not understood; AI wrote 3 of 4 lines.",
    );
    expect(stdout).toContain(
      "  ! update  aws_iam_policy.admin  AI 3 of 3 lines\n            iam.tf:7-9\n            wildcard-action: allows s3:*; iam:*; kms:*\n",
    );
    expect(stdout).toContain("            no test of it was found\n");
    expect(stdout).not.toContain("\u001b");
  });

  it("--plan adds what Terraform says, bound to the file and the commit", async () => {
    const actions = { actions: ["delete"], before: { name: "org" }, after: null, after_unknown: {} };
    const changes = [
      {
        address: "aws_cloudtrail.org",
        mode: "managed",
        type: "aws_cloudtrail",
        name: "org",
        change: actions,
      },
    ];
    const text = JSON.stringify({ format_version: "1.2", resource_changes: changes });
    await repo.write("plan.json", text);
    const { stdout, exitCode } = await impact("--json", "--plan", "plan.json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    expect(document.plan).toMatchObject({
      tool: "terraform",
      commit: head,
      sha256: createHash("sha256").update(text).digest("hex"),
      resources: [{ address: "aws_cloudtrail.org", action: "delete", dangers: [{ code: "audit-off" }] }],
    });
    expect((await impact("--plan", "plan.json")).stdout).toContain(
      "  ! delete  aws_cloudtrail.org\n            audit-off: what records events is taken away\n",
    );
    expect((await impact("--plan", "iam.tf")).exitCode).toBe(2);
    await truncate(join(repo.path, "plan.json"), 64 * 1024 * 1024 + 1);
    const large = await impact("--plan", "plan.json");
    expect(large).toMatchObject({ exitCode: 2, stdout: "" });
    expect(large.stderr).toContain("at most 67108864 are read");
  });

  it("says so where nothing is touched, and does not guess where history is missing", async () => {
    const nothing = await countersign(["impact", "--base", head, "--head", head], { cwd: repo.path });
    expect(nothing).toMatchObject({ exitCode: 0, stdout: "This change touches no infrastructure.\n" });
    const unknown = await countersign(["impact", "--base", "nowhere"], { cwd: repo.path });
    expect(unknown.exitCode).toBe(2);
    await using shallow = await repo.clone(["--depth=1", "--no-local"]);
    const cut = await countersign(["impact", "--base", "HEAD", "--head", "HEAD"], { cwd: shallow.path });
    expect(cut).toMatchObject({ exitCode: 3, stdout: "" });
    expect(cut.stderr).toContain("shallow clone");
  });
});
