// SPDX-License-Identifier: Apache-2.0
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DAY, HOUR, NOW, reasonOf, TARGET } from "./deploy-scenario.fixture.ts";
import { createLoggedDeploys, type LoggedDeploys } from "./logged-deploys.fixture.ts";

const STAGED = "deployments: { staging: {}, production: { after: staging } }\n";
const EVIDENCE = "refs/countersign/evidence";

/** What runs there is recorded and logged, five days ago. */
async function begin(options: Parameters<typeof createLoggedDeploys>[0] = {}): Promise<LoggedDeploys> {
  const scenario = await createLoggedDeploys(options);
  await scenario.record(scenario.start, { isBaseline: true, now: NOW - 5 * DAY });
  await scenario.log(NOW - 5 * DAY + 60);
  return scenario;
}

/** Signed, logged, judged and logged again, as a pipeline does it; returns the tip. */
async function shipLogged(scenario: LoggedDeploys, at = NOW - 2 * HOUR): Promise<string> {
  const base = await scenario.repo.id(TARGET);
  const head = await scenario.propose({ from: base });
  await scenario.sign("senior", { base, head, at });
  await scenario.log(at + 60);
  await scenario.attest(base, head, { at: at + 120 });
  await scenario.log(at + 180);
  await scenario.forcePush(head);
  return head;
}

