// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, attributeLines, EMPTY_TEXT, UNKNOWN } from "@countersign/core/attribution";

/** The text, with what another state of the same file knows of those of its lines that nobody is known for. */
export function fillUnknown(text: AttributedText, other: AttributedText): AttributedText {
  const { lines, origins } = text;
  if (origins.every(({ kind }) => kind !== "unknown")) return text;
  const found = attributeLines(lines, [EMPTY_TEXT, other], UNKNOWN).origins;
  return {
    lines,
    origins: origins.map((origin, index) => (origin.kind === "unknown" ? (found[index] ?? UNKNOWN) : origin)),
  };
}
