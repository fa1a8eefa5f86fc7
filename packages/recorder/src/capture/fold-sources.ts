// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  attributeWritten,
  EMPTY_TEXT,
  type Origin,
  type WrittenText,
} from "@countersign/core/attribution";
import type { Fold } from "./fold-state.ts";
import type { SeenFile } from "./journal-entry.ts";
import { findMostAlike, goneTexts, type PastText, textsWithAi } from "./vanished-texts.ts";
import type { PathState } from "./working-state.ts";

const MOST_LENDERS = 16;

/** What a path now holds, from everything that was known, by one writer. */
export function writeText(fold: Fold, file: SeenFile, lines: readonly string[], writer: Origin): WrittenText {
  return attributeWritten(lines, sourcesOf(fold, file, lines), writer);
}

/** Gives some lines another origin. */
export function withOrigin(
  text: AttributedText,
  indices: readonly number[],
  originOf: (index: number) => Origin | undefined,
): AttributedText {
  const origins = [...text.origins];
  for (const index of indices) origins[index] = originOf(index) ?? (origins[index] as Origin);
  return { lines: text.lines, origins };
}

/**
 * The path's own past first. A path that holds nothing now goes on from the vanished text that is most like it, its own
 * among them: a file may be renamed, and may come back from a stash.
 */
export function sourcesOf(fold: Fold, file: SeenFile, lines: readonly string[]): readonly AttributedText[] {
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.sum !== null) return [state.present, ...state.earlier];
  const own = state?.earlier ?? [];
  const named = file.movedFrom === undefined ? undefined : lastText(fold.paths.get(file.movedFrom));
  const predecessor =
    named ??
    findRenamed(fold, file, lines)?.text ??
    own[0] ??
    findMostAlike(textsWithAi(fold.paths), lines)?.text;
  const gone = goneTexts(fold.paths, file.path).map(({ text }) => text);
  return [predecessor ?? EMPTY_TEXT, ...own, ...gone].slice(0, MOST_LENDERS);
}

/** What is known of the file that a path without a past goes on from under a new name; undefined where it is none. */
export function findPredecessor(fold: Fold, file: SeenFile, lines: readonly string[]): PathState | undefined {
  if (file.movedFrom !== undefined) return fold.paths.get(file.movedFrom);
  return findRenamed(fold, file, lines)?.state;
}

function lastText(state: PathState | undefined): AttributedText | undefined {
  return state?.sum === null ? state.earlier[0] : state?.present;
}

/** Exactly the same content, gone ones before copies of what is still there; else the vanished one that is most alike. */
function findRenamed(fold: Fold, file: SeenFile, lines: readonly string[]): PastText | undefined {
  const content = lines.join("");
  if (content === "") return undefined;
  const gone = goneTexts(fold.paths, file.path);
  const same = gone.find(({ text }) => text.lines.join("") === content);
  if (same !== undefined) return same;
  const twin = [...fold.paths.values()].find(({ sum }) => sum !== null && sum === file.sum);
  if (twin !== undefined) return { text: twin.present, state: twin };
  return findMostAlike(gone, lines, fold.paths.get(file.path)?.earlier[0]);
}
