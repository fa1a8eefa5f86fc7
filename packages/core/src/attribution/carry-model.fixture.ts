// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import type { Origin } from "./origin.ts";
import { ORIGINS } from "./origins.fixture.ts";

/** A reproducible stream of numbers in [0, 1). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whose a line is once somebody has changed what was not an AI's, as far as anybody knows. */
function overOrigin({ origin }: ModelLine, writer: Origin): Origin {
  const isKnown = writer.kind !== "human" || (origin.kind !== "unknown" && origin !== ORIGINS.i);
  return isKnown ? writer : ORIGINS.i;
}

export interface ModelLine {
  readonly text: string;
  readonly origin: Origin;
}

const TRIVIAL = ["}\n", "\n", "return null;\n", "});\n", "else {\n", "*/\n"];
const SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qi ro su ta ve wi xo zu".split(" ");

function createTypist(chance: () => number) {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;
  const upTo = (most: number): number => Math.floor(chance() * (most + 1));
  const word = (): string => Array.from({ length: 2 + upTo(2) }, () => pick(SYLLABLES)).join("");
  const unique = (): string =>
    `${"  ".repeat(upTo(3))}${word()}.${word()}(${word()}, ${word()}); // ${word()}\n`;
  const trivial = (): string => `${"  ".repeat(upTo(3))}${pick(TRIVIAL)}`;
  return { chance, pick, upTo, word, unique, trivial };
}

/**
 * A text that people and agents change by turns, with the origin that each line has by the rules alone: no differ, no
 * similarity. Significant lines are unique, trivial ones repeat as they do in code.
 */
export interface CarryModel {
  readonly lines: readonly ModelLine[];
  /** One change by one writer; says which, for a failure's message. */
  readonly change: () => { readonly writer: Origin; readonly name: string };
}

export function createCarryModel(seed: number): CarryModel {
  const { chance, pick, upTo, word, unique, trivial } = createTypist(createChance(seed));
  const block = (origin: Origin): ModelLine[] => [
    { text: unique(), origin },
    ...Array.from({ length: upTo(6) }, () => ({ text: chance() < 0.25 ? trivial() : unique(), origin })),
  ];
  let lines: readonly ModelLine[] = [];

  const splice = (at: number, deleted: number, added: readonly ModelLine[]): void => {
    lines = [...lines.slice(0, at), ...added, ...lines.slice(at + deleted)];
  };
  const changes: Readonly<Record<string, (writer: Origin) => void>> = {
    insert: (writer) => splice(upTo(lines.length), 0, block(writer)),
    delete: () => splice(upTo(lines.length), upTo(4), []),
    replace: (writer) => splice(upTo(lines.length), 1 + upTo(4), block(writer)),
    edit(writer) {
      const at = upTo(lines.length);
      const line = lines[at];
      if (line === undefined || !/\w\(.*\/\//.test(line.text)) return;
      const text = line.text.replace(/\/\/ \w+/, `// ${word()}`);
      if (text === line.text) return;
      const isTheirs = line.origin.kind === "ai" && writer.kind !== "ai";
      splice(at, 1, [
        { text, origin: isTheirs ? { ...line.origin, extent: "edited" } : overOrigin(line, writer) },
      ]);
    },
    indent() {
      const [at, count] = [upTo(lines.length), 1 + upTo(8)];
      splice(
        at,
        count,
        lines.slice(at, at + count).map((line) => ({ ...line, text: `  ${line.text}` })),
      );
    },
    lineEnds() {
      const isUnix = lines.every(({ text }) => !text.endsWith("\r\n"));
      lines = lines.map((line) => ({ ...line, text: line.text.replace(/\r?\n$/, isUnix ? "\r\n" : "\n") }));
    },
    move() {
      const at = upTo(lines.length);
      const to = at + 4 + upTo(6);
      const [moved, passed] = [lines.slice(at, at + 4), lines.slice(at + 4, to)];
      // Moving a block over two short lines is moving the lines over the block: the rules follow blocks only.
      const isBlock = (part: readonly ModelLine[]): boolean =>
        part.filter(({ text }) => text.includes("//")).length >= 3;
      if (isBlock(moved) && isBlock(passed)) splice(at, 4 + passed.length, [...passed, ...moved]);
    },
    wrap() {
      const at = upTo(lines.length);
      const line = lines[at];
      if (line === undefined || !line.text.includes("(") || line.text.endsWith("\r\n")) return;
      const parts = line.text.replace("(", "(\n").replace(", ", ",\n").replace("); //", ",\n); //");
      splice(
        at,
        1,
        parts
          .trimEnd()
          .split("\n")
          .map((text) => ({ ...line, text: `${text}\n` })),
      );
    },
  };
  return {
    get lines() {
      return lines;
    },
    change() {
      const writer = pick([ORIGINS.A, ORIGINS.B, ORIGINS.h, ORIGINS["?"]]);
      const name = lines.length === 0 ? "insert" : pick(Object.keys(changes));
      changes[name]?.(writer);
      return { writer, name };
    },
  };
}

export function toText(lines: readonly ModelLine[]): AttributedText {
  return { lines: lines.map(({ text }) => text), origins: lines.map(({ origin }) => origin) };
}
