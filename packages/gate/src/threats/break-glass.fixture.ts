// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import {
  createScenario,
  type PersonId,
  type Scenario,
  type ScenarioOptions,
  SENIOR_RULES,
  type SignOptions,
} from "./gate-scenario.fixture.ts";

export const REASON = "eu-west is down; failing over by hand";
export const HOUR = 3600;
export const RULE = "ai-senior-sign-off";
export const GLASS = "breakGlass: { role: commander, count: 2, expires: 24h, postReview: 48h }\n";

export const create = (policy = GLASS, options: ScenarioOptions = {}) =>
  createScenario({ policy: `${SENIOR_RULES}${policy}`, ...options });

type Override = SignOptions & { readonly reason?: string | null };

/** Breaks the glass for one head. */
export async function breakGlass(
  scenario: Scenario,
  person: PersonId,
  head: ObjectId,
  options: Override = {},
): Promise<void> {
  const { reason = REASON, predicate, ...rest } = options;
  const statement: Partial<CodeReviewPredicate> = {
    decision: "override",
    changeKind: "override",
    reason,
    ...predicate,
  };
  await scenario.sign(person, { head, ...rest, predicate: statement });
}
