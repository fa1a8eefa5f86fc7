// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  attributeMoved,
  attributeWritten,
  EMPTY_TEXT,
  isSignificant,
  type Origin,
  type WrittenText,
} from "@countersign/core/attribution";
import type { Fold, Lineage } from "./fold-state.ts";
import type { SeenFile } from "./journal-entry.ts";
import { otherTexts } from "./other-texts.ts";
import { findMostAlike, formerNames, goneTexts, type PastText, textsWithAi } from "./vanished-texts.ts";
import { type PathState, textsOf } from "./working-state.ts";

const MOST_LENDERS = 16;

/** A text, and where it comes from under another name; undefined where the path was in view, or goes on from nothing. */
export interface WrittenFile extends WrittenText {
  readonly lineage: Lineage | undefined;
}

/** What a path now holds, from everything that was known and from what else Git may have brought, by one writer. */
export function writeText(
  fold: Fold,
  file: SeenFile,
  lines: readonly string[],
  writer: Origin,
  brought: readonly AttributedText[] = [],
): WrittenFile {
  const { texts, lineage } = findSources(fold, file, lines, writer);
  const written = attributeWritten(lines, [...texts, ...brought], writer);
  // What an AI takes over from another file it says again itself.
  if (writer.kind === "ai") return { ...written, lineage };
  const telling = written.fresh.map((index) => lines[index] as string).filter(isSignificant);
  const others = telling.length === 0 ? [] : otherTexts(fold, file.path, telling);
  return { ...attributeMoved(written, others), lineage };
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

export interface Sources {
  readonly texts: readonly AttributedText[];
  readonly lineage: Lineage | undefined;
}

/**
 * The path's own past first. A path that holds nothing now goes on from the vanished text that is most like it, its own
 * among them: a file may be renamed, and may come back from a stash. With that text comes all that its file ever held: what a
 * stash brings back was never in it when it was seen last.
 */
export function findSources(fold: Fold, file: SeenFile, lines: readonly string[], writer?: Origin): Sources {
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.sum !== null) return { texts: textsOf(state), lineage: undefined };
  const own = state?.earlier ?? [];
  const lineage = toLineage(findElsewhere(fold, file, lines, writer?.kind === "ai"), file.path, own);
  const gone = goneTexts(fold.paths, file.path).map(({ text }) => text);
  const [predecessor = EMPTY_TEXT, ...others] = lineage?.texts ?? own;
  return { texts: [...new Set([predecessor, ...others, ...gone])].slice(0, MOST_LENDERS), lineage };
}

function toLineage(
  before: PastText | undefined,
  path: string,
  own: readonly AttributedText[],
): Lineage | undefined {
  if (before === undefined) return undefined;
  const past = textsOf(before.state).filter(({ lines }) => lines.length > 0);
  return { texts: [...new Set([before.text, ...past, ...own])], names: formerNames(before, path) };
}

/** What a path that holds nothing now goes on from under another name; undefined where it is none. An AI says again what it takes from a file that stays. */
function findElsewhere(
  fold: Fold,
  file: SeenFile,
  lines: readonly string[],
  isByAi: boolean,
): PastText | undefined {
  const renamed = findNamed(fold, file) ?? findRenamed(fold, file, lines);
  const hasPast = fold.paths.get(file.path)?.earlier[0] !== undefined;
  if (renamed !== undefined || hasPast) return renamed;
  const texts = textsWithAi(fold.paths);
  return findMostAlike(isByAi ? texts.filter(({ path }) => !fold.contents.isThere(path)) : texts, lines);
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
