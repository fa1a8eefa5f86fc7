// SPDX-License-Identifier: Apache-2.0
import { contentOf, type Fold } from "./fold-state.ts";
import type { SeenFile } from "./journal-entry.ts";

/** What went away may stand under another name now. */
export function sortGoneFirst(files: readonly SeenFile[]): readonly SeenFile[] {
  return [...files.filter(({ sum }) => sum === null), ...files.filter(({ sum }) => sum !== null)];
}

/** What left one file, or went away with it, may stand in another one that was seen at the same time. */
export function sortLessenedFirst(fold: Fold, files: readonly SeenFile[]): readonly SeenFile[] {
  const growths = new Map(files.map((file) => [file, measureGrowth(fold, file)]));
  const growthOf = (file: SeenFile): number => growths.get(file) ?? 0;
  return [...files].sort((a, b) => growthOf(a) - growthOf(b));
}

/** In bytes; the least there is for a file that is gone. */
function measureGrowth(fold: Fold, { path, sum }: SeenFile): number {
  if (sum === null) return Number.MIN_SAFE_INTEGER;
  const state = fold.paths.get(path);
  if (state === undefined || state.sum === sum) return 0;
  const before = state.present.lines.reduce((length, line) => length + line.length, 0);
  return (contentOf(fold, sum)?.length ?? before) - before;
}
