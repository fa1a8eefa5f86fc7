// SPDX-License-Identifier: Apache-2.0
import { formatPublicKey, parsePublicKey } from "@countersign/core/attestation";
import { planSignOff } from "./plan-sign-off.ts";
import { keyOf, NOW, type PersonId, type Scenario, TARGET } from "./threats/gate-scenario.fixture.ts";
import { openOnce } from "./threats/open-once.fixture.ts";

export type PlanSignOffResult = Awaited<ReturnType<typeof planSignOff>>;

/** What `countersign approve` would answer this person. */
export async function planAs(
  scenario: Scenario,
  person: PersonId,
  change: { readonly base?: string; readonly head: string },
): Promise<PlanSignOffResult> {
  const request = {
    repository: await openOnce(scenario.repo),
    base: scenario.start,
    target: TARGET,
    evaluatedAt: NOW,
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: [],
    ...change,
  };
  const publicKey = formatPublicKey(parsePublicKey((await keyOf(person)).publicKey));
  return await planSignOff(request, {
    decision: "approve",
    publicKey,
    nonce: "0".repeat(32),
    reason: null,
    lifetime: null,
    revokes: [],
  });
}
