// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  NOW,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await createScenario();
});
afterEach(async () => {
  await scenario[Symbol.asyncDispose]();
});

const notes = { "notes.txt": "one\n" };

describe("a sign-off", () => {
  it("is asked for an AI-assisted change, and the finding says from whom", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: notes });
    const report = await scenario.gate();
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").missing).toEqual({
      role: "senior",
      count: 1,
      candidates: ["second", "senior"],
    });
  });

  it("by a senior who is no author lets the change pass", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: notes });
    await scenario.sign("senior");
    const report = await scenario.gate();
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([
      { principal: "senior", decision: "approve", counted: true, cover: "exact" },
    ]);
  });

  it("is carried over a clean rebase, and the report says so (T24)", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: notes });
    await scenario.sign("senior");
    await scenario.repo.commit({ branch: TARGET, message: "other work\n", files: { "other.txt": "x\n" } });
    await scenario.repo.checkout("change");
    await scenario.repo.rebase(TARGET);
    const report = await scenario.gate();
    expect(report.signOffs).toMatchObject([{ principal: "senior", counted: true, cover: "carried" }]);
    expect(report.verdict).toBe("pass");
  });

  it.each([
    ["for another target", "refs/heads/dev"],
    ["beside another change", TARGET],
  ])("taken back by its name does not count, though that was signed %s", async (_where, target) => {
    const base = await scenario.repo.commit({ branch: TARGET, message: "on\n", files: { "on.txt": "1\n" } });
    const head = await scenario.propose({ from: base });
    const envelope = await scenario.sign("senior", { base, head });
    const before = await scenario.gate({ base, head });
    expect(before.verdict).toBe("pass");
    await scenario.sign("senior", {
      base: scenario.start,
      head: await scenario.propose({ message: "elsewhere\n" }),
      target,
      at: NOW - 60,
      predicate: { decision: "revoke", revokes: [envelope] },
    });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("Not counted: revoked at");
  });

  it("nobody takes back another's by its name", async () => {
    const head = await scenario.propose();
    const envelope = await scenario.sign("senior", { head });
    await scenario.sign("second", {
      head,
      at: NOW - 60,
      predicate: { decision: "revoke", revokes: [envelope] },
    });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it.each(["stranger", "second"] as const)(
    "by %s over commits of another's name brings their authors in only where somebody stands for it",
    async (person) => {
      const head = await scenario.propose({ files: { "a.txt": "a\n" } });
      await scenario.sign("senior", { head });
      const copy = await scenario.propose({
        files: { "a.txt": "a\n" },
        message: "by hand\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n",
        author: identityOf("senior"),
      });
      await scenario.sign(person, { head: copy });
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe(person === "stranger" ? "pass" : "denied");
    },
  );

  it("issued in the future does not count (T64)", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: notes });
    await scenario.sign("senior", { at: NOW + 3600 });
    const report = await scenario.gate();
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]?.reason).toContain("issued in the future");
  });
});
