// SPDX-License-Identifier: Apache-2.0
import { toUtf8 } from "../ids/index.ts";
import { type AttributedText, splitLines } from "./attributed-text.ts";
import { isSameOrigin, type Origin, UNKNOWN } from "./origin.ts";

const agent = (tool: string) => ({ tool, session: `${tool}-session`, model: `${tool}-model` });

/**
 * One letter an origin: `A`, `B` two agents, lower case where the line was edited, `h` a human, `i` a human
 * who changed a line of unknown origin, `?` unknown.
 */
export const ORIGINS = {
  A: { kind: "ai", agent: agent("alpha"), extent: "generated", evidence: "observed" },
  a: { kind: "ai", agent: agent("alpha"), extent: "edited", evidence: "observed" },
  B: { kind: "ai", agent: agent("beta"), extent: "generated", evidence: "observed" },
  b: { kind: "ai", agent: agent("beta"), extent: "edited", evidence: "observed" },
  h: { kind: "human", evidence: "observed" },
  i: { kind: "human", evidence: "inferred" },
  "?": UNKNOWN,
} as const satisfies Record<string, Origin>;

export type OriginLetter = keyof typeof ORIGINS;

/** Each line of the block is a letter, a blank and the line's text, as `A return x;`. */
export function attributed(block: string): AttributedText {
  const rows = splitLines(trimBlock(block));
  return {
    lines: rows.map((row) => toLatin1(row.slice(2))),
    origins: rows.map((row) => ORIGINS[row[0] as OriginLetter]),
  };
}

export function toBlock({ lines, origins }: AttributedText): string {
  return lines.map((line, index) => `${letterOf(origins[index] as Origin)} ${line}`).join("");
}

/** Text as the lines that a block would hold, without origins. */
export function plain(block: string): readonly string[] {
  return splitLines(toLatin1(trimBlock(block)));
}

/** A template's text without its first line end and without the indentation that all its lines share. */
export function trimBlock(block: string): string {
  const rows = block.replace(/^\n/, "").replace(/\n *$/, "\n").split("\n");
  const indent = Math.min(...rows.filter((row) => row !== "").map((row) => row.search(/\S|$/)));
  return rows.map((row) => row.slice(indent)).join("\n");
}

function letterOf(origin: Origin): string {
  const entry = Object.entries(ORIGINS).find(([, known]) => isSameOrigin(known, origin));
  return entry?.[0] ?? JSON.stringify(origin);
}

function toLatin1(text: string): string {
  return String.fromCharCode(...toUtf8(text));
}
