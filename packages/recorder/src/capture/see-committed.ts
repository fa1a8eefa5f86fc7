// SPDX-License-Identifier: Apache-2.0
import { splitLines, UNKNOWN } from "@countersign/core/attribution";
import { findMovesBetween } from "./find-moves-between.ts";
import { writeText } from "./fold-sources.ts";
import { type Fold, keep, loseSnapshot } from "./fold-state.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { attributeBrought } from "./see-brought.ts";

const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/**
 * The file was as HEAD had it when a command began. False where that cannot be told: then whatever it holds afterwards is
 * nobody's. A blob that stands for a content kept elsewhere says nothing of the file.
 */
export function seeCommitted(fold: Fold, entry: JournalEntry, file: SeenFile): boolean {
  const { headBlob, path } = file;
  if (headBlob === undefined || headBlob === null) return true;
  const base = fold.contents.blob(headBlob);
  if (base === undefined || base.startsWith(LFS_POINTER)) {
    loseSnapshot(fold, entry, file);
    return false;
  }
  const state = fold.paths.get(path);
  if (state !== undefined && state.present.lines.join("") === base) return true;
  const isBrought =
    state === undefined || findMovesBetween(fold.contents.headMoves(), state, entry.head).length > 0;
  const { text, lineage } = writeText(fold, file, splitLines(base), UNKNOWN);
  const seen = isBrought ? attributeBrought(fold, file, base) : { present: text, lineage };
  keep(fold, entry, { path, sum: `blob ${headBlob}`, ...seen });
  return true;
}
