// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, type OtherText, UNKNOWN } from "@countersign/core/attribution";
import { type Fold, hasAi } from "./fold-state.ts";
import type { PathState } from "./working-state.ts";

/** So much is looked through for what was pasted into one file: a commit hook does it for each file that changed. */
const MOST_LINES = 20_000;

/**
 * Texts with an AI's lines of other files that have some of these lines too: first what has left them, then what they still hold. All of it
 * has left a file that is gone by now, though nobody has looked for it yet: it may stand here, under its new name.
 */
export function otherTexts(
  { paths, contents }: Pick<Fold, "paths" | "contents">,
  except: string,
  lines: readonly string[],
): readonly OtherText[] {
  const trimmed = lines.map((line) => line.trim());
  const isShared = ({ held }: HeldText): boolean => trimmed.some((line) => held.has(line));
  const others = [...paths].flatMap(([path, state]) => {
    const texts = path === except ? [] : textsOf(state).filter(isShared);
    const isGone = texts.some((text) => !text.isGone) && !contents.isThere(path);
    return isGone ? texts.map((text) => ({ ...text, isGone })) : texts;
  });
  let count = 0;
  return others
    .sort((a, b) => Number(b.isGone) - Number(a.isGone))
    .filter((other) => {
      count += other.lines.length;
      return count <= MOST_LINES;
    });
}

interface HeldText extends OtherText {
  /** Its lines without the white space around them. */
  readonly held: ReadonlySet<string>;
}

const TEXTS = new WeakMap<PathState, readonly HeldText[]>();

/** Asked for every file that changed; a state is never changed itself. */
function textsOf(state: PathState): readonly HeldText[] {
  const known = TEXTS.get(state);
  if (known !== undefined) return known;
  const texts = [
    { ...findLeft(state), isGone: true },
    { ...state.present, isGone: false },
  ]
    .filter(hasAi)
    .map((text) => ({ ...text, held: new Set(text.lines.map((line) => line.trim())) }));
  TEXTS.set(state, texts);
  return texts;
}

/** Lines of what a file held before that it holds no more. */
export function findLeft({ present, earlier: [before] }: PathState): AttributedText {
  if (before === undefined || !hasAi(before)) return { lines: [], origins: [] };
  const held = new Set(present.lines.map((line) => line.trim()));
  const kept = before.lines.map((line, index) => ({ line, origin: before.origins[index] ?? UNKNOWN }));
  const left = kept.filter(({ line }) => !held.has(line.trim()));
  return { lines: left.map(({ line }) => line), origins: left.map(({ origin }) => origin) };
}
