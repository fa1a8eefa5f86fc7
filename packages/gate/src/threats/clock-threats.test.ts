// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import { CLOCK_TOLERANCE_SECONDS } from "@countersign/core/policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createScenario,
  findingOf,
  keyOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
  type SignOptions,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());

let proposals = 0;

async function gateSigned(options: SignOptions, own: Scenario = scenario) {
  // Content of its own, so that no other test's sign-off is for the same tree.
  proposals += 1;
  const head = await own.propose({ files: { [`clock-${proposals}.txt`]: "1\n" } });
  await own.sign("senior", { head, ...options });
  const report = await own.gate({ head });
  return { report, mine: report.signOffs.find(({ cover }) => cover === "exact") };
}

describe("T64: clocks differ, and nobody gains by theirs", () => {
  it.each([
    ["now", 0, true],
    ["at the edge of the tolerance", CLOCK_TOLERANCE_SECONDS, true],
    ["a second past it", CLOCK_TOLERANCE_SECONDS + 1, false],
    ["a day ahead", 86_400, false],
    ["in the year 9999", 251_000_000_000, false],
    ["a second ago", -1, true],
    ["at the beginning of time", -NOW, true],
  ])("issued %s", async (_what, offset, isCounted) => {
    const { report, mine } = await gateSigned({ at: NOW + offset });
    expect(mine?.counted).toBe(isCounted);
    expect(report.verdict).toBe(isCounted ? "pass" : "pending");
    if (!isCounted) {
      expect(mine?.reason).toMatch(/issued in the future \(.*Z\); check the signer's clock and sign again/);
      expect(findingOf(report, "ai-senior-sign-off").reason).toContain("issued in the future");
    }
  });

  it.each([
    ["a second before it expires", 1, true],
    ["when it expires", 0, false],
    ["a second after", -1, false],
  ])("%s", async (_what, left, isCounted) => {
    const { report, mine } = await gateSigned({ predicate: { expiresAt: formatInstant(NOW + left) } });
    expect(report.verdict).toBe(isCounted ? "pass" : "pending");
    if (!isCounted) expect(mine?.reason).toBe(`expired at ${formatInstant(NOW + left)}`);
  });

  it("expired before it was issued: never valid", async () => {
    const head = await scenario.propose({ files: { "never.txt": "1\n" } });
    const signing = scenario.sign("senior", {
      head,
      at: NOW - 60,
      predicate: { expiresAt: formatInstant(NOW - 120) },
    });
    const refused = await signing.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refused === undefined) expect((await scenario.gate({ head })).verdict).toBe("pending");
    else expect(String(refused)).toMatch(/expire/i);
  });

  it("dates of commits decide nothing: a commit backdated before the sign-off voids it all the same", async () => {
    const head = await scenario.propose({ files: { "dates.txt": "1\n" }, at: NOW - 7200 });
    await scenario.sign("senior", { head });
    const later = await scenario.propose({
      parents: [head],
      files: { "dates.txt": "2\n" },
      at: NOW - 86_400,
    });
    const report = await scenario.gate({ head: later });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.map(({ reason }) => reason).join()).toContain("the content changed after signing");
  });

  it.each([
    ["before the epoch", "-1 +0000"],
    ["past what a date can hold", "99999999999999999999 +0000"],
    ["with a zone that does not exist", `${NOW} +9999`],
  ])("a commit dated %s is judged like any other", async (_what, date) => {
    const tree = await scenario.repo.id(
      `${await scenario.propose({ files: { "odd.txt": `${date}\n` } })}^{tree}`,
    );
    const who = `author <author@example.com> ${date}`;
    const head = await scenario.repo.writeObject(
      "commit",
      `tree ${tree}\nparent ${scenario.start}\nauthor ${who}\ncommitter ${who}\n\nx\n\nAI-Assisted: cursor/unknown\n`,
    );
    const report = await scenario.gate({ head });
    expect(["pending", "error"]).toContain(report.verdict);
  });

  it("a later statement of the same signer wins by the signer's own times, at the same second the stricter one", async () => {
    const head = await scenario.propose({ files: { "order.txt": "1\n" } });
    await scenario.sign("senior", { head, at: NOW - 100 });
    await scenario.sign("senior", {
      head,
      at: NOW - 100,
      predicate: { decision: "reject", reason: "on second thought" },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("rejected by senior");
  });

  it("a revocation from the future does not revoke", async () => {
    const head = await scenario.propose({ files: { "revoke.txt": "1\n" } });
    await scenario.sign("senior", { head, at: NOW - 100 });
    await scenario.sign("senior", { head, at: NOW + 86_400, predicate: { decision: "revoke" } });
    const report = await scenario.gate({ head });
    // Withdrawing fails closed: a wrong clock on the signer's side must not keep an approval alive that they took back.
    expect(report.verdict).toBe("pending");
  });

  describe("maxAge", () => {
    const policy = SENIOR_RULES.replace("count: 1 }", "count: 1, maxAge: 72h }");
    it.each([
      ["exactly as old as allowed", 72 * 3600, true],
      ["a second older", 72 * 3600 + 1, false],
    ])("%s", async (_what, age, isCounted) => {
      await using own = await createScenario({ policy });
      const { report, mine } = await gateSigned({ at: NOW - age }, own);
      expect(report.verdict).toBe(isCounted ? "pass" : "pending");
      if (!isCounted) expect(mine?.reason).toContain("the rule accepts at most 72 h (maxAge)");
    });
  });

  describe("a key with an interval is judged by our clock, not by the statement's date", () => {
    const withKey = async (interval: string) =>
      (await peopleYaml()).replace(
        `keys: ["${(await keyOf("senior")).publicKey}"]`,
        `keys: [{ key: "${(await keyOf("senior")).publicKey}", ${interval} }]`,
      );
    it.each([
      ["still valid today", "until: 2026-01-11", true],
      ["valid until yesterday, the statement dated before", "until: 2026-01-10", false],
      ["valid from the second of the verdict", `from: 2026-01-11T00:00:00Z`, true],
      ["valid a second later", "from: 2026-01-11T00:00:01Z", false],
    ])("%s", async (_what, interval, isCounted) => {
      await using own = await createScenario({ people: await withKey(interval) });
      const { report, mine } = await gateSigned({ at: NOW - 200_000 }, own);
      expect(report.verdict).toBe(isCounted ? "pass" : "pending");
      if (!isCounted) expect(mine?.reason).toContain("senior's key is not valid now");
    });
  });
});
