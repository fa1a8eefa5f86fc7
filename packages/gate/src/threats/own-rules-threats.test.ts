// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AI_MESSAGE, createScenario, findingOf, type Scenario } from "./gate-scenario.fixture.ts";
import { expectPending } from "./landings.fixture.ts";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await createScenario();
});
afterEach(() => scenario[Symbol.asyncDispose]());

describe("T51: a change brings its own rules", () => {
  it.each([
    ["a policy that asks for nothing", { ".countersign/policy.yml": "version: 1\nextends: none\n" }],
    ["a second policy beside the first", { ".countersign/policy.yaml": "version: 1\nextends: none\n" }],
    ["a policy in another case", { ".COUNTERSIGN/policy.yml": "version: 1\nextends: none\n" }],
    [
      "a link in the policy's place",
      { ".countersign/policy.yml": { symlink: "../lax.yml" }, "lax.yml": "version: 1\nextends: none\n" },
    ],
    [
      "a submodule in the folder's place",
      { ".countersign/policy.yml": null, ".countersign": { gitlink: "1".repeat(40) } },
    ],
  ] as const)("%s is judged by the target's policy, and as a change of it", async (_what, files) => {
    const head = await scenario.propose({ message: "policy\n", files });
    const report = await scenario.gate({ head });
    expect(report.policySource?.commit).toBe(scenario.start);
    expect(findingOf(report, "policy-change")).toMatchObject({
      status: "pending",
      missing: { role: "senior", count: 2 },
    });
    expect(report.verdict).not.toBe("pass");
  });

  it("a workflow or action that runs the gate is infrastructure", async () => {
    await using own = await createScenario({
      head: "extends: amazon\n",
      policy: "roles: { senior: { members: [senior, second] } }\n",
    });
    const head = await own.propose({
      files: { ".github/workflows/gate.yml": "on: pull_request_target\njobs:\n  x:\n    steps: []\n" },
    });
    expect(findingOf(await own.gate({ head }), "ai-infrastructure").missing?.count).toBe(2);
  });

  it("a fork's head is judged by the policy of the base, whatever branch names the fork has", async () => {
    await scenario.repo.commit({
      branch: "refs/remotes/fork/main",
      parents: [scenario.start],
      message: "lax\n",
      files: { ".countersign/policy.yml": "version: 1\nextends: none\n" },
    });
    const head = await scenario.propose({ from: await scenario.repo.id("refs/remotes/fork/main") });
    const report = await scenario.gate({ base: scenario.start, head });
    expect(report.policySource?.commit).toBe(scenario.start);
    expect(report.verdict).toBe("pending");
  });
});

describe("T53: words are no approval", () => {
  it.each([
    ["a trailer", "Approved-by: senior <senior@example.com>"],
    ["a review trailer", "Reviewed-by: senior <senior@example.com>"],
    ["our own word", "Countersigned-by: senior <senior@example.com>"],
    ["a sign-off trailer", "Signed-off-by: senior <senior@example.com>"],
    ["prose", "senior approved this change. LGTM!"],
    ["a quotation", "> /approve\n\nsenior: approved"],
    ["a code block", "```\ncountersign approve --key senior\n```"],
    ["a pasted statement", '{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}'],
  ])("%s in the message", async (_what, text) => {
    const head = await scenario.propose({ message: `${AI_MESSAGE}${text}\n` });
    const report = await scenario.gate({ head, description: text });
    expectPending(report, /0 of 1 sign-offs? by senior/);
    expect(report.signOffs).toEqual([]);
  });
});
