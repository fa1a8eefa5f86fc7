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
import { findMostAlike, formerNames, goneTexts, type PastText, textsWithAi } from "./vanished-texts.ts";
import type { PathState } from "./working-state.ts";

const MOST_LENDERS = 16;

/**
 * What a path now holds, from everything that was known and from what else Git may have brought, by one writer; notes the other names
 * from which it goes on.
 */
export function writeText(
  fold: Fold,
  file: SeenFile,
  lines: readonly string[],
  writer: Origin,
  brought: readonly AttributedText[] = [],
): WrittenText {
  const elsewhere = findElsewhere(fold, file, lines);
  if (elsewhere === undefined) fold.formerly.delete(file.path);
  else fold.formerly.set(file.path, formerNames(elsewhere, file.path));
  return attributeWritten(lines, [...toSources(fold, file, elsewhere), ...brought], writer);
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
  return toSources(fold, file, findElsewhere(fold, file, lines));
}

function toSources(
  fold: Fold,
  { path }: SeenFile,
  elsewhere: PastText | undefined,
): readonly AttributedText[] {
  const state = fold.paths.get(path);
  if (state !== undefined && state.sum !== null) return [state.present, ...state.earlier];
  const own = state?.earlier ?? [];
  const gone = goneTexts(fold.paths, path).map(({ text }) => text);
  return [elsewhere?.text ?? own[0] ?? EMPTY_TEXT, ...own, ...gone].slice(0, MOST_LENDERS);
}

/** What a path that holds nothing now goes on from under another name; undefined where it is none, or where it holds something. */
function findElsewhere(fold: Fold, file: SeenFile, lines: readonly string[]): PastText | undefined {
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.sum !== null) return undefined;
  const renamed = findNamed(fold, file) ?? findRenamed(fold, file, lines);
  if (renamed !== undefined || state?.earlier[0] !== undefined) return renamed;
  return findMostAlike(textsWithAi(fold.paths), lines);
}

function findNamed(fold: Fold, { movedFrom }: SeenFile): PastText | undefined {
  const state = movedFrom === undefined ? undefined : fold.paths.get(movedFrom);
  const text = lastText(state);
  if (movedFrom === undefined || state === undefined || text === undefined) return undefined;
  return { path: movedFrom, text, state };
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
  const [path, twin] = [...fold.paths].find(([, { sum }]) => sum !== null && sum === file.sum) ?? [];
  if (path !== undefined && twin !== undefined) return { path, text: twin.present, state: twin };
  return findMostAlike(gone, lines, fold.paths.get(file.path)?.earlier[0]);
}
