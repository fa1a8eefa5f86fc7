// SPDX-License-Identifier: Apache-2.0
import { countOwnBytes, type Origin } from "@countersign/core/attribution";
import { type CandidateFile, weaken } from "./candidate-file.ts";
import { LEAST_BYTES } from "./correct-by-hand.ts";
import { type DerivationDraft, giveLine, type NearFile } from "./derivation-draft.ts";

/**
 * A person changed a line that was no AI's that was known; where a record of this file knows that line as an AI's, it still is. What
 * looked typed from the first has to say enough for that.
 */
export function takeChanged(
  draft: DerivationDraft,
  near: readonly NearFile[],
  over: ReadonlyMap<number, string>,
): void {
  const local = near.filter(({ closeness }) => closeness !== "elsewhere");
  for (const [index, print] of over) {
    const isTyped = draft.byHand.has(index);
    if (isTyped && countOwnBytes(draft.target.lines[index] ?? "") < LEAST_BYTES) continue;
    const lender = local.find(({ file }) => findAi(file, print) !== undefined)?.file;
    const origin = lender === undefined ? undefined : findAi(lender, print);
    if (lender === undefined || origin === undefined || !isInDoubt(draft.origins[index])) continue;
    const edited = weaken({ ...origin, extent: "edited" }, "inferred");
    if (isTyped || draft.target.isAdded[index] === 1) giveLine(draft, index, edited, lender);
  }
}

/** Where a commit is recorded together with the one that it came from, each says of the line what the other does: a person seems to have typed it. */
function isInDoubt(origin: Origin | undefined): boolean {
  return origin?.kind === "unknown" || (origin?.kind === "human" && origin.evidence === "inferred");
}

function findAi({ ranges }: CandidateFile, print: string): AiOrigin | undefined {
  return ranges.find(({ origin, fingerprints }) => isAi(origin) && fingerprints.includes(print))?.origin as
    | AiOrigin
    | undefined;
}

type AiOrigin = Extract<Origin, { kind: "ai" }>;

function isAi(origin: Origin): origin is AiOrigin {
  return origin.kind === "ai";
}
