// SPDX-License-Identifier: Apache-2.0
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, createTemporaryFolder, run, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { AI_MESSAGE, EVIDENCE, identityOf, keyOf, MAIN, policyText } from "../hooks/push-server.fixture.ts";

let repo: TestRepository;

beforeAll(async () => {
  repo = await createRepository();
  await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": await policyText() } });
  await repo.branch("change");
  await repo.commit({ message: AI_MESSAGE, files: { a: "1\n" }, author: identityOf("author") });
});
afterAll(() => repo.remove());

const CHANGE = ["--base", "main", "--head", "change", "--target", MAIN];

async function approve(key: string, environment: Readonly<Record<string, string>> = {}) {
  return await countersign(["approve", ...CHANGE, "--key", key], { cwd: repo.path, environment });
}

async function expectNothingSigned(): Promise<void> {
  expect((await repo.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
}

describe("approve signs nothing and says how to mend it", () => {
  it("where the key is not there", async () => {
    const result = await approve("absent");
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/no key at .*absent.*ssh-keygen -t ed25519/);
    await expectNothingSigned();
  });

  it("where the file is no key", async () => {
    await using folder = await createTemporaryFolder();
    const junk = join(folder.path, "junk");
    await writeFile(junk, "junk\n", { mode: 0o600 });
    const result = await approve(junk);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("expected a public key");
    await expectNothingSigned();
  });

  it("where there is no ssh-keygen; judging needs none", async () => {
    await using folder = await createTemporaryFolder();
    const programs = join(folder.path, "programs");
    await mkdir(programs);
    const which = await run("sh", ["-c", "command -v git"], { cwd: folder.path });
    await symlink(which.toString().trim(), join(programs, "git"));
    const environment = { PATH: programs };
    const result = await approve((await keyOf("senior")).privateKeyPath, environment);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/ssh-keygen was not found.*install openssh-client/);
    await expectNothingSigned();
    expect((await countersign(["gate", ...CHANGE], { cwd: repo.path, environment })).exitCode).toBe(1);
  });

  it("where the key is an author's", async () => {
    const result = await approve((await keyOf("author")).privateKeyPath);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain("author is author");
    await expectNothingSigned();
  });
});

describe("reject, revoke and break-glass", () => {
  const signAs = async (person: "senior" | "second", decision: string, ...args: string[]) => {
    const key = (await keyOf(person)).privateKeyPath;
    return await countersign([decision, ...CHANGE, "--key", key, ...args], { cwd: repo.path });
  };
  const gate = async () => {
    const result = await countersign(["gate", ...CHANGE, "--json"], { cwd: repo.path });
    return { exitCode: result.exitCode, ...JSON.parse(result.stdout) };
  };

  it("a rejection denies with its reason until it is taken back", async () => {
    const rejected = await signAs("senior", "reject", "--reason", "routes to the wrong subnet");
    expect(rejected.exitCode).toBe(0);
    expect(rejected.stdout).toContain("with it the verdict is denied");
    expect(await gate()).toMatchObject({
      exitCode: 1,
      verdict: "denied",
      findings: [{ rule: "ai-senior-sign-off", status: "fail" }],
    });
    expect((await gate()).findings[0].reason).toMatch(
      /^rejected by senior at .*: routes to the wrong subnet$/,
    );
    expect((await signAs("senior", "revoke")).stdout).toContain("with it the verdict is pending");
    expect(await gate()).toMatchObject({ exitCode: 1, verdict: "pending" });
  });

  it("an override lifts nothing where the policy has no break-glass", async () => {
    const broken = await signAs("second", "break-glass", "--reason", "eu-west is down; failing over by hand");
    expect(broken.stdout).toContain("with it the verdict is pending");
    expect(await gate()).toMatchObject({ exitCode: 1, verdict: "pending" });
  });
});
