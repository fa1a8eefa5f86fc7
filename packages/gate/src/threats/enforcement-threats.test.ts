// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { breakGlass, create, REASON, RULE } from "./break-glass.fixture.ts";
import { findingOf, identityOf, type Scenario, SENIOR_RULES } from "./gate-scenario.fixture.ts";

describe("T57: other kinds of enforcement", () => {
  it("soft: one known person with a reason overrides, and it is recorded", async () => {
    await using scenario = await create("enforcement: soft\n");
    const head = await scenario.propose();
    expect((await scenario.gate({ head })).verdict).toBe("pending");
    await breakGlass(scenario, "auditor", head);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "break-glass").reason).toContain(`break-glass by auditor: ${REASON}`);
  });

  it.each([
    ["a stranger", "stranger", REASON, "belongs to nobody"],
    ["a bot", "robot", REASON, "only humans sign off"],
    ["no reason", "auditor", null, "no reason given"],
  ] as const)("soft: not with %s", async (_what, person, reason, why) => {
    await using scenario = await create("enforcement: soft\n");
    const head = await scenario.propose();
    await breakGlass(scenario, person, head, { reason });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "break-glass").reason).toContain(why);
  });

  it("soft: not for a change of the policy", async () => {
    await using scenario = await create("enforcement: soft\n");
    const head = await scenario.propose({
      message: "policy\n",
      files: { ".countersign/policy.yml": "version: 1\nextends: none\n" },
    });
    await breakGlass(scenario, "auditor", head);
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it("warn: nothing is stopped, and the report says what would have been", async () => {
    await using scenario = await create("enforcement: warn\n");
    const report = await scenario.gate({ head: await scenario.propose() });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, RULE)).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("would wait (enforcement: warn)"),
    });
    const claim = await scenario.propose({
      message: "x\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n",
    });
    const denied = await scenario.gate({ head: claim });
    expect(denied.verdict).toBe("pass");
    expect(findingOf(denied, "contradictory-claim").reason).toContain("would be denied (enforcement: warn)");
  });

  it("warn: what cannot be told is still no pass", async () => {
    await using scenario = await create("enforcement: warn\n");
    expect((await scenario.gate({ head: "f".repeat(40) })).verdict).toBe("error");
  });
});

describe("T59: the rubber stamp", () => {
  const SLOW = SENIOR_RULES.replace("count: 1 }", "count: 1, minReviewTime: 10m }");
  const at = async (scenario: Scenario, id: string) =>
    Number(await scenario.repo.git(["log", "-1", "--format=%ct", id]));

  it("is not denied by default: forty approvals in five minutes pass", async () => {
    await using scenario = await create("");
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: (await at(scenario, head)) + 1 });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it.each([
    ["a second too soon", 599, false],
    ["exactly in time", 600, true],
    ["before the commit, as it says", -60, false],
  ])("under minReviewTime, %s", async (_what, seconds, isCounted) => {
    await using scenario = await create("", { policy: SLOW });
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: (await at(scenario, head)) + seconds });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe(isCounted ? "pass" : "pending");
    if (!isCounted) {
      const reason = `signed ${seconds} s after the newest commit's date; the rule asks for 600 s of review (minReviewTime)`;
      expect(report.signOffs[0]).toMatchObject({ counted: false, reason });
      expect(findingOf(report, RULE).reason).toContain(reason);
    }
  });

  it("the newest of several commits counts", async () => {
    await using scenario = await create("", { policy: SLOW });
    const first = await scenario.propose();
    const head = await scenario.propose({
      parents: [first],
      message: "more\n",
      at: (await at(scenario, first)) + 500,
    });
    await scenario.sign("senior", { head, at: (await at(scenario, first)) + 700 });
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it.each(["merge", "squash"] as const)(
    "a %s made after the approval is no new work to review",
    async (as) => {
      await using scenario = await create("", { policy: SLOW });
      const base = await scenario.propose({ message: "other\n", author: identityOf("auditor") });
      const head = await scenario.propose();
      await scenario.sign("senior", { head, at: (await at(scenario, head)) + 600 });
      const tree = await scenario.repo.git(["merge-tree", "--write-tree", base, head]);
      const date = `@${(await at(scenario, head)) + 7200} +0000`;
      const parents = as === "merge" ? ["-p", base, "-p", head] : ["-p", base];
      const tip = await scenario.repo.git(["commit-tree", tree, ...parents, "-m", "Land\n"], {
        environment: { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
      });
      expect((await scenario.gate({ base, head: tip, isLanding: true })).verdict).toBe("pass");
    },
  );
});
