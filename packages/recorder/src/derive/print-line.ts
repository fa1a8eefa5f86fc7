// SPDX-License-Identifier: Apache-2.0
import { fingerprintLine } from "@countersign/core/attribution";
import { hashBytes } from "../hash-bytes.ts";

/** Versions of one file share nearly all of their lines, and hashing them is most of the work of finding them again. */
const known = new Map<string, string>();
const MOST_KNOWN = 1_000_000;
const LONGEST_KNOWN = 300;

/** Fingerprint of a line; those seen lately are remembered. */
export function printLine(text: string): string {
  // White space counts for nothing, and the same line comes with its end and without.
  const line = text.endsWith("\n") ? text.slice(0, -1) : text;
  const seen = known.get(line);
  if (seen !== undefined) return seen;
  const print = fingerprintLine(line, hashBytes);
  if (line.length > LONGEST_KNOWN) return print;
  if (known.size >= MOST_KNOWN) known.clear();
  // A line cut from a file would keep the whole file alive; a copy keeps itself.
  known.set(` ${line}`.slice(1), print);
  return print;
}
