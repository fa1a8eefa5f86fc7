// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import {
  createScenario,
  findingOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "./gate-scenario.fixture.ts";

const RELEASE = "refs/heads/release/1";
const POLICY = ".countersign/policy.yml";
const strict = async () =>
  `version: 1\nrepository: https://git.example/team/project\ntargets: [refs/heads/main, "refs/heads/release/**"]\n${await peopleYaml()}${SENIOR_RULES}`;
const lax = async () => `${await strict()}enforcement: warn\n`;

/** A target whose policy was tightened after its first commit. */
async function tighten() {
  const scenario = await createScenario({ policyFile: await lax() });
  const tip = await scenario.repo.commit({
    branch: TARGET,
    message: "stricter\n",
    files: { [POLICY]: await strict() },
  });
  return { scenario, tip };
}

async function begin({ repo }: Scenario, head: string) {
  const update = { ref: RELEASE, old: "0".repeat(40), new: head };
  const repository = await openRepository(repo.path);
  const [judgement] = await judgePush({ repository, updates: [update], evaluatedAt: NOW });
  if (judgement === undefined) throw new Error("one update has one judgement");
  return judgement;
}

describe("T28, T32: a new gated branch begins under the policy in force", () => {
  it("so not at a commit from before it was tightened", async () => {
    const { scenario } = await tighten();
    await using own = scenario;
    const judgement = await begin(own, own.start);
    expect(judgement.isAccepted).toBe(false);
    expect(judgement.reason).toContain(
      `${RELEASE} would begin under another policy than the one in force on ${TARGET}`,
    );
  });

  it("nor on top of one, without AI", async () => {
    const { scenario } = await tighten();
    await using own = scenario;
    const judgement = await begin(own, await own.propose({ from: own.start, message: "by hand\n" }));
    expect(judgement.isAccepted).toBe(false);
    expect(judgement.reason).toContain("would begin under another policy");
  });

  it("nor where its commit has no policy at all", async () => {
    await using own = await createScenario({ files: { "a.txt": "a\n" }, policyFile: null });
    await own.repo.commit({ branch: TARGET, message: "policy\n", files: { [POLICY]: await strict() } });
    expect((await begin(own, own.start)).isAccepted).toBe(false);
  });

  it("at the tip it may", async () => {
    const { scenario, tip } = await tighten();
    await using own = scenario;
    expect((await begin(own, tip)).isAccepted).toBe(true);
    expect((await begin(own, await own.propose({ from: tip, message: "by hand\n" }))).isAccepted).toBe(true);
  });

  it("at an old commit it may, where the policy is brought along and signed off", async () => {
    const { scenario, tip } = await tighten();
    await using own = scenario;
    const files = { [POLICY]: await strict() };
    const head = await own.propose({ from: own.start, message: "policy of main\n", files });
    const waiting = await begin(own, head);
    expect(waiting.isAccepted).toBe(false);
    if (waiting.report === null) throw new Error("the gate judged it");
    expect(findingOf(waiting.report, "policy-change").status).toBe("pending");
    for (const person of ["senior", "second"] as const)
      await own.sign(person, { base: tip, head, target: RELEASE });
    expect((await begin(own, head)).isAccepted).toBe(true);
  });
});
