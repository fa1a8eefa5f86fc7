// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import { describe, expect, it } from "vitest";
import { breakGlass, create, HOUR, REASON, RULE } from "./break-glass.fixture.ts";
import { AI_MESSAGE, findingOf, identityOf, NOW, type Scenario, TARGET } from "./gate-scenario.fixture.ts";

function expectShut(report: GateReport, reason: string | RegExp, seats = "0 of 2"): void {
  expect(report.verdict).toBe("pending");
  expect(findingOf(report, RULE).status).toBe("pending");
  const finding = findingOf(report, "break-glass");
  expect(finding.status).toBe("warning");
  expect(finding.reason).toContain(`${seats} break-glass seats by commander`);
  expect(finding.reason).toMatch(reason);
}

describe("T57: break-glass opens for two humans of the role with a reason, for one change, for a day", () => {
  it("and says who, why, and what must follow", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "break-glass").reason).toContain(
      `break-glass by commander and deputy: ${REASON}; a review must follow within 48 h`,
    );
    expect(findingOf(report, RULE)).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("overridden by commander and deputy"),
    });
  });

  it("not for one of them", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    expectShut(await scenario.gate({ head }), "", "1 of 2");
  });

  it("not for one of them twice", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "commander", head, { at: NOW - 60 });
    expectShut(await scenario.gate({ head }), "", "1 of 2");
  });

  it.each([
    ["none", null],
    ["a short one", "prod down"],
    ["blanks", "              "],
    ["a short one among blanks", `     down     `],
  ])("not without a reason: %s", async (_what, reason) => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head, { reason });
    await breakGlass(scenario, "deputy", head);
    expectShut(
      await scenario.gate({ head }),
      "commander: no reason given (at least 10 characters)",
      "1 of 2",
    );
  });

  it.each([
    ["an author", { author: identityOf("commander") }, "commander is author and committer"],
    [
      "a co-author",
      { message: `${AI_MESSAGE}Co-authored-by: commander <commander@example.com>\n` },
      "commander is co-author",
    ],
  ])("not by %s of the change", async (_what, options, reason) => {
    await using scenario = await create();
    const head = await scenario.propose(options);
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    expectShut(
      await scenario.gate({ head }),
      new RegExp(`${reason}.*cannot sign off their own change`),
      "1 of 2",
    );
  });

  it.each([
    ["a senior", "senior", "senior does not hold the role commander"],
    ["a bot", "robot", "robot is a bot; only humans sign off"],
    ["a stranger", "stranger", "signed with a key that belongs to nobody in the policy"],
  ] as const)("not by %s", async (_what, person, reason) => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, person, head);
    expectShut(await scenario.gate({ head }), reason);
  });

  it.each([
    ["a second before it expires", NOW - 24 * HOUR + 1, true],
    ["when it expires", NOW - 24 * HOUR, false],
    ["dated in the future", NOW + HOUR, false],
  ])("%s", async (_what, at, isOpen) => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head, { at });
    await breakGlass(scenario, "deputy", head, { at });
    const report = await scenario.gate({ head });
    if (isOpen) expect(report.verdict).toBe("pass");
    else expectShut(report, /expired: break-glass holds for 24 h|issued in the future/);
  });

  it.each([
    ["another head", async (scenario: Scenario) => scenario.propose()],
    [
      "one more commit on it",
      async (scenario: Scenario, head: string) => scenario.propose({ parents: [head], message: "more\n" }),
    ],
  ])("not again for %s", async (_what, next) => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    expectShut(
      await scenario.gate({ head: await next(scenario, head) }),
      "the content changed after signing",
    );
  });

  it("not for commits slipped in below it whose net difference is empty (T27)", async () => {
    await using scenario = await create();
    const files = { "x.txt": "1\n" };
    const head = await scenario.propose({ files });
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const bad = await scenario.propose({ files: { "deploy/bad.tf": "resource {}\n" } });
    const undone = await scenario.propose({ from: bad, files: { "deploy/bad.tf": null }, message: "undo\n" });
    const copy = await scenario.propose({ from: undone, files });
    expectShut(await scenario.gate({ head: copy }), "2 commit(s) were not part of what was signed");
    const alone = await scenario.propose({ files, message: "the same, in other words\n" });
    expect((await scenario.gate({ head: alone })).verdict).toBe("pass");
  });

  it("not carried over a rebase", async () => {
    await using scenario = await create();
    const head = await scenario.propose({ files: { "x.txt": "x\n" } });
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const base = await scenario.repo.commit({
      branch: TARGET,
      message: "other\n",
      files: { "y.txt": "y\n" },
    });
    const rebased = await scenario.propose({ from: base, files: { "x.txt": "x\n" } });
    expectShut(
      await scenario.gate({ base, head: rebased }),
      "break-glass is bound to one exact change and is never carried over",
    );
  });

  it("not for a change of the policy", async () => {
    await using scenario = await create();
    const head = await scenario.propose({
      files: { ".countersign/policy.yml": "version: 1\nextends: none\n" },
    });
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "policy-change").status).toBe("pending");
    expect(findingOf(report, RULE).status).toBe("warning");
  });

  it("not where history is incomplete", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const files = { [`ab/ab${"0".repeat(62)}.json`]: "{}" };
    await scenario.repo.commit({ branch: "refs/countersign/evidence", message: "damage\n", files });
    expect((await scenario.gate({ head })).verdict).toBe("error");
  });

  it("taken back by one of the two it shuts again", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    await scenario.sign("deputy", {
      head,
      at: NOW - 60,
      predicate: { decision: "revoke", reason: "it was DNS" },
    });
    expectShut(await scenario.gate({ head }), /revoked at .*: it was DNS/, "1 of 2");
  });

  it("lifts a rejection, visibly", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await scenario.sign("senior", { head, predicate: { decision: "reject", reason: "not like this" } });
    expect((await scenario.gate({ head })).verdict).toBe("denied");
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, RULE).reason).toMatch(
      /overridden by commander and deputy: rejected by senior .*not like this/,
    );
  });

  it("where the policy knows none, an override lifts nothing and harms nothing", async () => {
    await using scenario = await create("");
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "break-glass").reason).toContain(
      "the policy has no breakGlass; an override counts for nothing",
    );
    await scenario.sign("senior", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("a stranger's override cannot stop other people's changes", async () => {
    await using scenario = await create("");
    await breakGlass(scenario, "stranger", await scenario.propose());
    const human = await scenario.propose({ message: "by hand\n" });
    expect((await scenario.gate({ head: human })).verdict).toBe("pass");
  });
});
