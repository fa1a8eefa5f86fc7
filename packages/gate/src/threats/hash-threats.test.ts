// SPDX-License-Identifier: Apache-2.0
import { toCodeReviewStatement } from "@countersign/core/attestation";
import { openRepository } from "@countersign/git";
import { signStatement } from "@countersign/signing";
import { describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import { createScenario, findingOf, keyOf, NOW, type Scenario, TARGET } from "./gate-scenario.fixture.ts";

const RULE = "ai-senior-sign-off";

async function addSigned(to: Scenario, predicate: Awaited<ReturnType<Scenario["describe"]>>): Promise<void> {
  const { privateKeyPath } = await keyOf("senior");
  await to.addEnvelope(await signStatement(toCodeReviewStatement(predicate), privateKeyPath));
}

describe("T63: a SHA-256 repository, end to end", () => {
  it("waits, passes with a sign-off, and is void after an edit", async () => {
    await using scenario = await createScenario({ objectFormat: "sha256" });
    const head = await scenario.propose({ files: { "x.txt": "x\n", "main.tf": "x\n" } });
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    const before = await scenario.gate({ head });
    expect(before.verdict).toBe("pending");
    expect(findingOf(before, "ai-infrastructure").missing?.count).toBe(2);
    await scenario.sign("senior", { head });
    await scenario.sign("second", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([
      { cover: "exact", counted: true },
      { cover: "exact", counted: true },
    ]);
    const edited = await scenario.propose({ parents: [head], message: "edit\n", files: { "x.txt": "y\n" } });
    expect((await scenario.gate({ head: edited })).verdict).toBe("pending");
  });

  it("carries over a rebase, lands a squash, and judges a push", async () => {
    await using scenario = await createScenario({ objectFormat: "sha256" });
    const head = await scenario.propose({ files: { "x.txt": "x\n" } });
    await scenario.sign("senior", { head });
    const base = await scenario.repo.commit({
      branch: TARGET,
      message: "other\n",
      files: { "y.txt": "y\n" },
    });
    const rebased = await scenario.propose({ from: base, files: { "x.txt": "x\n" } });
    expect((await scenario.gate({ base, head: rebased })).signOffs[0]).toMatchObject({
      cover: "carried",
      counted: true,
    });
    const repository = await openRepository(scenario.repo.path);
    const [judgement] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: base, new: rebased }],
      evaluatedAt: NOW,
    });
    expect(judgement?.isAccepted).toBe(true);
    const unsigned = await scenario.propose({ from: base });
    const [refused] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: base, new: unsigned }],
      evaluatedAt: NOW,
    });
    expect(refused?.isAccepted).toBe(false);
  });

  it("follows reverts and picks by their long ids", async () => {
    await using scenario = await createScenario({ objectFormat: "sha256" });
    const first = await scenario.propose({ files: { "x.txt": "x\n" } });
    const picked = await scenario.propose({ message: `x\n\n(cherry picked from commit ${first})\n` });
    expect((await scenario.gate({ head: picked })).verdict).toBe("pending");
  });
});

describe("T63: ids of one format mean nothing in the other", () => {
  it("a statement about a SHA-1 repository, made over the same content, does not count in a SHA-256 one", async () => {
    await using old = await createScenario();
    await using now = await createScenario({ objectFormat: "sha256" });
    const files = { "x.txt": "x\n" };
    const change = await old.describe("senior", { head: await old.propose({ files }) });
    const head = await now.propose({ files });
    await addSigned(now, change);
    const report = await now.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
  });

  it("nor with the ids of this one under the name of the other format", async () => {
    await using scenario = await createScenario({ objectFormat: "sha256" });
    const head = await scenario.propose();
    const honest = await scenario.describe("senior", { head });
    await expect(
      addSigned(scenario, { ...honest, change: { ...honest.change, objectFormat: "sha1" } }),
    ).rejects.toThrow();
  });

  it("a SHA-256 statement in a SHA-1 repository neither", async () => {
    await using from = await createScenario({ objectFormat: "sha256" });
    await using to = await createScenario();
    const files = { "x.txt": "x\n" };
    await addSigned(to, await from.describe("senior", { head: await from.propose({ files }) }));
    const report = await to.gate({ head: await to.propose({ files }) });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, RULE).status).toBe("pending");
  });

  it("a base and head of the other length are an error", async () => {
    await using scenario = await createScenario();
    const report = await scenario.gate({ head: "f".repeat(64) }).catch((error: unknown) => error);
    expect(report instanceof Error ? report.name : (report as { verdict: string }).verdict).toMatch(
      /Error|error/,
    );
  });
});

describe("T63: a collision of SHA-1 does not inherit a sign-off", () => {
  it("equal ids over other bytes: the statement's SHA-256 of the content differs, and the report says so", async () => {
    await using scenario = await createScenario();
    const head = await scenario.propose({ files: { "x.txt": "the reviewed bytes\n" } });
    const honest = await scenario.describe("senior", { head });
    // What the senior would have signed had the same id stood for other bytes on their side.
    await addSigned(scenario, { ...honest, change: { ...honest.change, contentDigest: "0".repeat(64) } });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]).toMatchObject({ counted: false, cover: "none" });
    expect(report.signOffs[0]?.reason).toContain("the content behind the ids differs from what was signed");
  });

  it("on a rebase neither", async () => {
    await using scenario = await createScenario();
    const head = await scenario.propose({ files: { "x.txt": "x\n" } });
    const honest = await scenario.describe("senior", { head });
    await addSigned(scenario, { ...honest, change: { ...honest.change, contentDigest: "1".repeat(64) } });
    const base = await scenario.repo.commit({
      branch: TARGET,
      message: "other\n",
      files: { "y.txt": "y\n" },
    });
    const report = await scenario.gate({
      base,
      head: await scenario.propose({ from: base, files: { "x.txt": "x\n" } }),
    });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.map(({ reason }) => reason).join()).toContain(
      "the content behind the ids differs",
    );
  });

  it("content with the known SHA-1 collision pair's size and shape is hashed as it is", async () => {
    await using scenario = await createScenario();
    const one = await scenario.describe("senior", {
      head: await scenario.propose({ files: { "a.pdf": Buffer.alloc(320, 1) } }),
    });
    const two = await scenario.describe("senior", {
      head: await scenario.propose({ files: { "a.pdf": Buffer.alloc(320, 2) } }),
    });
    expect(one.change.contentDigest).not.toBe(two.change.contentDigest);
  });

  it("the same content moved to another path or mode has another digest", async () => {
    await using scenario = await createScenario();
    const digests = new Set<string>();
    for (const files of [
      { a: "x\n" },
      { b: "x\n" },
      { a: { executable: "x\n" } },
      { a: { symlink: "x\n" } },
      { "a\nb": "x\n" },
    ]) {
      digests.add(
        (await scenario.describe("senior", { head: await scenario.propose({ files }) })).change.contentDigest,
      );
    }
    expect(digests.size).toBe(5);
  });
});
