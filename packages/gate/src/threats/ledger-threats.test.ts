// SPDX-License-Identifier: Apache-2.0
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatInstant } from "@countersign/core/attestation";
import { CLOCK_TOLERANCE_SECONDS } from "@countersign/core/policy";
import type { GateReport } from "@countersign/core/render";
import { START } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { findingOf, keyOf, NOW, peopleYaml, SENIOR_RULES } from "./gate-scenario.fixture.ts";
import { createLoggedScenario, type LoggedScenario } from "./logged-scenario.fixture.ts";

const LEFT = START + 5 * 86_400;
const UNTIL = formatInstant(LEFT);

/** The one sign-off did not count, for this reason, and the verdict is the rule's. */
function expectVoid(report: GateReport, reason: string): void {
  expect(report.verdict).toBe("pending");
  expect(report.signOffs).toMatchObject([{ counted: false, reason: expect.stringContaining(reason) }]);
  expect(findingOf(report, "ai-senior-sign-off")).toMatchObject({ status: "pending" });
}

/** The gate could not tell, and says why. */
function expectError(report: GateReport, reason: string): void {
  expect(report.verdict).toBe("error");
  expect(findingOf(report, "incomplete-history").reason).toContain(reason);
}

describe("T34: keys and people are judged at the time the log took the signature in", () => {
  const leaving = {
    key: async () => {
      const { publicKey } = await keyOf("senior");
      return (await peopleYaml()).replace(`"${publicKey}"`, `{ key: "${publicKey}", until: ${UNTIL} }`);
    },
    person: async () => (await peopleYaml()).replace("login: senior,", `login: senior, until: ${UNTIL},`),
  };

  it.each([
    ["key", "senior's key was not valid at"],
    ["person", "senior was not active at"],
  ] as const)(
    "whoever left since had the right to sign; a %s that was gone already had not",
    async (what, reason) => {
      await using before = await createLoggedScenario({ people: await leaving[what]() });
      const head = await before.propose({ at: START + 600 });
      await before.sign("senior", { head, at: LEFT - 7200 });
      await before.log(LEFT - 3600);
      const report = await before.gate({ head });
      expect(report.verdict).toBe("pass");
      expect(report.signOffs).toMatchObject([{ principal: "senior", counted: true }]);

      await using after = await createLoggedScenario({ people: await leaving[what]() });
      const late = await after.propose({ at: START + 600 });
      // Backdated into the time when it was valid: the log's clock says otherwise.
      await after.sign("senior", { head: late, at: LEFT - 7200 });
      await after.log(LEFT + 60);
      expectVoid(
        await after.gate({ head: late }),
        `${reason} ${formatInstant(LEFT + 60)}, when this was logged`,
      );
    },
  );
});

describe("T35: a role is needed when the sign-off is logged and when it is used", () => {
  it.each([
    [
      "a role granted after signing",
      `from: ${formatInstant(NOW - 600)}`,
      `senior did not hold the role senior at`,
    ],
    [
      "a role that ended since",
      `until: ${formatInstant(NOW - 600)}`,
      "senior does not hold the role senior now",
    ],
  ])("%s does not count", async (_name, interval, reason) => {
    const policy = SENIOR_RULES.replace("[senior,", `[{ person: senior, ${interval} },`);
    await using scenario = await createLoggedScenario({ policy });
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    await scenario.log(NOW - 1800);
    expectVoid(await scenario.gate({ head }), reason);
  });

  it("a role held at both times counts", async () => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    await scenario.log();
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });
});

describe("T36: what the log holds cannot be unsaid, and what it does not hold was not said", () => {
  it("a sign-off that is not logged does not count until it is", async () => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    expectVoid(await scenario.gate({ head }), "not in the ledger, which the policy requires");
    await scenario.log();
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it.each(["reject", "revoke"] as const)(
    "deleting a %s from the evidence takes nothing back",
    async (decision) => {
      await using scenario = await createLoggedScenario();
      const head = await scenario.propose();
      await scenario.sign("senior", { head, at: NOW - 7200 });
      const kept = await scenario.repo.id("refs/countersign/evidence");
      await scenario.sign(decision === "reject" ? "second" : "senior", { head, predicate: { decision } });
      await scenario.log();
      expect((await scenario.gate({ head })).verdict).not.toBe("pass");
      await scenario.repo.git(["update-ref", "refs/countersign/evidence", kept]);
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe(decision === "reject" ? "denied" : "pending");
      const reason = findingOf(report, "ai-senior-sign-off").reason;
      expect(reason).toContain(decision === "reject" ? "second" : "revoked at");
      await scenario.repo.git(["update-ref", "-d", "refs/countersign/evidence"]);
      expect((await scenario.gate({ head })).verdict).not.toBe("pass");
    },
  );

  it("a rejection counts whether or not anybody logged it", async () => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: NOW - 7200 });
    await scenario.log();
    await scenario.sign("second", { head, predicate: { decision: "reject" } });
    expect((await scenario.gate({ head })).verdict).toBe("denied");
  });

  it("a rejection whose envelope was taken away beside the log is missed", async () => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    const kept = await scenario.sign("senior", { head, at: NOW - 7200 });
    const tip = await scenario.repo.id("refs/countersign/evidence");
    const name = await scenario.sign("second", { head, predicate: { decision: "reject" } });
    await scenario.log();
    await scenario.repo.git(["update-ref", "refs/countersign/evidence", tip]);
    await rm(join(scenario.dir, "objects", name.slice(0, 2), name.slice(2)));
    expectError(
      await scenario.gate({ head }),
      `the rejection of ${head.slice(0, 12)} that the ledger holds as entry`,
    );
    expect(kept).not.toBe(name);
  });

  it("without the log nobody can tell; where the policy does not require it, that is said and now is the time", async () => {
    await using strict = await createLoggedScenario();
    const head = await strict.propose();
    await strict.sign("senior", { head });
    await strict.log();
    await rm(strict.dir, { recursive: true });
    expectError(await strict.gate({ head }), "there is no ledger in");
    await using lax = await createLoggedScenario({ isRequired: false });
    const other = await lax.propose();
    await lax.sign("senior", { head: other });
    expect((await lax.gate({ head: other })).verdict).toBe("pass");
    await rm(lax.dir, { recursive: true });
    const report = await lax.gate({ head: other });
    expect(report.verdict).toBe("pass");
    expect(report.notes).toContainEqual(expect.objectContaining({ code: "ledger-missing" }));
  });
});

