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
