// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createDeployScenario,
  DAY,
  type DeployScenario,
  HOUR,
  identityOf,
  NOW,
  reasonOf,
  TARGET,
} from "./deploy-scenario.fixture.ts";

let scenario: DeployScenario;
beforeEach(async () => {
  scenario = await createDeployScenario();
  await scenario.record(scenario.start, { isBaseline: true, now: NOW - 5 * DAY });
});
afterEach(() => scenario[Symbol.asyncDispose]());

describe("what was signed off and judged may ship", () => {
  it.each(["fast-forward", "merge", "squash"] as const)("landed as a %s", async (as) => {
    const tip = await scenario.ship({ as });
    const report = await scenario.check(tip);
    expect(report.findings.filter(({ status }) => status !== "warning")).toEqual([]);
    expect(report).toMatchObject({ verdict: "pass", kind: "forward", base: scenario.start, gaps: [] });
    expect(report.changes).toMatchObject([
      { head: tip, assisted: true, tools: ["claude-code"], verdict: "pass" },
    ]);
    expect(report.changes[0]?.attested).toMatch(/^[0-9a-f]{64}$/);
  });

  it("several changes at once, each judged by itself, and only what is new since the last deployment", async () => {
    const first = await scenario.ship();
    expect(await scenario.record(first)).toMatchObject({ verdict: "pass" });
    await scenario.ship({ as: "merge" });
    await scenario.ship({ as: "squash", message: "by hand\n", signedBy: null });
    const tip = await scenario.ship();
    const report = await scenario.check(tip);
    expect(report.verdict).toBe("pass");
    expect(report.changes.map(({ assisted }) => assisted)).toEqual([true, false, true]);
    expect(report.base).toBe(first);
  });

  it("after the sign-off has expired, since it was in force when the change was let through", async () => {
    const tip = await scenario.ship({ at: NOW - 3 * DAY, lifetime: DAY });
    const report = await scenario.check(tip);
    expect(report.verdict).toBe("pass");
    expect(Date.parse(report.changes[0]?.judgedAt ?? "")).toBe((NOW - 3 * DAY) * 1000);
  });
});

