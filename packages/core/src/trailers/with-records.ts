// SPDX-License-Identifier: Apache-2.0
import type { Assistance, CommitState, Warning } from "./assistance.ts";
import { type ParsedMessage, toCommitState } from "./parse-message.ts";

/** What recorders know of a commit, beside what its message says. */
export interface RecordedEvidence {
  /** `cleared`: a recorder saw the whole change and no AI in it. */
  readonly state: "recorded" | "cleared" | undefined;
  readonly assistance: readonly Assistance[];
  readonly warnings: readonly Warning[];
}

export interface CommitEvidence {
  readonly state: CommitState;
  readonly assistance: readonly Assistance[];
  readonly warnings: readonly Warning[];
}

/**
 * Message and records together. They add up: whoever can push a record cannot take away what a message declares, nor even a sign
 * that it shows; and a record that names AI beside `AI-Assisted: none` is a contradiction, which denies (T09).
 */
export function withRecords(parsed: ParsedMessage, recorded: RecordedEvidence | undefined): CommitEvidence {
  const said = toCommitState(parsed);
  if (recorded === undefined)
    return { state: said, assistance: parsed.assistance, warnings: parsed.warnings };
  const assistance = [...parsed.assistance, ...recorded.assistance];
  const isContradicted = parsed.claimsNone !== null && recorded.state === "recorded";
  const isKnown = parsed.warnings.some((warning) => warning.code === CONTRADICTION.code);
  return {
    state: toState(said, recorded.state),
    assistance,
    warnings: [
      ...parsed.warnings,
      ...(isContradicted && !isKnown ? [CONTRADICTION] : []),
      ...recorded.warnings,
    ],
  };
}

function toState(said: CommitState, recorded: RecordedEvidence["state"]): CommitState {
  if (recorded === "recorded") return "recorded";
  return recorded === "cleared" && said === "unknown" ? "cleared" : said;
}

const CONTRADICTION: Warning = {
  code: "contradictory-claim",
  message:
    'The message says "AI-Assisted: none", yet a recorder saw AI. Remove the claim, or the record if it is wrong.',
};
