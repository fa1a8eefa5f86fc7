// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { toRawBytes } from "@countersign/core/ids";
import { readOwnFile } from "./own-file.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/** So many paths the commit hook has Git read ahead; the others are read when they are needed. */
export const MOST_TOUCHED = 32;

/**
 * Notes paths of which something is known now, for the shell hook that asks Git for their contents while our program starts.
 * A loss of the file, or of a line, costs time only; so does a path that cannot stand on a line.
 */
export function noteTouched({ touched }: RecorderFolder, paths: readonly string[]): void {
  const known = new Set(readLines(touched));
  const fresh = toLines(paths).filter((line) => !known.has(line));
  if (fresh.length === 0 || known.size >= MOST_TOUCHED) return;
  try {
    appendFileSync(touched, join(fresh), { mode: 0o600 });
  } catch {
    // Git is asked later.
  }
}

/** After a fold: exactly these are known still. */
export function keepTouched({ touched }: RecorderFolder, paths: readonly string[]): void {
  const draft = `${touched}.${process.pid}`;
  try {
    writeFileSync(draft, join(toLines(paths)), { mode: 0o600 });
    renameSync(draft, touched);
  } catch {
    rmSync(draft, { force: true });
  }
}

function readLines(path: string): readonly string[] {
  try {
    return (readOwnFile(path)?.toString("latin1") ?? "").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

/** As latin1 text of the bytes. */
function toLines(paths: readonly string[]): readonly string[] {
  const plain = paths.filter((path) => !/[\n\0]/.test(path)).slice(0, MOST_TOUCHED);
  return plain.map((path) => Buffer.from(toRawBytes(path)).toString("latin1"));
}

function join(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1");
}
