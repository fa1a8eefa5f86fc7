// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
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

  it("issued in the future does not count (T64)", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: notes });
    await scenario.sign("senior", { at: NOW + 3600 });
    const report = await scenario.gate();
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]?.reason).toContain("issued in the future");
  });
});
