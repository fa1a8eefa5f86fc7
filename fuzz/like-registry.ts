// SPDX-License-Identifier: Apache-2.0
import type { Expectation, LineRegistry, Writer } from "./line-registry.ts";
import type { Random } from "./random.ts";

/** Words that only one writer uses: lines of code are alike, and repeat, and here one can still read off a line whose it is. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "claude-code": ["bakelo", "birano", "bosuti"],
  codex: ["cadelo", "cirano", "cosuti"],
  human: ["hadelo", "hirano", "hosuti"],
};

/** What stands in every file and says nothing of its writer. */
const FILLING: readonly string[] = ["}", "} else {", "", "try {"];

/**
 * A second model, weaker and of lines that are alike: each writer has three words and three forms of lines, and writes the same line
 * many times. `unknown` will do for every line, another writer never.
 */
export function createLikeRegistry(random: Random): LineRegistry {
  const write = (writer: Writer): string => {
    if (random.chance(0.25)) return random.pick(FILLING);
    const words = WORDS[writer.kind === "ai" ? writer.tool : "human"] ?? [];
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(() => random.pick(words));
    const form = random.below(3);
    if (form === 0) return `${a} = ${b}.${c}(${d}, ${e});`;
    return form === 1 ? `  if (${a}.${b}(${c})) ${d}();` : `  ${a}[${b}] = ${c} + ${d};`;
  };
  return {
    write,
    // A line with words of two writers would be either's.
    revise: (_, writer) => write(writer),
    breakUp: (line) => [line],
    doubt: () => undefined,
    lose: () => undefined,
    expect: readWriter,
  };
}

function readWriter(line: string): Expectation | undefined {
  const writer = Object.keys(WORDS).find((name) => WORDS[name]?.some((word) => line.includes(word)));
  if (writer === undefined) return undefined;
  return writer === "human" ? { kind: "human", isSeen: false } : { kind: "ai", tool: writer, isLost: true };
}
