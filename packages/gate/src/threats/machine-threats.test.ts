// SPDX-License-Identifier: Apache-2.0
import { toCodeReviewStatement } from "@countersign/core/attestation";
import { toText, toUtf8 } from "@countersign/core/ids";
import { openRepository } from "@countersign/git";
import { type MachineSigningKey, readMachineKey, signMachineStatement } from "@countersign/signing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVIDENCE_REF } from "../gather-context.ts";
import { judgePush } from "../judge-push.ts";
import {
  createScenario,
  keyOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
} from "./gate-scenario.fixture.ts";

const PEOPLE = ["author", "senior"] as const;
let scenario: Scenario;
let machine: MachineSigningKey;
let head: string;
beforeEach(async () => {
  const { publicKey, privateKeyPath } = await keyOf("stranger");
  machine = await readMachineKey(privateKeyPath);
  scenario = await createScenario({
    people: await peopleYaml(),
    policy: `machines:\n  ci: { keys: ["${publicKey}"], may: [verdict] }\n${SENIOR_RULES}`,
  });
  head = await scenario.propose();
});
afterEach(() => scenario[Symbol.asyncDispose]());

const RESULT = (commit: string) => ({
  subject: [{ name: "head", digest: { gitCommit: commit } }],
  predicateType: "https://in-toto.io/attestation/svr/v0.2",
  predicate: {
    verifier: { id: "https://ci.example", policies: [] },
    timeCreated: "2026-03-01T12:00:00Z",
    properties: [],
  },
});

describe("a machine's envelope among the sign-offs", () => {
  it("is neither counted nor called broken", async () => {
    await scenario.addEnvelope(signMachineStatement(RESULT(head), machine));
    const report = await scenario.gate({ head });
    expect(report).toMatchObject({ verdict: "pending", signOffs: [] });
    expect(report.notes.filter(({ code }) => code === "evidence-unusable")).toEqual([]);
  });

  it.each(PEOPLE)(
    "is no sign-off even with a review of %s in it, signed with that person's own key",
    async (person) => {
      const review = toCodeReviewStatement(await scenario.describe(person, { head }));
      const own = await readMachineKey((await keyOf(person)).privateKeyPath);
      await scenario.addEnvelope(signMachineStatement(review, own));
      expect(await scenario.gate({ head })).toMatchObject({ verdict: "pending", signOffs: [] });
    },
  );

  it("does not stand in a sign-off's way", async () => {
    await scenario.addEnvelope(signMachineStatement(RESULT(head), machine));
    await scenario.sign("senior", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  async function push(envelope: Uint8Array) {
    await scenario.repo.git(["update-ref", "-d", EVIDENCE_REF]);
    await scenario.addEnvelope(envelope);
    const tip = await scenario.repo.id(EVIDENCE_REF);
    await scenario.repo.git(["update-ref", "-d", EVIDENCE_REF]);
    const updates = [{ ref: EVIDENCE_REF, old: "0".repeat(40), new: tip }];
    const [judged] = await judgePush({
      repository: await openRepository(scenario.repo.path),
      updates,
      evaluatedAt: NOW,
    });
    return judged;
  }

  it("may be pushed, also by a machine that the policy does not know yet", async () => {
    expect(await push(signMachineStatement(RESULT(head), machine))).toMatchObject({ isAccepted: true });
    const other = await readMachineKey((await keyOf("robot")).privateKeyPath);
    expect(await push(signMachineStatement(RESULT(head), other))).toMatchObject({ isAccepted: true });
  });

  it.each([
    ["forged in a known machine's name", (text: string) => text.replace(/"sig":"..../, '"sig":"AAAA')],
    ["not in canonical form", (text: string) => JSON.stringify(JSON.parse(text), null, 1)],
    ["without a statement in it", (text: string) => text.replace(/"payload":"[^"]*"/, '"payload":"e30="')],
  ])("is refused at the server when %s", async (_what, spoil) => {
    const envelope = toUtf8(spoil(toText(signMachineStatement(RESULT(head), machine))));
    expect(await push(envelope)).toMatchObject({
      isAccepted: false,
      reason: expect.stringMatching(/put something into the evidence that is none/),
    });
  });
});
