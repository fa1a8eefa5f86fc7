// SPDX-License-Identifier: Apache-2.0
import type { Policy } from "../policy.ts";
import type { SignOffAnswer } from "../sign-off-answer.ts";
import { CLOCK_TOLERANCE_SECONDS } from "./judge-sign-offs.ts";

/**
 * What a ledger took in after the moment that is judged was not in it then: judged as the gate did, which where the log is required is
 * as nothing. What somebody said against it counts whenever it was logged.
 */
export function asOf(
  answers: readonly SignOffAnswer[],
  evaluatedAt: number,
  { ledger }: Policy,
): readonly SignOffAnswer[] {
  return answers.map((answer) => {
    const { loggedAt, predicate } = answer;
    if (loggedAt == null || loggedAt <= evaluatedAt + CLOCK_TOLERANCE_SECONDS) return answer;
    const isGrant = predicate.decision === "approve" || predicate.decision === "override";
    return isGrant && ledger?.required === true ? answer : { ...answer, loggedAt: undefined };
  });
}
