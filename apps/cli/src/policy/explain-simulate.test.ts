// SPDX-License-Identifier: Apache-2.0
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { AI_MESSAGE, EVIDENCE, identityOf, keyOf, MAIN, policyText } from "../hooks/push-server.fixture.ts";

const POLICY = ".countersign/policy.yml";
const CHANGE = ["--base", "main", "--head", "change", "--target", MAIN];
let repo: TestRepository;

beforeAll(async () => {
  repo = await createRepository();
  await repo.commit({ message: "start\n", files: { [POLICY]: await policyText() } });
  await repo.branch("change");
  await repo.commit({ message: AI_MESSAGE, files: { a: "1\n" }, author: identityOf("author") });
});
afterAll(() => repo.remove());

const policy = (command: string, ...args: string[]) =>
  countersign(["policy", command, ...CHANGE, ...args], { cwd: repo.path });

describe("policy explain", () => {
  it("shows rule by rule what the expressions saw, and ends as the gate does", async () => {
    const { exitCode, stdout } = await policy("explain");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^PENDING\n/);
    expect(stdout).toContain("ai-senior-sign-off (line ");
    expect(stdout).toContain("when  change.ai.assisted = true");
    expect(stdout).toContain("● ai-senior-sign-off: 0 of 1 sign-off by senior; 1 more needed");
    const [change] = JSON.parse((await policy("explain", "--json")).stdout).changes;
    expect(change).toMatchObject({
      verdict: "pending",
      rules: [{ rule: { id: "ai-senior-sign-off" }, traces: [{ part: "when" }] }],
    });
  });

  it("says where there is nothing to explain", async () => {
    const flags = ["--base", "main", "--head", "main", "--target", MAIN];
    const { exitCode, stdout } = await countersign(["policy", "explain", ...flags], { cwd: repo.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("the target already contains this head");
  });
});

describe("policy simulate", () => {
  it("says what a sign-off would do, and signs nothing", async () => {
    const { exitCode, stdout } = await policy("simulate", "--sign", "senior");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^PENDING → PASS {2}\(pretended; nothing was signed or stored\)\n/);
    expect(stdout).toContain("✔ senior approve: ");
    expect((await repo.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
  });

  it("says that the author's would do nothing", async () => {
    const { exitCode, stdout } = await policy("simulate", "--sign", "author");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("PENDING → PENDING");
    expect(stdout).toMatch(/✘ author approve: author is author.*cannot sign off their own change/);
  });

  it("says what another path would do", async () => {
    const { exitCode, stdout } = await policy("simulate", "--sign", "senior", "--touch", POLICY);
    expect(stdout).toContain("policy-change");
    expect(exitCode).toBe(0);
  });

  it("judges by a draft", async () => {
    const draft = (await policyText()).replace("count: 1", "count: 2");
    await repo.write("draft.yml", draft);
    const { exitCode, stdout } = await policy("simulate", "--sign", "senior", "--policy", "draft.yml");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 of 2 sign-offs by senior");
    await repo.write("draft.yml", "version: 1\nrulez: []\n");
    const bad = await policy("simulate", "--policy", "draft.yml");
    expect(bad).toMatchObject({ exitCode: 2, stdout: "" });
    expect(bad.stderr).toContain("draft.yml:2:1");
  });

  it("knows nobody whom the policy does not", async () => {
    const result = await policy("simulate", "--sign", "nobody");
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("--sign nobody: nobody of that id in the policy's people");
  });

  it("names what each statement said", async () => {
    const key = (await keyOf("senior")).privateKeyPath;
    for (const decision of ["approve", "revoke"])
      expect((await countersign([decision, ...CHANGE, "--key", key], { cwd: repo.path })).exitCode).toBe(0);
    const { stdout } = await policy("simulate");
    expect(stdout).toMatch(/✘ senior approve: revoked at /);
    expect(stdout).toMatch(/✔ senior revoke: signed for exactly this change/);
  });
});
