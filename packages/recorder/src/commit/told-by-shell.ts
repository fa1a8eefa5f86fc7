// SPDX-License-Identifier: Apache-2.0
import { isObjectId } from "@countersign/core/ids";
import { parseBatch, parseSettings, type Repository, type ToldStaged } from "@countersign/git";
import { type HookSettings, toHookSettings } from "./hook-settings.ts";

/** What the shell hook asked Git while we were being started, so that we need not ask again. */
export interface ToldByShell {
  readonly staged: ToldStaged;
  readonly settings: HookSettings;
  /** Contents of files of which something is known, in HEAD and in the index. */
  readonly objects: NonNullable<Repository["readAhead"]>;
}

/** Ends the rows of the difference, and stands only where every question before it was answered. */
const END = "ok\n";
const COLON = 0x3a;

/**
 * The tree's id and a line end, rows of the configuration, a NUL, rows of the difference, `ok` on a line, and what
 * `git cat-file --batch` writes. A row of the configuration is never empty, so two NULs, or one right after the tree, end them.
 * Undefined for anything else: Git is asked again then.
 */
export function parseTold(bytes: Buffer): ToldByShell | undefined {
  const line = bytes.indexOf(0x0a);
  const tree = bytes.toString("latin1", 0, Math.max(line, 0));
  if (!isObjectId(tree)) return undefined;
  const start = line + 1;
  const end = bytes[start] === 0 ? start : bytes.indexOf("\0\0", start, "latin1") + 1;
  const rowsEnd = end < start ? -1 : findRowsEnd(bytes, end + 1);
  if (rowsEnd < 0 || bytes.toString("latin1", rowsEnd, rowsEnd + END.length) !== END) return undefined;
  return {
    staged: { tree, rows: bytes.subarray(end + 1, rowsEnd) },
    settings: toHookSettings(parseSettings(bytes.subarray(start, end))),
    objects: parseBatch(bytes.subarray(rowsEnd + END.length)),
  };
}

/** A row begins with a colon, and is two texts that end with a NUL. Negative where one is cut off. */
function findRowsEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === COLON) {
    const path = bytes.indexOf(0, at);
    const end = path < 0 ? -1 : bytes.indexOf(0, path + 1);
    if (end < 0) return -1;
    at = end + 1;
  }
  return at;
}
