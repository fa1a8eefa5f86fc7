// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../payload/json-value.ts";
import { linesFromEnd } from "./lines-from-end.ts";

/** Entries looked at before giving up; one call is mentioned in a handful of them. */
const MAX_ENTRIES = 400;

/** The newest entry of a JSON-lines transcript whose line holds `needle` and for which `pick` yields something. */
export function findEntry<T>(
  path: string,
  needle: string,
  pick: (entry: JsonObject) => T | undefined,
): T | undefined {
  let seen = 0;
  for (const line of linesFromEnd(path, needle)) {
    const entry = parseEntry(line);
    const found = entry && pick(entry);
    if (found !== undefined) return found;
    if (++seen >= MAX_ENTRIES) return undefined;
  }
  return undefined;
}

/** A line that is being written, or that no agent wrote, is passed over. */
function parseEntry(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An id as part of a file name: no separators, no leading dot. */
export function isPlainName(name: string | undefined): name is string {
  return name !== undefined && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(name);
}
