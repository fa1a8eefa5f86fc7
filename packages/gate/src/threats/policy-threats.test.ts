// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createScenario, findingOf, identityOf, type Scenario, TARGET } from "./gate-scenario.fixture.ts";
import { forgetSignOffs } from "./signed-changes.fixture.ts";

let scenario: Scenario;
let policy: string;
beforeAll(async () => {
  scenario = await createScenario();
  policy = `${await scenario.repo.git(["show", `${scenario.start}:.countersign/policy.yml`])}\n`;
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

const POLICY = ".countersign/policy.yml";
const HUMAN = { message: "tidy\n" };

describe("T28: a change of the policy is judged by the target's policy, and by its strictest seats", () => {
  const weak = () => policy.replace(/rules:[\s\S]*/, "rules: []\n");

  it.each([
    ["weakened", () => ({ [POLICY]: weak() }), [POLICY]],
    ["deleted", () => ({ [POLICY]: null }), [POLICY]],
    ["renamed", () => ({ [POLICY]: null, "old-policy.yml": policy }), [POLICY]],
    [
      "shadowed by a twin in other case",
      () => ({ ".Countersign/Policy.yml": weak() }),
      [".Countersign/Policy.yml"],
    ],
    [
      "shadowed by a twin with an ignorable character",
      () => ({ ".counter\u200csign/policy.yml": weak() }),
      [".counter\u200csign/policy.yml"],
    ],
    [
      "replaced by a symbolic link",
      () => ({ [POLICY]: { symlink: "../weak.yml" }, "weak.yml": weak() }),
      [POLICY],
    ],
    [
      "moved behind a linked folder",
      () => ({ [POLICY]: null, ".countersign": { symlink: "other" }, "other/policy.yml": weak() }),
      [".countersign", POLICY],
    ],
    [
      "replaced by a submodule",
      () => ({ [POLICY]: null, ".countersign": { gitlink: "1".repeat(40) } }),
      [".countersign", POLICY],
    ],
    ["made executable", () => ({ [POLICY]: { executable: policy } }), [POLICY]],
    ["joined by another file", () => ({ ".countersign/notes.md": "x\n" }), [".countersign/notes.md"]],
  ])("%s", async (_name, files, touched) => {
    const head = await scenario.propose({ ...HUMAN, files: files() });
    const report = await scenario.gate({ head });
    expect(report.verdict).not.toBe("pass");
    expect(report.policySource?.commit).toBe(scenario.start);
    const finding = findingOf(report, "policy-change");
    expect(finding).toMatchObject({
      status: "pending",
      missing: { role: "senior", count: 2, candidates: ["second", "senior"] },
    });
    expect(finding.files).toEqual(touched);
    expect(finding.reason).toContain("0 of 2 sign-offs by senior");
  });

  it("weakened beside AI-assisted work: the old policy still asks, and its digest is the one cited", async () => {
    const before = await scenario.gate({ head: await scenario.propose() });
    const head = await scenario.propose({ files: { [POLICY]: weak(), "ai.txt": "1\n" } });
    const report = await scenario.gate({ head });
    expect(report.policyDigest).toBe(before.policyDigest);
    expect(findingOf(report, "ai-senior-sign-off").status).toBe("pending");
    expect(findingOf(report, "policy-change").status).toBe("pending");
  });

  it("weakened and restored within the change", async () => {
    const first = await scenario.propose({ ...HUMAN, files: { [POLICY]: weak() } });
    const head = await scenario.propose({ ...HUMAN, parents: [first], files: { [POLICY]: policy } });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "policy-change").commits).toEqual([first, head]);
  });

  it("weakened inside a merge", async () => {
    const first = await scenario.propose(HUMAN);
    const side = await scenario.propose(HUMAN);
    const head = await scenario.propose({
      message: "Merge\n",
      parents: [first, side],
      files: { [POLICY]: weak() },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "policy-change").files).toEqual([POLICY]);
  });

  it("one senior is not enough, two are, and no rebase carries it over", async () => {
    const head = await scenario.propose({ ...HUMAN, files: { [POLICY]: weak() } });
    await scenario.sign("senior", { head });
    expect(findingOf(await scenario.gate({ head }), "policy-change").reason).toContain(
      "1 of 2 sign-offs by senior (senior)",
    );
    await scenario.sign("second", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    const base = await scenario.propose({ ...HUMAN, author: identityOf("auditor") });
    const rebased = await scenario.propose({ ...HUMAN, from: base, files: { [POLICY]: weak() } });
    const report = await scenario.gate({ base, head: rebased });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "policy-change").reason).toContain(
      "the rule does not carry sign-offs over to a new base (carryOver: never)",
    );
  });

  it("the roles of the change's own policy count for nothing", async () => {
    const own = policy.replace("senior: { members: [senior,", "senior: { members: [auditor, senior,");
    const head = await scenario.propose({ ...HUMAN, files: { [POLICY]: own } });
    await scenario.sign("auditor", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "policy-change").reason).toContain("auditor does not hold the role senior");
  });

  it("a policy that names nobody who signs cannot be changed through the gate", async () => {
    const base = await scenario.propose({ files: { [POLICY]: weak() } });
    const head = await scenario.propose({ ...HUMAN, from: base, files: { [POLICY]: policy } });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy-change").reason).toContain("the policy names nobody who may change it");
  });

  it("a stale base does not bring an older, laxer policy back", async () => {
    await using own = await createScenario({ policyFile: weak() });
    const strict = await own.repo.commit({
      branch: TARGET,
      message: "stricter\n",
      files: { [POLICY]: policy },
    });
    const head = await own.propose();
    const report = await own.gate({ base: own.start, head });
    expect(report.policySource?.commit).toBe(strict);
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").status).toBe("pending");
  });
});