describe("T37: a log that lies is no log", () => {
  async function signed(scenario: LoggedScenario): Promise<string> {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    await scenario.log();
    return head;
  }

  it("an edited entry", async () => {
    await using scenario = await createLoggedScenario();
    const head = await signed(scenario);
    const [name = ""] = await readdir(join(scenario.dir, "tile/entries/000.p"));
    const file = join(scenario.dir, "tile/entries/000.p", name);
    await writeFile(file, (await readFile(file, "latin1")).replace('"approve"', '"reject!"'), "latin1");
    expectError(await scenario.gate({ head }), `tile/entries/000.p/${name}`);
  });

  it("a dropped tile", async () => {
    await using scenario = await createLoggedScenario();
    const head = await signed(scenario);
    await rm(join(scenario.dir, "tile/0"), { recursive: true });
    expectError(await scenario.gate({ head }), "is missing");
  });

  it("a log rolled back behind what this gate has seen", async () => {
    await using scenario = await createLoggedScenario();
    const head = await signed(scenario);
    await cp(scenario.dir, `${scenario.dir}-before`, { recursive: true });
    await scenario.sign("second", { head, predicate: { decision: "reject" } });
    await scenario.log();
    expect((await scenario.gate({ head })).verdict).toBe("denied");
    await rm(scenario.dir, { recursive: true });
    await cp(`${scenario.dir}-before`, scenario.dir, { recursive: true });
    expectError(
      await scenario.gate({ head }),
      "the log was rolled back: it showed 2 entries before, and shows 1 now",
    );
  });

  it("a split view: another history of the same log, signed by its own key", async () => {
    await using scenario = await createLoggedScenario();
    await cp(scenario.dir, `${scenario.dir}-other`, { recursive: true });
    const head = await signed(scenario);
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    await rm(scenario.dir, { recursive: true });
    await cp(`${scenario.dir}-other`, scenario.dir, { recursive: true });
    await scenario.sign("second", { head });
    await scenario.log(NOW - 900);
    expectError(
      await scenario.gate({ head }),
      "the log has forked: its 2 entries do not continue the 1 that it showed before",
    );
  });

  it("a log by another key", async () => {
    await using scenario = await createLoggedScenario();
    await using other = await createLoggedScenario();
    const head = await signed(scenario);
    expectError(
      await scenario.gate({ head, ledgerDir: other.dir }),
      "not signed by any key that is known here",
    );
  });

  it("a log that no witness has seen, where the policy asks for one", async () => {
    await using scenario = await createLoggedScenario({ isWitnessed: true });
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    await scenario.log();
    expectError(await scenario.gate({ head }), "needs 1 of 1 witnesses, it has 0 (none of them)");
  });
});

describe("T64: the log's clock and the signer's", () => {
  it.each([
    [
      "issued long after it was logged",
      { at: NOW - 60 },
      NOW - 60 - CLOCK_TOLERANCE_SECONDS - 1,
      "issued in the future",
    ],
    ["logged in the future", { at: NOW }, NOW + CLOCK_TOLERANCE_SECONDS + 1, "logged in the future"],
    [
      "expired when it was logged",
      { at: NOW - 7200, predicate: { expiresAt: formatInstant(NOW + 100) } },
      NOW + 200,
      `expired at ${formatInstant(NOW + 100)}`,
    ],
    [
      "expired now",
      { at: NOW - 7200, predicate: { expiresAt: formatInstant(NOW - 100) } },
      NOW - 3600,
      "expired at",
    ],
  ])("%s: not counted", async (_name, sign, loggedAt, reason) => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    await scenario.sign("senior", { head, ...sign });
    await scenario.log(loggedAt);
    expectVoid(await scenario.gate({ head }), reason);
  });

  it("within the tolerance: counted", async () => {
    await using scenario = await createLoggedScenario();
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: NOW });
    await scenario.log(NOW - CLOCK_TOLERANCE_SECONDS);
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("a log's clock that was set back dates nothing before what is logged already", async () => {
    const policy = SENIOR_RULES.replace("[senior,", `[{ person: senior, until: ${UNTIL} },`);
    await using scenario = await createLoggedScenario({ policy });
    const first = await scenario.propose();
    await scenario.sign("second", { head: first });
    await scenario.log(LEFT + 60);
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: LEFT - 7200 });
    await scenario.log(LEFT - 3600);
    const report = await scenario.gate({ head, evaluatedAt: LEFT + 120 });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "senior does not hold the role senior now",
    );
    expect(report.signOffs.find(({ cover }) => cover === "exact")?.counted).toBe(false);
  });
});
