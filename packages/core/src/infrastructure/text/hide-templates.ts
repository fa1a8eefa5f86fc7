// SPDX-License-Identifier: Apache-2.0

/** A text whose template actions were taken out, so that it can be read as what it becomes. */
export interface HiddenTemplates {
  /** As many lines as before. */
  readonly text: string;
  /** Actions that stand on lines of their own, with their line, 1-based: what they put there nobody knows here. */
  readonly alone: readonly { readonly line: number; readonly text: string }[];
  /** A value with its actions back in it. */
  readonly restore: (value: string) => string;
  readonly isHidden: (value: string) => boolean;
}

const ACTION = /\{\{(?:[^{}]|\{(?!\{)|\}(?!\})){0,4000}\}\}/g;
const OPEN = "\uE000";
const CLOSE = "\uE001";
const PLACE = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");

/**
 * Helm and Jinja write `{{ … }}` where YAML expects a value, or on lines of their own. In place of the first stands a word that no file
 * holds; the second becomes an empty line. Linear in the text.
 */
export function hideTemplates(source: string): HiddenTemplates {
  const actions: string[] = [];
  const alone: { line: number; text: string }[] = [];
  const unlined = source.replaceAll(OPEN, "").replaceAll(CLOSE, "");
  const placed = unlined.replace(ACTION, (action) => {
    // An action over several lines leaves its line ends behind.
    const ends = action.split("\n").length - 1;
    return `${OPEN}${actions.push(action) - 1}${CLOSE}${"\n".repeat(ends)}`;
  });
  const restore = (value: string) =>
    value.replace(PLACE, (_, index: string) => (actions[Number(index)] ?? "").replace(/\s+/g, " "));
  const lines = placed.split("\n").map((line, index) => {
    if (!ALONE.test(line)) return line;
    alone.push({ line: index + 1, text: restore(line.trim()) });
    return "";
  });
  return { text: lines.join("\n"), alone, restore, isHidden: (value) => value.includes(OPEN) };
}

const ALONE = new RegExp(`^\\s*-?\\s*(?:${OPEN}\\d+${CLOSE}\\s*)+$`);