describe("T48: a direct push, or the protection switched off and on", () => {
  it("of AI without anybody's sign-off is denied: no verdict, and the sign-off is missing", async () => {
    const tip = await scenario.ship({ isAttested: false, signedBy: null });
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", gaps: [tip] });
    expect(reasonOf(report, "no-verdict")).toMatchObject({ status: "fail", commits: [tip] });
    expect(reasonOf(report, "no-verdict").reason).toContain("1 commit(s) landed without a verdict");
    expect(reasonOf(report, "ai-senior-sign-off").reason).toContain("0 of 1 sign-off");
  });

  it("of a human's work, between two changes that were judged, leaves a gap all the same", async () => {
    await scenario.ship();
    const direct = await scenario.ship({ isAttested: false, signedBy: null, message: "quick fix\n" });
    const tip = await scenario.ship({ as: "merge" });
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", gaps: [direct] });
    expect(reasonOf(report, "no-verdict").commits).toEqual([direct]);
  });

  it("on top of what was judged, and judged only as its last commit, is a gap below", async () => {
    const base = await scenario.repo.id(TARGET);
    const below = await scenario.propose({ from: base, message: "below\n" });
    const head = await scenario.propose({ from: below, message: "above\n" });
    await scenario.attest(below, head);
    await scenario.forcePush(head);
    expect(await scenario.check(head)).toMatchObject({ verdict: "denied", gaps: [below] });
  });

  it("half of what was judged as a whole is a gap", async () => {
    const base = await scenario.repo.id(TARGET);
    const half = await scenario.propose({ from: base, message: "half\n" });
    const whole = await scenario.propose({ from: half, message: "whole\n" });
    await scenario.attest(base, whole);
    await scenario.forcePush(half);
    expect(await scenario.check(half)).toMatchObject({ verdict: "denied", gaps: [half] });
    await scenario.forcePush(whole);
    expect(await scenario.check(whole)).toMatchObject({ verdict: "pass", gaps: [] });
  });

  it.each([
    ["by a machine that the policy does not know", "stranger"],
    ["by a machine that may only deploy", "deployer"],
  ] as const)("a verdict %s closes no gap", async (_what, by) => {
    const base = await scenario.repo.id(TARGET);
    const tip = await scenario.ship({ isAttested: false });
    await scenario.attest(base, tip, { by });
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", gaps: [tip] });
    expect(reasonOf(report, "evidence-unusable").reason).toContain("(SIGNER_UNKNOWN)");
  });

  it("a verdict that was no pass closes no gap", async () => {
    const base = await scenario.repo.id(TARGET);
    const tip = await scenario.ship({ isAttested: false, signedBy: null });
    await scenario.attest(base, tip);
    expect(await scenario.check(tip)).toMatchObject({ verdict: "denied", gaps: [tip] });
  });

  it("an evil squash of a change that passed is a gap", async () => {
    const base = await scenario.repo.id(TARGET);
    const head = await scenario.propose({ from: base, message: "by hand\n" });
    await scenario.attest(base, head);
    const evil = await scenario.propose({
      from: base,
      message: "by hand (#7)\n",
      files: { "evil.txt": "x\n" },
    });
    await scenario.forcePush(evil);
    expect(await scenario.check(evil)).toMatchObject({ verdict: "denied", gaps: [evil] });
  });

  it("shipped all the same, it is recorded with its gap, and stays in what is looked at", async () => {
    const direct = await scenario.ship({ isAttested: false, signedBy: null });
    expect(await scenario.record(direct)).toMatchObject({ verdict: "denied", gaps: [direct] });
    const tip = await scenario.ship();
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", base: scenario.start, gaps: [direct] });
    expect(report.previous).toMatchObject({ commit: direct, verdict: "denied" });
  });

  it("where no machine gives verdicts, it is the missing sign-off that denies", async () => {
    await using own = await createDeployScenario({ may: { deployer: "deployment" } });
    await own.record(own.start, { isBaseline: true });
    const signed = await own.ship({ isAttested: false });
    expect(await own.check(signed)).toMatchObject({ verdict: "pass", gaps: [] });
    const tip = await own.ship({ isAttested: false, signedBy: null });
    const report = await own.check(tip);
    expect(report.verdict).toBe("pending");
    expect(reasonOf(report, "ai-senior-sign-off").commits).toEqual([tip]);
  });
});

describe("T58: an approval is revoked after the merge and before the deployment", () => {
  it.each(["fast-forward", "merge", "squash"] as const)("landed as a %s: denied, by name", async (as) => {
    const base = await scenario.repo.id(TARGET);
    const tip = await scenario.ship({ as, at: NOW - DAY });
    const head =
      as === "merge"
        ? await scenario.repo.id(`${tip}^2`)
        : as === "squash"
          ? await scenario.repo.id("refs/heads/proposal-1")
          : tip;
    expect((await scenario.check(tip)).verdict).toBe("pass");
    const reason = "it opens the admin port";
    await scenario.sign("senior", { base, head, at: NOW - HOUR, predicate: { decision: "revoke", reason } });
    const report = await scenario.check(tip);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "revoked")).toMatchObject({ status: "fail", commits: [tip] });
    expect(reasonOf(report, "revoked").reason).toMatch(
      /sign-off of senior .* was revoked at .*: it opens the admin port/,
    );
  });

  it("signed off by somebody else instead, it may ship", async () => {
    const base = await scenario.repo.id(TARGET);
    const tip = await scenario.ship({ at: NOW - DAY });
    await scenario.sign("senior", { base, head: tip, at: NOW - 2 * HOUR, predicate: { decision: "revoke" } });
    await scenario.sign("second", { base, head: tip, at: NOW - HOUR });
    await scenario.attest(base, tip, { at: NOW - 60 });
    expect((await scenario.check(tip)).verdict).toBe("pass");
  });

  it("a rejection after the merge denies as well, and only by somebody who may sign off", async () => {
    const base = await scenario.repo.id(TARGET);
    const tip = await scenario.ship({ at: NOW - DAY });
    const reject = { decision: "reject", reason: "seen in the audit" } as const;
    await scenario.sign("auditor", { base, head: tip, at: NOW - HOUR, predicate: reject });
    await scenario.sign("stranger", { base, head: tip, at: NOW - HOUR, predicate: reject });
    expect((await scenario.check(tip)).verdict).toBe("pass");
    await scenario.sign("second", { base, head: tip, at: NOW - HOUR, predicate: reject });
    const report = await scenario.check(tip);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "rejected").reason).toMatch(
      /second rejected .* after it had landed: seen in the audit/,
    );
  });
});

