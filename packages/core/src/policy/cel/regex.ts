// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "@bufbuild/re2";

const MAX_PATTERN = 256;
const MAX_REPEAT = 100;

/**
 * Why a pattern for `matches` cannot be used, or undefined. The engine runs in time linear in the text, but its program
 * grows with the pattern and with counted repeats, and a pattern taken from a change's own text would be the attacker's.
 */
export function findRegexProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN)
    return `the pattern has ${pattern.length} characters, at most ${MAX_PATTERN} are allowed`;
  const counts = [...pattern.matchAll(/\{(\d+)?,?(\d+)?\}/g)].map((match) =>
    Math.max(Number(match[1] ?? 1), Number(match[2] ?? 1)),
  );
  if (counts.reduce((product, count) => product * Math.max(count, 1), 1) > MAX_REPEAT) {
    return `counted repeats multiply to more than ${MAX_REPEAT}`;
  }
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : "the pattern cannot be read";
  }
}
