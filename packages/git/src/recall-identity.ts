// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@countersign/core/ids";

/** What stands before the date of an `author` or `committer` line. */
export interface WrittenIdentity extends Identity {
  /** One pair of brackets, as Git writes it. */
  readonly isSound: boolean;
}

const SPACE = 0x20;
const LIMIT = 4096;
/** Longer ones are parsed each time: 4096 of them would be memory that a hostile history decides on. */
const LENGTH_LIMIT = 512;
const known = new Map<string, WrittenIdentity>();

/**
 * The identity that a line's text up to its last `>` writes. A history of 100,000 commits holds a few hundred: each is
 * parsed once, and all commits share one string for its name, whose hash later look-ups then need not compute again.
 * Emptied when full, so that it cannot grow with history.
 */
export function recallIdentity(text: string): WrittenIdentity {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (text.length > LENGTH_LIMIT) return parseIdentity(text);
  if (known.size >= LIMIT) known.clear();
  // A slice keeps the string it was cut from alive, here the whole commit; a copy keeps only itself.
  const copy = ` ${text}`.slice(1);
  const identity = parseIdentity(copy);
  known.set(copy, identity);
  return identity;
}

function parseIdentity(line: string): WrittenIdentity {
  const open = line.indexOf("<");
  const close = line.indexOf(">", open + 1);
  const isSound =
    open >= 0 && close >= 0 && close === line.lastIndexOf(">") && line.indexOf("<", open + 1) < 0;
  const name = open < 0 ? line : line.slice(0, open);
  const email = open < 0 ? "" : line.slice(open + 1, close < 0 ? line.length : close);
  // The space before the bracket stands in every commit; what is odd is left to trimAscii.
  return { name: trimAscii(name.endsWith(" ") ? name.slice(0, -1) : name), email, isSound };
}

function trimAscii(text: string): string {
  const isPlain = text.charCodeAt(0) > SPACE && text.charCodeAt(text.length - 1) > SPACE;
  return isPlain ? text : text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, "");
}
