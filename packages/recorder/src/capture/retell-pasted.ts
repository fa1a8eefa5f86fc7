// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, attributeMoved } from "@countersign/core/attribution";
import type { Fold } from "./fold-state.ts";
import { findLeft } from "./other-texts.ts";
import type { PathState } from "./working-state.ts";

/**
 * A file may be seen with what was pasted into it before the one is seen from which that was cut. Lines of an AI's that have now left
 * this path are the AI's there too, unless that file had them as long as it is known.
 */
export function retellPasted(fold: Fold, path: string): void {
  const state = fold.paths.get(path);
  const left = state === undefined ? undefined : findLeft(state);
  if (left === undefined || !left.origins.some(({ kind }) => kind === "ai")) return;
  for (const [other, known] of fold.paths) {
    const fresh = other === path ? [] : findNewer(known);
    if (fresh.length === 0) continue;
    const told = attributeMoved({ text: known.present, fresh }, [{ ...left, isGone: true }]);
    if (told.fresh.length < fresh.length) fold.paths.set(other, { ...known, present: told.text });
  }
}

/** Indices of the lines that are no AI's and that the oldest known text does not have. */
function findNewer({ present: { lines, origins }, earlier }: PathState): readonly number[] {
  const oldest: AttributedText | undefined = earlier.at(-1);
  if (oldest === undefined) return [];
  const had = new Set(oldest.lines.map((line) => line.trim()));
  return lines.flatMap((line, index) =>
    origins[index]?.kind === "ai" || had.has(line.trim()) ? [] : [index],
  );
}
