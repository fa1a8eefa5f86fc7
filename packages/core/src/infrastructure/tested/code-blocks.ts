// SPDX-License-Identifier: Apache-2.0

/** A stretch of code between its braces; ends with the text where they are not closed. */
export interface CodeBlock {
  readonly start: number;
  readonly end: number;
}

/** The block that opens at or after a place of masked code. */
export function blockAt(mask: string, from: number): CodeBlock {
  const start = mask.indexOf("{", from);
  if (start < 0) return { start: mask.length, end: mask.length };
  let depth = 0;
  for (let at = start; at < mask.length; at++) {
    if (mask[at] === "{") depth++;
    else if (mask[at] === "}" && --depth === 0) return { start, end: at };
  }
  return { start, end: mask.length };
}

/** The block's own statements, without what stands in blocks within it. */
export function ownCodeOf(mask: string, { start, end }: CodeBlock): string {
  let depth = 0;
  let own = "";
  for (const character of mask.slice(start + 1, end)) {
    if (character === "{") depth++;
    else if (character === "}") depth--;
    else if (depth === 0) own += character;
  }
  return own;
}
