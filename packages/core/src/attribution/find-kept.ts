// SPDX-License-Identifier: Apache-2.0
import { carryTraced } from "./carry.ts";
import { isSignificant } from "./line-words.ts";
import { UNKNOWN } from "./origin.ts";
import { settleLines, toAnchors } from "./settle-lines.ts";

/** The significant lines of an older text that a newer one still has, in whatever layout or changed in place. */
export function findKept(old: readonly string[], lines: readonly string[]): readonly string[] {
  const text = { lines: old, origins: old.map(() => UNKNOWN) };
  const isKept = new Uint8Array(old.length);
  for (const { aStart, aEnd } of toAnchors(settleLines(text, lines))) isKept.fill(1, aStart, aEnd);
  for (const a of carryTraced(text, lines, UNKNOWN).editedFrom) if (a >= 0) isKept[a] = 1;
  return old.filter((line, a) => isKept[a] === 1 && isSignificant(line));
}
