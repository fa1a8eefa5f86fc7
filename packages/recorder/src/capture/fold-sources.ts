// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  attributeWritten,
  EMPTY_TEXT,
  isSignificant,
  type Origin,
  type WrittenText,
} from "@countersign/core/attribution";
import type { Fold } from "./fold-state.ts";
import type { SeenFile } from "./journal-entry.ts";
import type { PathState } from "./working-state.ts";

const MOST_LENDERS = 16;
/** Share of significant lines that a file under a new name must still have of the vanished one. */
const LEAST_LIKENESS = 0.5;

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

/** The path's own past first; a path without one may be a renamed file, and goes on from the vanished text that is like it. */
function sourcesOf(fold: Fold, file: SeenFile, lines: readonly string[]): readonly AttributedText[] {
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.sum !== null) return [state.present, ...state.earlier];
  const own = state?.earlier ?? [];
  const named = file.movedFrom === undefined ? undefined : lastText(fold.paths.get(file.movedFrom));
  const predecessor = named ?? findRenamed(fold, file, lines);
  const gone = goneTexts(fold, file.path);
  return [predecessor ?? EMPTY_TEXT, ...own, ...gone].slice(0, MOST_LENDERS);
}

function lastText(state: PathState | undefined): AttributedText | undefined {
  return state?.sum === null ? state.earlier[0] : state?.present;
}

function goneTexts(fold: Fold, except: string): readonly AttributedText[] {
  return [...fold.paths].flatMap(([path, state]) =>
    path !== except && state.sum === null ? state.earlier.slice(0, 1) : [],
  );
}

/** Exactly the same content, gone ones before copies of what is still there; else the vanished one that is most alike. */
function findRenamed(fold: Fold, file: SeenFile, lines: readonly string[]): AttributedText | undefined {
  const content = lines.join("");
  if (content === "") return undefined;
  const gone = goneTexts(fold, file.path);
  const same = gone.find((text) => text.lines.join("") === content);
  if (same !== undefined) return same;
  const twin = [...fold.paths.values()].find(({ sum }) => sum !== null && sum === file.sum);
  if (twin !== undefined) return twin.present;
  const words = significantWords(lines);
  const rated = gone.map((text) => ({ text, likeness: likenessOf(words, significantWords(text.lines)) }));
  const [best] = rated.sort((a, b) => b.likeness - a.likeness);
  return best !== undefined && best.likeness >= LEAST_LIKENESS ? best.text : undefined;
}

function significantWords(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.filter(isSignificant).map((line) => line.trim()));
}

function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const larger = Math.max(a.size, b.size);
  if (larger === 0) return 0;
  let shared = 0;
  for (const line of a) if (b.has(line)) shared += 1;
  return shared / larger;
}