describe("T56: going back to what ran before, and shipping again what was revoked", () => {
  async function threeDeployments() {
    const first = await scenario.ship({ at: NOW - 4 * DAY });
    await scenario.record(first, { now: NOW - 4 * DAY + HOUR });
    const base = await scenario.repo.id(TARGET);
    const second = await scenario.ship({ at: NOW - 3 * DAY });
    await scenario.record(second, { now: NOW - 3 * DAY + HOUR });
    const third = await scenario.ship({ at: NOW - 2 * DAY });
    await scenario.record(third, { now: NOW - 2 * DAY + HOUR });
    return { first, base, second, third };
  }

  it("what was approved then and never revoked may come back, and is recorded as a rollback", async () => {
    const { first, second } = await threeDeployments();
    const report = await scenario.record(second);
    expect(report).toMatchObject({ verdict: "pass", kind: "rollback" });
    expect(reasonOf(report, "rollback")).toMatchObject({ status: "warning" });
    expect(report.base).toBe(first);
  });

  it("even where the sign-off has expired and the policy became stricter since", async () => {
    const old = await scenario.ship({ at: NOW - 4 * DAY, lifetime: DAY });
    await scenario.record(old, { now: NOW - 4 * DAY + HOUR });
    const policy = await scenario.repo.git(["show", `${old}:.countersign/policy.yml`]);
    const strict = await scenario.repo.commit({
      branch: "strict",
      parents: [old],
      message: "policy: two seniors\n",
      files: { ".countersign/policy.yml": policy.replace("count: 1 }", "count: 2 }") },
      author: identityOf("commander"),
    });
    for (const person of ["senior", "second"] as const)
      await scenario.sign(person, {
        base: old,
        head: strict,
        at: NOW - 2 * DAY,
        predicate: { changeKind: "policy" },
      });
    await scenario.attest(old, strict, { at: NOW - 2 * DAY + 60 });
    await scenario.forcePush(strict);
    expect(await scenario.record(strict, { now: NOW - 2 * DAY + HOUR })).toMatchObject({ verdict: "pass" });
    expect(await scenario.check(old)).toMatchObject({ verdict: "pass", kind: "rollback" });
  });

  it("what was revoked since may not come back", async () => {
    const { base, second } = await threeDeployments();
    await scenario.sign("senior", { base, head: second, at: NOW - HOUR, predicate: { decision: "revoke" } });
    const report = await scenario.check(second);
    expect(report).toMatchObject({ verdict: "denied", kind: "rollback" });
    expect(reasonOf(report, "revoked").commits).toEqual([second]);
  });

  it("nor go out again on top of others, once it was rolled back", async () => {
    const { first, base, second } = await threeDeployments();
    expect(await scenario.record(first, { now: NOW - DAY })).toMatchObject({
      verdict: "pass",
      kind: "rollback",
    });
    await scenario.sign("senior", { base, head: second, at: NOW - HOUR, predicate: { decision: "revoke" } });
    const tip = await scenario.ship();
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", kind: "forward", base: first });
    expect(reasonOf(report, "revoked").commits).toEqual([second]);
  });

  it("the very same again is judged like a rollback", async () => {
    const { base: _base, third, second } = await threeDeployments();
    expect(await scenario.check(third)).toMatchObject({ verdict: "pass", kind: "again", base: second });
    await scenario.sign("senior", {
      base: second,
      head: third,
      at: NOW - HOUR,
      predicate: { decision: "revoke" },
    });
    expect(await scenario.check(third)).toMatchObject({ verdict: "denied", kind: "again" });
  });

  it("an old commit that never ran here is judged like any other", async () => {
    const unjudged = await scenario.ship({ isAttested: false, signedBy: null, at: NOW - 3 * DAY });
    const tip = await scenario.ship({ at: NOW - 2 * DAY });
    const base = await scenario.repo.id(TARGET);
    expect(base).toBe(tip);
    expect(await scenario.record(tip, { now: NOW - DAY })).toMatchObject({ verdict: "denied" });
    const report = await scenario.check(unjudged);
    expect(report).toMatchObject({ verdict: "denied", gaps: [unjudged] });
  });

  it("a policy may forbid it", async () => {
    await using own = await createDeployScenario({
      policy: "deployments: { production: { rollback: deny } }\n",
    });
    await own.record(own.start, { isBaseline: true });
    const tip = await own.ship();
    await own.record(tip);
    const report = await own.check(own.start);
    expect(report).toMatchObject({ verdict: "denied", kind: "rollback" });
    expect(report.findings.map(({ reason }) => reason).join()).toContain("does not let production go back");
  });
});

