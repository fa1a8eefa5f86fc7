// SPDX-License-Identifier: Apache-2.0
import { countOwnBytes, type FingerprintMatch, isSignificant } from "@countersign/core/attribution";
import { weaken } from "./candidate-file.ts";
import { type DerivationDraft, giveLine, type NearFile } from "./derivation-draft.ts";

/** So many significant lines in a row, or bytes of words of their own, nobody types by chance as an AI has written them. */
const LEAST_LINES = 3;
export const LEAST_BYTES = 20;

/** Lines that looked typed and that an AI had written elsewhere: Git, or a person's copying, brought them. */
export function correctByHand(
  draft: DerivationDraft,
  near: readonly NearFile[],
  matches: readonly (FingerprintMatch | undefined)[],
): void {
  const isCopied = (index: number): boolean =>
    draft.byHand.has(index) && matches[index]?.origin.kind === "ai";
  const { lines } = draft.target;
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    while (isCopied(end) && matches[end]?.candidate === matches[start]?.candidate) end++;
    if (end === start) continue;
    const own = lines.slice(start, end).filter(isSignificant);
    if (own.length >= LEAST_LINES || own.some((line) => countOwnBytes(line) >= LEAST_BYTES))
      for (let index = start; index < end; index++) {
        const { origin, candidate } = matches[index] as FingerprintMatch;
        giveLine(draft, index, weaken(origin, "inferred"), (near[candidate] as NearFile).file);
      }
    start = end - 1;
  }
}
