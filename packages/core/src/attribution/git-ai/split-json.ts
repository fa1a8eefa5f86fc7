// SPDX-License-Identifier: Apache-2.0

/**
 * The first JSON object of a text, and what follows it. An object that does not end takes all of the text, for the JSON
 * parser to refuse.
 */
export function splitJson(text: string): { readonly json: string; readonly after: string } {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = findStringEnd(text, i);
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0)
      return { json: text.slice(0, i + 1), after: text.slice(i + 1) };
  }
  return { json: text, after: "" };
}

function findStringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
