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
import type { Fold } from "./fold-state.ts";
import type { SeenFile } from "./journal-entry.ts";
import { otherTexts } from "./other-texts.ts";
import { findMostAlike, goneTexts, type PastText, textsWithAi } from "./vanished-texts.ts";
import { type PathState, textsOf } from "./working-state.ts";

const MOST_LENDERS = 16;

/** A text, and what the path is known to have held before under another name, newest first; undefined where it is in view. */
export interface WrittenFile extends WrittenText {
  readonly past: readonly AttributedText[] | undefined;
}

/** What a path now holds, from everything that was known, by one writer. */
export function writeText(fold: Fold, file: SeenFile, lines: readonly string[], writer: Origin): WrittenFile {
  const { texts, past } = findSources(fold, file, lines);
  const written = attributeWritten(lines, texts, writer);
  // What an AI takes over from another file it says again itself.
  if (writer.kind === "ai") return { ...written, past };
  const telling = written.fresh.map((index) => lines[index] as string).filter(isSignificant);
  const others = telling.length === 0 ? [] : otherTexts(fold.paths, file.path, telling);
  return { ...attributeMoved(written, others), past };
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
  readonly past: readonly AttributedText[] | undefined;
}

/**
 * The path's own past first. A path that holds nothing now goes on from the vanished text that is most like it, its own
 * among them: a file may be renamed, and may come back from a stash. With that text comes all that its file ever held: what a
 * stash brings back was never in it when it was seen last.
 */
export function findSources(fold: Fold, file: SeenFile, lines: readonly string[]): Sources {
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.sum !== null) return { texts: textsOf(state), past: undefined };
  const own = state?.earlier ?? [];
  const before =
    findNamed(fold, file) ??
    findRenamed(fold, file, lines) ??
    (own.length > 0 ? undefined : findMostAlike(textsWithAi(fold.paths), lines));
  const past = before === undefined ? own : [...new Set([before.text, ...pastOf(before), ...own])];
  const gone = goneTexts(fold.paths, file.path).map(({ text }) => text);
  const [predecessor = EMPTY_TEXT, ...others] = past;
  return { texts: [...new Set([predecessor, ...others, ...gone])].slice(0, MOST_LENDERS), past };
}

function pastOf({ state }: PastText): readonly AttributedText[] {
  return textsOf(state).filter(({ lines }) => lines.length > 0);
}

function findNamed(fold: Fold, { movedFrom }: SeenFile): PastText | undefined {
  const state = movedFrom === undefined ? undefined : fold.paths.get(movedFrom);
  const text = lastText(state);
  return state === undefined || text === undefined ? undefined : { text, state };
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
