// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  type Origin,
  type RecordedFile,
  type RecordedRange,
  UNKNOWN,
} from "@countersign/core/attribution";
import { type ObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { toOrigin } from "../derive/candidate-file.ts";
import type { BlamedLine } from "./parse-blame.ts";

/** Looks lines up by commit, path and number; paths are compared as text, once each. Undefined where the commit has no record. */
export function createOriginLookup(
  records: ReadonlyMap<ObjectId, AssistanceRecord>,
): (line: Pick<BlamedLine, "commit" | "path" | "originalLine">) => Origin | undefined {
  const files = new Map<ObjectId, Map<string, RecordedFile | undefined>>();
  const names = new Map<string, RepoPath>();
  // One object for what is the same: whoever writes it out knows it again.
  const origins = new Map<string, Origin>();
  return ({ commit, path, originalLine }) => {
    const record = records.get(commit);
    if (record === undefined) return undefined;
    const known = files.get(commit) ?? new Map<string, RecordedFile | undefined>();
    files.set(commit, known);
    if (!known.has(path)) {
      const name = names.get(path) ?? toRawText(Buffer.from(path, "latin1"));
      names.set(path, name);
      known.set(
        path,
        record.files.find((file) => file.path === name),
      );
    }
    const range = findRange(known.get(path)?.ranges ?? [], originalLine);
    if (range === undefined) return UNKNOWN;
    const key = `${commit} ${range.origin} ${range.agent} ${range.extent} ${range.evidence}`;
    const origin = origins.get(key) ?? toOrigin(record, range);
    origins.set(key, origin);
    return origin;
  };
}

function findRange(ranges: readonly RecordedRange[], line: number): RecordedRange | undefined {
  let low = 0;
  for (let high = ranges.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.first <= line ? range : undefined;
}
