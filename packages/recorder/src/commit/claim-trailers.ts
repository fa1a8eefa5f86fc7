// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, toAssistance } from "@countersign/core/attribution";
import type { RawText } from "@countersign/core/ids";
import {
  type Assistance,
  appendTrailers,
  type Emission,
  formatAssistanceTrailer,
  parseCommitMessage,
  type TrailerClaim,
} from "@countersign/core/trailers";

const NOBODY = { name: "", email: "" };

/**
 * Trailers that a message lacks: one for each tool and model of the record, `edited` where all of its lines were changed by
 * somebody afterwards. What the message claims already, in whatever convention, is not repeated.
 */
export function findMissingTrailers(
  record: AssistanceRecord,
  message: RawText,
  emission: Emission,
): readonly string[] {
  const claimed = parseCommitMessage({ message, author: NOBODY, committer: NOBODY }).assistance;
  return toClaims(toAssistance(record))
    .filter((claim) => !claimed.some((one) => isSameClaim(one, claim)))
    .flatMap((claim) => toTrailer(claim, emission));
}

function isSameClaim(claimed: Assistance, { tool, model }: TrailerClaim): boolean {
  return claimed.tool === tool && (claimed.model === model || model === null);
}

function toClaims(assistance: readonly Assistance[]): readonly TrailerClaim[] {
  const groups = Map.groupBy(assistance, ({ tool, model }) => JSON.stringify([tool, model]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const isEdited = group.every(({ extent }) => extent === "edited");
    return [{ tool: first.tool, model: first.model, extent: isEdited ? "edited" : null }];
  });
}

/** A model's name that no trailer can hold costs the name, not the trailer. */
function toTrailer(claim: TrailerClaim, emission: Emission): readonly string[] {
  for (const model of [claim.model, null]) {
    try {
      const trailer = formatAssistanceTrailer({ ...claim, model }, emission);
      return trailer === null ? [] : [trailer];
    } catch {
      // Try without the model; a tool's name comes from our own table and holds.
    }
  }
  return [];
}

/** Below it stands what Git shows and drops, such as the difference. */
const SCISSORS = "------------------------ >8 ------------------------";

/** What the shell hook for commit-msg looks for; the rest of the line is a trailer. */
export const OFFER = " countersign adds: ";

/**
 * The message with the trailers. An empty one, as an editor is about to show it, gets them as comments, each on a line that may
 * be deleted: a trailer as the only content would make Git commit what a person left empty in order not to commit.
 */
export function addTrailers(
  message: RawText,
  trailers: readonly string[],
  commentChar: string | null,
): RawText {
  if (trailers.length === 0) return message;
  const isComment = (line: string) => commentChar !== null && line.startsWith(commentChar);
  const lines = message.split("\n");
  const scissors = lines.findIndex((line) => isComment(line) && line.includes(SCISSORS));
  const kept = scissors < 0 ? lines : lines.slice(0, scissors);
  if (kept.some((line) => line.trim() !== "" && !isComment(line)))
    return appendTrailers(message, trailers, { commentChar });
  if (commentChar === null) return message;
  const first = lines.findIndex((line) => isComment(line));
  const at = first < 0 ? lines.length : first;
  const offers = trailers.map((trailer) => `${commentChar}${OFFER}${trailer}`);
  return [...lines.slice(0, at), ...offers, ...lines.slice(at)].join("\n");
}