describe("T29: without a policy that can be read and evaluated nothing passes", () => {
  const bomb = `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  const withRule = (rule: string) => policy.replace(/rules:[\s\S]*/, `rules:\n  - ${rule}\n`);

  it.each([
    [
      "no policy",
      () => null,
      /refs\/heads\/main has no \.countersign\/policy\.yml at [0-9a-f]{12}; no policy is not permission/,
    ],
    [
      "a symbolic link whose text would be one",
      () => ({ symlink: "version: 1" }),
      /has no \.countersign\/policy\.yml at/,
    ],
    ["an empty one", () => "", /invalid, so nothing passes/],
    ["one of comments only", () => "# nothing yet\n", /invalid, so nothing passes/],
    ["one that is no YAML", () => "version: 1\n  rules: [\n", /policy\.yml:\d+:\d+/],
    [
      "an unknown key",
      () => `${policy}ruels: []\n`,
      /policy\.yml:24:1: ruels: unknown key "ruels"; expected one of version, /,
    ],
    [
      "an unknown key in a rule",
      () => withRule("{ id: a, when: change.ai.assisted, requires: { role: senior } }"),
      /requires/,
    ],
    [
      "a duplicate key",
      () => `${policy}signalled: deny\nsignalled: allow\n`,
      /policy\.yml:25:1: [\s\S]*expected every key once/,
    ],
    [
      "a duplicate rule id",
      () => withRule('{ id: a, deny: "no" }\n  - { id: a, deny: "no" }'),
      /"a"|twice|id/,
    ],
    ["an anchor bomb", () => bomb, /policy\.yml:\d+:\d+/],
    ["two documents", () => `${policy}---\nversion: 1\n`, /document/],
    [
      "a tag of a programming language",
      () => `${policy}description: !!js/function "f"\n`,
      /policy\.yml:\d+:\d+/,
    ],
    ["another version", () => policy.replace("version: 1", "version: 2"), /version/],
    [
      "a role that nobody defined",
      () => withRule("{ id: a, require: { role: seniro } }"),
      /the role "seniro" is not defined; did you mean "senior"/,
    ],
    [
      "an expression that does not parse",
      () => withRule('{ id: a, when: "change.ai.assisted &&", deny: "no" }'),
      /policy\.yml:\d+:\d+/,
    ],
    [
      "an expression about a fact that does not exist",
      () => withRule('{ id: a, when: change.ai.asisted, deny: "no" }'),
      /change\.ai has no field "asisted"; did you mean "assisted"/,
    ],
    [
      "an expression that is no yes or no",
      () => withRule('{ id: a, when: change.commitCount, deny: "no" }'),
      /policy\.yml:\d+:\d+/,
    ],
    ["bytes that are no UTF-8", () => Buffer.from([0x76, 0xff, 0xfe, 0x00]), /UTF-8|invalid/],
    ["a huge one", () => `${policy}# ${"x".repeat(3_000_000)}\n`, /bytes|large/],
    ["a symbolic link", () => ({ symlink: "../README.md" }), /has no .* a symbolic link is none/],
  ])("%s", async (_name, file, reason) => {
    const base = await scenario.propose({ message: "project: policy\n", files: { [POLICY]: file() } });
    const head = await scenario.propose({ ...HUMAN, from: base });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("denied");
    const finding = findingOf(report, "policy");
    expect(finding).toMatchObject({ status: "fail", commits: [head] });
    expect(finding.reason).toMatch(reason);
    expect(finding.reason).toContain(base.slice(0, 12));
  });

  it.each([
    ["an index out of bounds", "change.commits[7].ai.assisted"],
    ["a division by zero", "1 / (change.commitCount - 1) == 1"],
    [
      "more work than is allowed",
      "change.commits.all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, [1,2,3,4,5,6,7,8,9,10].all(g, [1,2,3,4,5,6,7,8,9,10].all(h, true))))))))",
    ],
  ])("an expression that fails when it runs: %s", async (_name, when) => {
    const base = await scenario.propose({
      message: "project: policy\n",
      files: { [POLICY]: withRule(`{ id: broken, when: "${when}", require: { role: senior } }`) },
    });
    const head = await scenario.propose({ ...HUMAN, from: base });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("denied");
    const finding = findingOf(
      report,
      report.findings.some(({ rule }) => rule === "broken") ? "broken" : "policy",
    );
    expect(finding.status).toBe("fail");
    expect(finding.reason).toMatch(/could not be evaluated|invalid, so nothing passes/);
  });
});