describe("T57: a break-glass that nobody reviewed", () => {
  const GLASS = "breakGlass: { role: commander, count: 2, expires: 24h, postReview: 48h }\n";

  async function glassScenario() {
    const own = await createDeployScenario({ policy: GLASS });
    await own.record(own.start, { isBaseline: true, now: NOW - 6 * DAY });
    const at = NOW - 4 * DAY;
    const head = await own.propose({ files: { "glass.txt": "1\n" } });
    const predicate = {
      decision: "override",
      changeKind: "override",
      reason: "outage 4711",
      expiresAt: new Date((at + DAY) * 1000).toISOString().replace(".000", ""),
    } as const;
    for (const person of ["commander", "deputy"] as const) await own.sign(person, { head, at, predicate });
    await own.attest(own.start, head, { at: at + 60 });
    await own.forcePush(head);
    return { own, head, at };
  }

  it("may be deployed at once, and is recorded as an override", async () => {
    const { own, head, at } = await glassScenario();
    await using _ = own;
    const report = await own.record(head, { now: at + HOUR });
    expect(report.findings.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.verdict).toBe("override");
  });

  it("stops the next deployment of AI's work once its review is overdue, and opens the way when it is given", async () => {
    const { own, head, at } = await glassScenario();
    await using _ = own;
    await own.record(head, { now: at + HOUR });
    const tip = await own.ship({ at: at + 2 * HOUR });
    const report = await own.check(tip);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "post-review")).toMatchObject({ status: "fail", commits: [head] });
    expect(reasonOf(report, "post-review").reason).toContain("was never reviewed; the review was due");
    await own.sign("senior", { base: own.start, head, at: NOW - HOUR });
    expect((await own.check(tip)).verdict).toBe("pass");
  });

  it("does not stop a deployment without AI, and says so there", async () => {
    const { own, head, at } = await glassScenario();
    await using _ = own;
    await own.record(head, { now: at + HOUR });
    const tip = await own.ship({ at: at + 2 * HOUR, message: "by hand\n", signedBy: null });
    const report = await own.check(tip);
    expect(report.verdict).toBe("pass");
    expect(reasonOf(report, "post-review").status).toBe("warning");
  });

  it("is itself held back, where it is deployed only after its review was due", async () => {
    const { own, head } = await glassScenario();
    await using _ = own;
    const report = await own.check(head);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "post-review").commits).toEqual([head]);
  });
});
