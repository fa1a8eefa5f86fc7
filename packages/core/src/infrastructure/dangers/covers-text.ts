// SPDX-License-Identifier: Apache-2.0

/** Whether an IAM pattern, with `*` and `?`, matches all that another one matches. Linear in the product of the lengths. */
export function coversText(pattern: string, text: string): boolean {
  if (pattern === text || pattern === "*") return true;
  if (!pattern.includes("*") && !pattern.includes("?")) return false;
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = pattern[from];
    if (wanted === "*") [star, mark, from] = [from, at, from + 1];
    // A star of the text means more than a question mark of the pattern.
    else if (wanted === text[at] || (wanted === "?" && text[at] !== "*")) [at, from] = [at + 1, from + 1];
    else if (star >= 0) {
      mark++;
      [at, from] = [mark, star + 1];
    } else return false;
  }
  while (pattern[from] === "*") from++;
  return from === pattern.length;
}
