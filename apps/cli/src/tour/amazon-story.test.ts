// SPDX-License-Identifier: Apache-2.0
import { createRepository, createSshKey, type SshKey, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";

let repo: TestRepository;
let author: SshKey;
let senior: SshKey;

const ROUTE = (cidr: string) =>
  `resource "aws_route" "failover" {\n  destination_cidr_block = "${cidr}"\n}\n`;
const MESSAGE = "net: fail over eu-west\n\nAI-Assisted: claude-code/claude-opus-4-8; extent=generated\n";

/** The team of the story asks one senior of everything, so that one signature turns the verdict. */
const policy = () => `version: 1
repository: https://git.example/shop/network
people:
  author: { emails: [author@example.com], keys: ["${author.publicKey}"] }
  senior: { emails: [senior@example.com], keys: ["${senior.publicKey}"] }
roles:
  senior: { members: [senior, author] }
rules:
  - { id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior, count: 1 } }
`;

beforeAll(async () => {
  [author, senior] = await Promise.all([createSshKey("author"), createSshKey("senior")]);
  repo = await createRepository();
  await repo.commit({
    message: "net: start\n",
    files: { ".countersign/policy.yml": policy(), "routes.tf": ROUTE("10.0.0.0/8") },
  });
  await repo.branch("failover");
});
afterAll(() => Promise.all([repo.remove(), author.remove(), senior.remove()]));

const CHANGE = ["--base", "main", "--head", "failover", "--target", "refs/heads/main"];

async function run(...args: readonly string[]) {
  return await countersign(args, { cwd: repo.path });
}

async function gate() {
  const { exitCode, stdout } = await run("gate", ...CHANGE, "--json");
  return { exitCode, report: JSON.parse(stdout) };
}

it("an AI-assisted Terraform change waits, its author may not sign, a senior may, and an amended commit needs a new signature", async () => {
  const head = await repo.commit({ message: MESSAGE, files: { "routes.tf": ROUTE("0.0.0.0/0") } });

  const pending = await run("gate", ...CHANGE);
  expect(pending.exitCode).toBe(1);
  expect(pending.stdout).toMatch(/PENDING/);
  expect(pending.stdout).toContain("claude-code");
  expect(pending.stdout).toMatch(/senior/);

  const own = await run("approve", ...CHANGE, "--key", author.privateKeyPath);
  expect(own.exitCode).toBe(1);
  expect(`${own.stdout}${own.stderr}`).toMatch(
    /author is author and committer of [0-9a-f]{12}.*cannot sign off their own change/s,
  );
  expect(
    (await repo.tryGit(["rev-parse", "--verify", "--quiet", "refs/countersign/evidence"])).exitCode,
  ).not.toBe(0);

  const signed = await run("approve", ...CHANGE, "--key", senior.privateKeyPath);
  expect(signed.exitCode).toBe(0);
  const passed = await gate();
  expect(passed.exitCode).toBe(0);
  expect(passed.report).toMatchObject({
    verdict: "pass",
    signOffs: [{ principal: "senior", decision: "approve", counted: true }],
  });

  await repo.write("routes.tf", ROUTE("0.0.0.0/1"));
  await repo.git(["commit", "--quiet", "--all", "--amend", "--no-edit"]);
  expect(await repo.id("failover")).not.toBe(head);
  const voided = await gate();
  expect(voided.exitCode).toBe(1);
  expect(voided.report).toMatchObject({
    verdict: "pending",
    signOffs: [{ principal: "senior", counted: false }],
  });
  expect(voided.report.signOffs[0].reason).toContain("the content changed after signing");
});