describe("a deployment where the policy names a ledger", () => {
  it("passes with everything in it, each sign-off judged when the log took it in", async () => {
    await using scenario = await begin();
    const tip = await shipLogged(scenario);
    const report = await scenario.check(tip);
    expect(report.findings.filter(({ status }) => status !== "warning")).toEqual([]);
    expect(report).toMatchObject({ verdict: "pass", gaps: [], base: scenario.start });
    expect(report.changes[0]?.signOffs).toMatchObject([{ principal: "senior", counted: true }]);
  });

  it("T36: a sign-off that is not logged is none, and neither is a verdict", async () => {
    await using scenario = await begin();
    const tip = await scenario.ship({ at: NOW - 2 * HOUR });
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ verdict: "denied", gaps: [tip] });
    expect(reasonOf(report, "ai-senior-sign-off").reason).toContain("not in the ledger");
    expect(reasonOf(report, "evidence-unusable").reason).toContain("(NOT_LOGGED): not in the ledger");
    expect(reasonOf(report, "no-verdict").commits).toEqual([tip]);
  });

  it("T64: what the log took in later than the moment that is judged was not in it then", async () => {
    await using scenario = await begin();
    const tip = await shipLogged(scenario);
    const report = await scenario.check(tip, { now: NOW - 3 * HOUR });
    expect(report.verdict).not.toBe("pass");
    expect(reasonOf(report, "ai-senior-sign-off").reason).toContain("logged in the future");
  });

  it.each(["revoke", "reject"] as const)(
    "T58: deleting a %s from the evidence takes nothing back",
    async (decision) => {
      await using scenario = await begin();
      const tip = await shipLogged(scenario);
      const kept = await scenario.repo.id(EVIDENCE);
      const by = decision === "revoke" ? "senior" : "second";
      await scenario.sign(by, { base: scenario.start, head: tip, at: NOW - 60, predicate: { decision } });
      await scenario.log(NOW - 30);
      expect((await scenario.check(tip)).verdict).toBe("denied");
      await scenario.repo.git(["update-ref", EVIDENCE, kept]);
      const report = await scenario.check(tip);
      expect(report.verdict).toBe("denied");
      const named = reasonOf(report, decision === "revoke" ? "revoked" : "rejected");
      expect(named).toMatchObject({ status: "fail", commits: [tip] });
    },
  );

  it("T36: a deployment that was deleted from the evidence still runs there", async () => {
    await using scenario = await begin();
    const kept = await scenario.repo.id(EVIDENCE);
    const tip = await shipLogged(scenario);
    const { envelope } = await scenario.record(tip, { now: NOW - HOUR });
    await scenario.log(NOW - 1000);
    await scenario.repo.git(["update-ref", EVIDENCE, kept]);
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ kind: "again", previous: { commit: tip, envelope } });
    await scenario.repo.git(["update-ref", "-d", EVIDENCE]);
    expect((await scenario.check(tip)).previous).toMatchObject({ envelope });
  });

  it("T36: one that is gone from beside the log as well is missed, and nobody can tell", async () => {
    await using scenario = await begin();
    const kept = await scenario.repo.id(EVIDENCE);
    const tip = await shipLogged(scenario);
    const { envelope } = await scenario.record(tip, { now: NOW - HOUR });
    await scenario.log(NOW - 1000);
    await scenario.repo.git(["update-ref", EVIDENCE, kept]);
    await rm(join(scenario.dir, "objects", envelope.slice(0, 2), envelope.slice(2)));
    const report = await scenario.check(tip);
    expect(report.verdict).not.toBe("pass");
    expect(reasonOf(report, "ledger")).toMatchObject({
      status: "error",
      reason: expect.stringContaining("is nowhere any more, so nobody can tell what was deployed"),
    });
  });

  it("a deployment to staging that is not logged is no trial, and a backdated one counts from the log's time", async () => {
    const policy = "deployments: { staging: {}, production: { after: staging, minimum: 2h } }\n";
    await using scenario = await begin({ policy });
    await scenario.record(scenario.start, { environment: "staging", isBaseline: true, now: NOW - 5 * DAY });
    const tip = await shipLogged(scenario, NOW - 6 * HOUR);
    await scenario.record(tip, { environment: "staging", now: NOW - 4 * HOUR });
    const unlogged = await scenario.check(tip);
    expect(unlogged.verdict).toBe("denied");
    expect(reasonOf(unlogged, "after").reason).toContain(
      "there is not in the ledger, which the policy requires",
    );
    await scenario.log(NOW - HOUR);
    const early = await scenario.check(tip);
    expect(early.verdict).toBe("pending");
    expect(reasonOf(early, "after").reason).toContain("the policy asks for 2h; wait 3600 s more");
    expect((await scenario.check(tip, { now: NOW + HOUR })).verdict).toBe("pass");
  });

  it("an approved deployment that is not logged moves nothing on, and is linked to all the same", async () => {
    await using scenario = await begin();
    const tip = await shipLogged(scenario);
    const { envelope } = await scenario.record(tip, { now: NOW - HOUR });
    const report = await scenario.check(tip);
    expect(report).toMatchObject({ kind: "forward", base: scenario.start, previous: { envelope } });
    expect(reasonOf(report, "deployments").reason).toContain("so it approves nothing");
  });

  it("T37: without the log, or with one that was rolled back, nobody can tell, even where nothing new would ship", async () => {
    await using scenario = await begin();
    await cp(scenario.dir, `${scenario.dir}-before`, { recursive: true });
    const tip = await shipLogged(scenario);
    expect((await scenario.check(tip)).verdict).toBe("pass");
    await rm(scenario.dir, { recursive: true });
    const missing = await scenario.check(scenario.start);
    expect(missing.verdict).toBe("error");
    expect(reasonOf(missing, "ledger").reason).toContain("there is no ledger in");
    await cp(`${scenario.dir}-before`, scenario.dir, { recursive: true });
    const back = await scenario.check(tip);
    expect(back.verdict).not.toBe("pass");
    expect(reasonOf(back, "ledger")).toMatchObject({
      status: "error",
      reason: expect.stringContaining("the log was rolled back"),
    });
  });

  it("a log that need not be there is used where it is, and missed aloud", async () => {
    await using scenario = await begin({ isRequired: false });
    const tip = await scenario.ship({ at: NOW - 2 * HOUR });
    // Brought up to date in the night after: what it took in later takes nothing away.
    await scenario.log(NOW - HOUR);
    expect(await scenario.check(tip)).toMatchObject({ verdict: "pass", gaps: [] });
    await rm(scenario.dir, { recursive: true });
    const report = await scenario.check(tip);
    expect(report.verdict).toBe("pass");
    expect(reasonOf(report, "ledger")).toMatchObject({ status: "warning" });
  });
});

it("T56: staging comes first by the log, too", async () => {
  await using scenario = await begin({ policy: STAGED });
  const tip = await shipLogged(scenario);
  expect(reasonOf(await scenario.check(tip), "after").reason).toContain("was never recorded there");
});
