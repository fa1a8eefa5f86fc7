// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import { describe, expect, it } from "vitest";
import { breakGlass, create, GLASS, HOUR } from "./break-glass.fixture.ts";
import {
  AI_MESSAGE,
  findingOf,
  identityOf,
  keyOf,
  NOW,
  type PersonId,
  peopleYaml,
  type Scenario,
  type SignOptions,
  TARGET,
} from "./gate-scenario.fixture.ts";

describe("T57: the review that must follow a break-glass", () => {
  const DAYS = 24 * HOUR;
  const LATER = NOW + 3 * DAYS;

  /** A change let through by break-glass, which has landed: the new tip of the target. */
  async function landed(scenario: Scenario, as: "fast-forward" | "merge" | "squash" = "fast-forward") {
    const head = await scenario.propose({ files: { "glass.txt": "1\n" } });
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    const tip = await landAs(scenario, head, as);
    await scenario.repo.git(["update-ref", TARGET, tip]);
    return { head, tip };
  }

  async function landAs(
    scenario: Scenario,
    head: string,
    as: "fast-forward" | "merge" | "squash",
  ): Promise<string> {
    if (as === "fast-forward") return head;
    const base = await scenario.propose({
      message: "other\n",
      files: { "other.txt": "1\n" },
      author: identityOf("auditor"),
    });
    const tree = await scenario.repo.git(["merge-tree", "--write-tree", base, head]);
    const parents = as === "merge" ? ["-p", base, "-p", head] : ["-p", base];
    const tip = await scenario.repo.git(["commit-tree", tree, ...parents, "-m", "Land\n"]);
    expect((await scenario.gate({ base, head: tip, isLanding: true })).verdict).toBe("pass");
    return tip;
  }

  /** Signed by the senior, so that nothing but an overdue review can stop it. */
  async function nextChange(
    scenario: Scenario,
    base: string,
    evaluatedAt: number,
    message = AI_MESSAGE,
  ): Promise<GateReport> {
    const head = await scenario.propose({ from: base, message });
    await scenario.sign("senior", { base, head, at: evaluatedAt - 60 });
    return await scenario.gate({ base, head, evaluatedAt });
  }

  const review = (scenario: Scenario, person: PersonId, head: string, options: SignOptions = {}) =>
    scenario.sign(person, { base: scenario.start, head, at: LATER - HOUR, ...options });

  it.each(["fast-forward", "merge", "squash"] as const)(
    "overdue, it stops the next AI-assisted change: landed as a %s",
    async (as) => {
      await using scenario = await create();
      const { head, tip } = await landed(scenario, as);
      const report = await nextChange(scenario, tip, LATER);
      expect(report.verdict).toBe("denied");
      const finding = findingOf(report, "post-review");
      expect(finding).toMatchObject({ status: "fail", commits: [head] });
      expect(finding.reason).toMatch(
        /break-glass of .* by commander and deputy landed as .* and was never reviewed; the review was due .*countersign approve --base/,
      );
    },
  );

  it.each(["same base", "moved base"])(
    "overdue, it stops the next AI-assisted change where a squash on the %s is all that is left",
    async (how) => {
      await using scenario = await create();
      const as = how === "moved base" ? "squash" : "fast-forward";
      const landing = await landed(scenario, as);
      const { head } = landing;
      const tip =
        as === "squash"
          ? landing.tip
          : await scenario.repo.git([
              "commit-tree",
              `${head}^{tree}`,
              "-p",
              scenario.start,
              "-m",
              "Squash\n",
            ]);
      await scenario.repo.git(["update-ref", TARGET, tip]);
      await scenario.repo.git(["update-ref", "-d", "refs/heads/proposal-1"]);
      await scenario.repo.git(["reflog", "expire", "--expire=now", "--all"]);
      await scenario.repo.git(["prune", "--expire=now"]);
      expect((await scenario.repo.tryGit(["cat-file", "-e", head])).exitCode).not.toBe(0);
      const report = await nextChange(scenario, tip, LATER);
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "post-review").reason).toMatch(
        new RegExp(`landed as ${head.slice(0, 12)}.*git fetch origin ${head} && countersign approve`),
      );
      if (how === "moved base") return;
      await review(scenario, "senior", tip);
      expect((await nextChange(scenario, tip, LATER)).verdict).toBe("pass");
    },
  );

  it("overdue, it does not stop the next human change, and says so there", async () => {
    await using scenario = await create();
    const { tip } = await landed(scenario);
    const report = await nextChange(scenario, tip, LATER, "by hand\n");
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "post-review").status).toBe("warning");
  });

  it.each([
    ["a second before it is due", -1, "pass"],
    ["when it is due", 0, "denied"],
  ])("%s", async (_what, offset, verdict) => {
    await using scenario = await create();
    const { tip } = await landed(scenario);
    expect((await nextChange(scenario, tip, NOW - HOUR + 2 * DAYS + offset)).verdict).toBe(verdict);
  });

  it("one that has not landed owes nothing", async () => {
    await using scenario = await create();
    const head = await scenario.propose();
    await breakGlass(scenario, "commander", head);
    await breakGlass(scenario, "deputy", head);
    expect((await nextChange(scenario, scenario.start, LATER)).verdict).toBe("pass");
  });

  it("given, even late, it opens the way", async () => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await review(scenario, "senior", head);
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("pass");
  });

  it.each([
    ["its author", "author"],
    ["one who broke the glass", "commander"],
    ["a bot", "robot"],
    ["a stranger", "stranger"],
  ] as const)("does not count by %s", async (_what, person) => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await review(scenario, person, head);
    const report = await nextChange(scenario, tip, LATER);
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "post-review").status).toBe("fail");
  });

  it("does not count under a colleague's name", async () => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await review(scenario, "senior", head, { with: "author" });
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("denied");
  });

  it("does not count once it is revoked", async () => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await review(scenario, "second", head);
    await review(scenario, "second", head, { at: LATER - 600, predicate: { decision: "revoke" } });
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("denied");
  });

  it("does not count by one whose key is no longer valid", async () => {
    const people = (await peopleYaml()).replace(
      `keys: ["${(await keyOf("second")).publicKey}"]`,
      `keys: [{ key: "${(await keyOf("second")).publicKey}", until: 2026-01-02 }]`,
    );
    await using scenario = await create(GLASS, { people });
    const { head, tip } = await landed(scenario);
    await review(scenario, "second", head);
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("denied");
  });

  it("a rejection is no review either", async () => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await review(scenario, "senior", head, {
      predicate: { decision: "reject", reason: "should not have landed" },
    });
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("denied");
  });

  it("signing the override again does not put the date off", async () => {
    await using scenario = await create();
    const { head, tip } = await landed(scenario);
    await breakGlass(scenario, "commander", head, { base: scenario.start, at: LATER - HOUR });
    expect((await nextChange(scenario, tip, LATER)).verdict).toBe("denied");
  });

  it("a change that was approved beside the override owes nothing", async () => {
    await using scenario = await create();
    const head = await scenario.propose({ files: { "glass.txt": "1\n" } });
    await breakGlass(scenario, "commander", head);
    await scenario.sign("second", { head });
    await scenario.repo.git(["update-ref", TARGET, head]);
    expect((await nextChange(scenario, head, LATER)).verdict).toBe("pass");
  });

  it("somebody without the role cannot make a change owe a review by calling it an override", async () => {
    await using scenario = await create();
    const head = await scenario.propose({ message: "by hand\n", files: { "hand.txt": "1\n" } });
    await breakGlass(scenario, "auditor", head);
    await scenario.repo.git(["update-ref", TARGET, head]);
    expect((await nextChange(scenario, head, LATER)).verdict).toBe("pass");
  });
});
