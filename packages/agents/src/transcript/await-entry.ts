// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import type { JsonObject } from "../payload/json-value.ts";
import { findEntry } from "./find-entry.ts";

/** A file that nobody wrote to for so long is not about to get the entry. Milliseconds. */
const RECENT = 10_000;
/** Milliseconds; 150 in all, for an agent waits. */
const PAUSES = [10, 20, 40, 80];

/**
 * As `findEntry`, for agents that write their transcript beside the call: on a busy machine the hook can be there first. Waits only
 * where the transcript is being written and the entry is missing.
 */
export function awaitEntry<T>(
  path: string,
  needle: string,
  pick: (entry: JsonObject) => T | undefined,
): T | undefined {
  for (const pause of PAUSES) {
    const found = findEntry(path, needle, pick);
    if (found !== undefined || !isBeingWritten(path)) return found;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
  return findEntry(path, needle, pick);
}

/** False for what is no path at all, too: a payload may hold anything. */
function isBeingWritten(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() && Date.now() - stat.mtimeMs < RECENT;
  } catch {
    return false;
  }
}
