// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { AI_MESSAGE, keyOf, MAIN } from "../hooks/push-server.fixture.ts";
import { createSignedProject, type SignedProject } from "./signed-project.fixture.ts";

const LEDGER = "refs/countersign/ledger";
const MIRROR = `ref:${LEDGER}`;

/** The project's policy asks for its own log. */
async function requireLedger(project: SignedProject): Promise<string> {
  const key = (await project.ledger("init")).stdout.trim();
  const policy = await project.repo.git(["show", "main:.countersign/policy.yml"]);
  await project.repo.checkout("main");
  await project.repo.commit({
    message: "policy: the ledger\n",
    files: { ".countersign/policy.yml": `${policy}\nledger:\n  verifierKey: "${key}"\n` },
  });
  return key;
}

describe("ledger mirror", () => {
  it("lets a clone verify, prove, gate and report without the log, and write nothing", async () => {
    await using project = await createSignedProject();
    const { repo } = project;
    await using server = await createRepository({ bare: true });
    await repo.git(["remote", "add", "origin", server.path]);
    const key = (await project.ledger("init")).stdout.trim();
    await project.signChange("one");
    const [line = ""] = (await project.ledger("append")).stdout.trim().split("\n").slice(-1);
    const { index, object } = JSON.parse(line);
    const mirrored = await project.ledger("mirror", "--json", "--log-key", key);
    expect(mirrored, mirrored.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(mirrored.stdout)).toMatchObject({
      version: 1,
      ref: LEDGER,
      before: null,
      replaced: [],
    });
    await repo.git(["push", "--quiet", "origin", "main", "one"]);
    const pushed = await countersign(["evidence", "push"], { cwd: repo.path });
    expect(pushed, pushed.stderr).toMatchObject({ exitCode: 0 });
    expect(await server.id(LEDGER)).toBe(await repo.id(LEDGER));

    await using clone = await server.clone();
    const there = (...args: string[]) => countersign(args, { cwd: clone.path });
    expect(await there("evidence", "fetch")).toMatchObject({ exitCode: 0 });
    const verified = await there("ledger", "verify", "--log-key", key);
    expect(verified, verified.stderr).toMatchObject({ exitCode: 0 });
    expect(verified.stdout).toContain("every one is what was logged");
    const named = await there("ledger", "verify", "--dir", MIRROR, "--log-key", key);
    expect(named.stdout).toBe(verified.stdout);
    const proof = await there("ledger", "prove", object);
    expect(proof.stdout).toBe((await project.ledger("prove", String(index))).stdout);
    const report = await there("report", "--json", "--log-key", key);
    expect(JSON.parse(report.stdout).ledger).toMatchObject({ origin: "git.example/team/project" });
    const strange = await there("report", "--json");
    expect(JSON.parse(strange.stdout).ledger, "a mirror whose key nobody named").toBeNull();
    expect(strange.stderr).toContain("nothing says whose log it is");

    for (const args of [["append"], ["redact", "0", "--reason", "x", "--dir", MIRROR], ["mirror"]]) {
      const refused = await there("ledger", ...args);
      expect(refused, args.join(" ")).toMatchObject({ exitCode: 2, stdout: "" });
      expect(refused.stderr).toContain("is a mirror, which is only read");
    }
  });

  it("is what a gate judges by that requires the log; behind it, a sign-off does not count yet", async () => {
    await using project = await createSignedProject();
    const { repo } = project;
    await requireLedger(project);
    const base = await repo.id("main");
    await repo.branch("two", base);
    const head = await repo.commit({
      message: AI_MESSAGE,
      files: { "two.txt": "2\n" },
    });
    const change = ["--base", base, "--head", head, "--target", MAIN];
    const approve = ["approve", ...change, "--key", (await keyOf("senior")).privateKeyPath];
    expect(await countersign(approve, { cwd: repo.path })).toMatchObject({ exitCode: 0 });
    await project.ledger("mirror");
    const gate = () => countersign(["gate", ...change, "--ledger", MIRROR, "--json"], { cwd: repo.path });
    const early = await gate();
    expect(early).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("not in the ledger") });
    await project.ledger("append");
    await project.ledger("mirror");
    expect(await gate()).toMatchObject({ exitCode: 0 });
    await project.signChange("three");
    await project.ledger("append");
    expect((await project.ledger("verify")).stderr).toContain(`the mirror ${LEDGER} is behind`);
    const behind = await gate();
    expect(behind).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("is behind: it holds") });
  });
});
