// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import { trimBlanks } from "./line-key.ts";

/** Tells whether somebody else than an AI, or nobody that is known, has a text in one of these: then it is no mark of the AI's that has it too. */
export function toCommon(texts: readonly AttributedText[]): (text: string) => boolean {
  let known: ReadonlySet<string> | undefined;
  return (text) => {
    known ??= new Set(
      texts.flatMap(({ lines, origins }) =>
        lines.filter((_, index) => origins[index]?.kind !== "ai").map(trimBlanks),
      ),
    );
    return known.has(text);
  };
}
