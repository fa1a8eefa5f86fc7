// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, carry, EMPTY_TEXT, type Origin } from "@countersign/core/attribution";
import { editLines, type Lines } from "./edit-lines.ts";
import type { LineRegistry, Writer } from "./line-registry.ts";
import { createRandom, type Random } from "./random.ts";

/** A line whose origin came out wrong after a series of edits of one text. */
export interface WrongLine {
  readonly step: number;
  readonly text: string;
  readonly expected: string;
  readonly found: string;
}

const WRITERS: readonly Writer[] = [
  { kind: "human", isSeen: true },
  { kind: "ai", tool: "claude-code" },
  { kind: "ai", tool: "codex" },
];

/** Plays one seeded series of edits, moves and formatter runs on one text and compares every line after each. */
export function playEdits(
  seed: number,
  createRegistry: (random: Random) => LineRegistry,
  length = 25,
): readonly WrongLine[] {
  const random = createRandom(seed);
  const registry = createRegistry(random);
  let text: AttributedText = EMPTY_TEXT;
  let lines: Lines = [];
  for (let step = 0; step < length; step++) {
    const writer = random.pick(WRITERS);
    const kind = step < 4 ? 0 : random.below(8);
    if (kind <= 4)
      for (let edits = 1 + random.below(3); edits > 0; edits--)
        lines = editLines(random, registry, lines, writer);
    else if (kind === 5)
      lines = lines.flatMap((line) => (random.chance(0.3) ? registry.breakUp(line) : [line]));
    else if (kind === 6) lines = lines.map((line) => (random.chance(0.5) ? `  ${line}` : line.trimStart()));
    else if (!lines.some(isPiece))
      lines = moveBlock(lines, random.below(lines.length), 4, random.below(lines.length));
    text = carry(
      text,
      lines.map((line) => `${line}\n`),
      toOrigin(writer),
    );
    const wrong = compare(text, registry.expect, step);
    if (wrong.length > 0) return wrong;
  }
  return [];
}

/** A broken piece is too little to be followed to another place. */
function isPiece(line: string): boolean {
  return /[a-z]/.test(line) && !/[;{]\s*$/.test(line);
}

function moveBlock(lines: Lines, at: number, size: number, to: number): Lines {
  const block = lines.slice(at, at + size);
  const rest = [...lines.slice(0, at), ...lines.slice(at + size)];
  return [...rest.slice(0, to), ...block, ...rest.slice(to)];
}

function toOrigin(writer: Writer): Origin {
  if (writer.kind === "human") return { kind: "human", evidence: "observed" };
  const agent = { tool: writer.tool, session: "s", model: null };
  return { kind: "ai", agent, extent: "generated", evidence: "observed" };
}

function compare(
  text: AttributedText,
  expect: (line: string) => Writer | undefined,
  step: number,
): readonly WrongLine[] {
  return text.lines.flatMap((line, index) => {
    const expected = expect(line);
    const origin = text.origins[index];
    if (expected === undefined || origin === undefined) return [];
    const found = origin.kind === "ai" ? `ai ${origin.agent.tool}` : origin.kind;
    const wanted = expected.kind === "ai" ? `ai ${expected.tool}` : "human";
    return found === wanted ? [] : [{ step, text: line, expected: wanted, found }];
  });
}
