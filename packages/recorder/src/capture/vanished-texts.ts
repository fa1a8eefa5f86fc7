// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, isSignificant } from "@countersign/core/attribution";
import { hasAi } from "./fold-state.ts";
import { type PathState, textsOf, type WorkingState } from "./working-state.ts";

/** Share of significant lines that a file under a new name must still have of the vanished one. */
const LEAST_LIKENESS = 0.5;

/** What stood at a path, and what else is known of that path. */
export interface PastText {
  readonly path: string;
  readonly text: AttributedText;
  readonly state: PathState;
}

/** The last texts of all vanished files but the one at this path. */
export function goneTexts(paths: WorkingState["paths"], except: string): readonly PastText[] {
  return [...paths].flatMap(([path, state]) => {
    const text = path === except || state.sum !== null ? undefined : state.earlier[0];
    return text === undefined ? [] : [{ path, text, state }];
  });
}

/** Texts with an AI's lines of all files: a new name may be seen before it is seen that the old one is gone. */
export function textsWithAi(paths: WorkingState["paths"]): readonly PastText[] {
  return [...paths].flatMap(([path, state]) =>
    textsOf(state)
      .filter(hasAi)
      .map((text) => ({ path, text, state })),
  );
}

/** More renames of one file between two commits nobody has seen. */
const MOST_NAMES = 4;

/** Names under which a file stood before, where it goes on from what stood at another path. */
export function formerNames({ path, state }: PastText, present: string): readonly string[] {
  const names = [path, ...(state.formerly ?? [])].filter((name) => name !== present);
  return [...new Set(names)].slice(0, MOST_NAMES);
}

/** The vanished text that a new file's lines are most like, if they are like it at all and no less than its path's `own` past. */
export function findMostAlike<T extends Pick<PastText, "text">>(
  gone: readonly T[],
  lines: readonly string[],
  own?: AttributedText,
): T | undefined {
  const words = significantWords(lines);
  const likenessTo = ({ lines: other }: AttributedText): number => likenessOf(words, significantWords(other));
  const least = Math.max(LEAST_LIKENESS, own === undefined ? 0 : likenessTo(own));
  const rated = gone.map((past) => ({ past, likeness: likenessTo(past.text) }));
  const [best] = rated.sort((a, b) => b.likeness - a.likeness);
  return best !== undefined && best.likeness >= least ? best.past : undefined;
}

const WORDS = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The same texts are asked for every new file of a commit. */
function significantWords(lines: readonly string[]): ReadonlySet<string> {
  const known = WORDS.get(lines) ?? new Set(lines.filter(isSignificant).map((line) => line.trim()));
  WORDS.set(lines, known);
  return known;
}

function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const larger = Math.max(a.size, b.size);
  // No more than all of the smaller one can be shared.
  if (larger === 0 || Math.min(a.size, b.size) / larger < LEAST_LIKENESS) return 0;
  let shared = 0;
  for (const line of a) if (b.has(line)) shared += 1;
  return shared / larger;
}
