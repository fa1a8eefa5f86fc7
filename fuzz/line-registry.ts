// SPDX-License-Identifier: Apache-2.0
import type { Random } from "./random.ts";

/**
 * Who must be found behind a line. `isSeen`: a recorder watched the file, so `human` is demanded; else `unknown` will do. `isLost`: a
 * person changed an AI's line, or a formatter broke it, while nobody could say which file it was a line of, so `unknown` will do, but
 * never `human`. `twin`: another agent wrote a statement with the very same piece, and two equal lines are told apart by their places
 * only, which the model does not follow.
 */
export type Expectation =
  | { readonly kind: "ai"; readonly tool: string; readonly isLost?: boolean; readonly twin?: string }
  | { readonly kind: "human"; readonly isSeen: boolean };

/** A writer of lines: an agent by its tool, or a person; `isAstray`: in a file that has a name of which nobody knows yet. */
export type Writer =
  | { readonly kind: "ai"; readonly tool: string }
  | { readonly kind: "human"; readonly isSeen: boolean; readonly isAstray?: boolean };

/**
 * The independent model. Every line ever written is unlike every other, so its text without white space is its identity:
 * whatever Git does to it, the model finds it again without following what Git did.
 */
export interface LineRegistry {
  /** A new line, unlike all others, by this writer. */
  readonly write: (writer: Writer) => string;
  /** The line with one word changed in place: what an AI wrote stays an AI's whoever changes it. */
  readonly revise: (line: string, writer: Writer) => string;
  /** The same statement over several lines, as a formatter breaks it. */
  readonly breakUp: (line: string) => readonly string[];
  /** Of these lines of people, nobody was there to say who wrote them: `unknown` will do from now on. */
  readonly doubt: (lines: readonly string[]) => void;
  /** The same, and of an AI's lines that people have changed, nobody could say which file they were lines of. */
  readonly lose: (lines: readonly string[]) => void;
  /** Undefined for lines of the model's own filling, such as a lone bracket. */
  readonly expect: (line: string) => Expectation | undefined;
}

const CONSONANTS = [..."bcdfghjklmnprstvwz"];
const VOWELS = [..."aeiou"];

export function createLineRegistry(random: Random): LineRegistry {
  const known = new Map<string, Expectation>();
  let count = 0;
  const words = new Set<string>();
  /** Never the same twice: a word may come to stand alone on a line, and is its identity then. */
  const word = (): string => {
    const fresh = Array.from({ length: 3 }, () => random.pick(CONSONANTS) + random.pick(VOWELS)).join("");
    if (words.has(fresh)) return word();
    words.add(fresh);
    return fresh;
  };
  const remember = (line: string, expectation: Expectation): string => {
    known.set(identity(line), expectation);
    return line;
  };
  const doubt = (lines: readonly string[]): void => {
    for (const line of lines)
      if (known.get(identity(line))?.kind === "human") remember(line, { kind: "human", isSeen: false });
  };
  return {
    write: (writer) => {
      count += 1;
      return remember(`v${count} = ${word()}.${word()}(${word()}, ${word()});`, writer);
    },
    revise: (line, writer) => {
      const before = known.get(identity(line));
      const words = [...line.matchAll(/[a-z]{6}/g)];
      const at = random.pick(words).index;
      const revised = line.slice(0, at) + word() + line.slice(at + 6);
      return remember(
        revised,
        before?.kind === "ai" && writer.kind === "human" ? revisedBy(before, writer) : writer,
      );
    },
    breakUp: (line) => {
      const expectation = known.get(identity(line));
      const match = /^(\s*)(v\d+ = [a-z]+\.[a-z]+\()([a-z]+), ([a-z]+)\);(\s*)$/.exec(line);
      if (match === null || expectation === undefined) return [line];
      const [, indent = "", call = "", first = "", second = "", end = ""] = match;
      const pieces = [`${indent}${call}`, `${indent}  ${first},`, `${indent}  ${second}`];
      return [
        ...pieces.map((piece) => remember(piece, withTwin(expectation, known.get(identity(piece))))),
        `${indent});`,
      ].map((piece) => (end.includes("\r") ? `${piece}\r` : piece));
    },
    doubt,
    lose: (lines) => {
      doubt(lines);
      for (const line of lines) {
        const expectation = known.get(identity(line));
        if (expectation?.kind === "ai") remember(line, { ...expectation, isLost: true });
      }
    },
    expect: (line) => known.get(identity(line)),
  };
}

function revisedBy(
  before: Expectation & { kind: "ai" },
  { isAstray = false }: { isAstray?: boolean },
): Expectation {
  return isAstray ? { ...before, isLost: true } : before;
}

function withTwin(expectation: Expectation, before: Expectation | undefined): Expectation {
  const isTwin = expectation.kind === "ai" && before?.kind === "ai" && before.tool !== expectation.tool;
  return isTwin ? { ...expectation, twin: before.tool } : expectation;
}

function identity(line: string): string {
  return line.replace(/\s/g, "");
}
