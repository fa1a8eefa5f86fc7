// SPDX-License-Identifier: Apache-2.0
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLedger, redactEntry } from "@countersign/audit";
import { toAssistanceStatement } from "@countersign/core/attestation";
import { openRepository, snapshotRefs } from "@countersign/git";
import { type MachineSigningKey, readMachineKey, signMachineStatement } from "@countersign/signing";
import { openBackend } from "@countersign/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVIDENCE_REF } from "../gather-context.ts";
import { readLanded } from "../landed/read-landed.ts";
import { DECIDING_REFS } from "../run-gate.ts";
import { findingOf, keyOf, NOW, peopleYaml, SENIOR_RULES, TARGET } from "./gate-scenario.fixture.ts";
import { createLoggedScenario, type LoggedScenario } from "./logged-scenario.fixture.ts";
import { toRecord } from "./records.fixture.ts";

const AGENT = { tool: "claude-code", session: "s", model: "claude-opus-4-8" };

let scenario: LoggedScenario;
let machine: MachineSigningKey;
let head: string;
const start = async (may: string): Promise<void> => {
  const { publicKey, privateKeyPath } = await keyOf("stranger");
  machine = await readMachineKey(privateKeyPath);
  scenario = await createLoggedScenario({
    people: await peopleYaml(),
    policy: `machines:\n  ci: { keys: ["${publicKey}"], may: [${may}] }\nunknown: allow\n${SENIOR_RULES}`,
  });
  // Nothing in the commit names an AI.
  head = await scenario.propose({ message: "net: route it\n" });
};
beforeEach(() => start("assistance"));
afterEach(() => scenario[Symbol.asyncDispose]());

/** A machine states that an AI wrote the commit, the log takes it in, and somebody deletes it from the evidence. */
async function stateAndDelete(): Promise<string> {
  const record = await toRecord(scenario.repo, head, {}, { agents: [AGENT] });
  const name = await scenario.addEnvelope(signMachineStatement(toAssistanceStatement(record), machine));
  await scenario.log();
  await scenario.repo.git(["update-ref", "-d", EVIDENCE_REF]);
  return name;
}

const objectFile = (name: string) => join(scenario.dir, "objects", name.slice(0, 2), name.slice(2));

async function landed(): Promise<string | undefined> {
  await scenario.repo.git(["update-ref", TARGET, head]);
  const { changes } = await readLanded({
    repository: await snapshotRefs(await openRepository(scenario.repo.path), DECIDING_REFS),
    base: scenario.start,
    head,
    target: TARGET,
    judgedAt: () => NOW,
    now: NOW,
    evidence: [],
    ledgerDir: scenario.dir,
  });
  const verdicts = [];
  for await (const batch of changes) verdicts.push(...batch.map(({ evaluation }) => evaluation?.verdict));
  return verdicts[0];
}

describe("T01, T36: an assistance statement that only the log still has", () => {
  it("counts as if it had never been deleted, at the gate and when what landed is audited", async () => {
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    await stateAndDelete();
    const report = await scenario.gate({ head });
    expect(report).toMatchObject({ verdict: "pending", change: { ai: { assisted: true } } });
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("0 of 1 sign-off");
    expect(await landed()).toBe("pending");
  });

  it("whose bytes were taken away beside the log too: nobody can tell, and it is said which entry", async () => {
    await rm(objectFile(await stateAndDelete()));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toMatch(
      /the assistance statement about \w{12} that the ledger holds as entry 0 is not beside the log/,
    );
    expect(await landed()).toBe("error");
  });

  it("whose bytes were changed beside the log: nobody can tell", async () => {
    await writeFile(objectFile(await stateAndDelete()), "{}");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("does not hash to its name");
  });

  it("that was redacted: nobody can tell", async () => {
    await stateAndDelete();
    const ledger = await openLedger({ dir: scenario.dir });
    for await (const target of ledger.entries(0, 1))
      await redactEntry(
        { backend: await openBackend(scenario.dir), signer: scenario.signer },
        { target, reason: "it named somebody" },
        () => NOW - 900,
      );
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("entry 0 was redacted");
  });

  it("of a machine that the policy does not believe in it says nothing", async () => {
    await scenario[Symbol.asyncDispose]();
    await start("verdict");
    await stateAndDelete();
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("about another commit is none of this one's", async () => {
    const other = head;
    await stateAndDelete();
    head = await scenario.propose({ message: "docs: a word\n", files: { "docs.txt": "x\n" } });
    expect(head).not.toBe(other);
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });
});
