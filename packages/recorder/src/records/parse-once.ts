// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, parseAssistanceRecord } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";

/** One decision asks for a record twice: as its commit's own, and as one that may lend to others. */
const parsed = new Map<ObjectId, AssistanceRecord>();
const MOST_PARSED = 8192;

/** The record in a blob, which is named by its id and so always holds the same. Throws CoreError where it is none. */
export function parseRecordOnce(blob: ObjectId, bytes: Uint8Array): AssistanceRecord {
  const known = parsed.get(blob);
  if (known !== undefined) return known;
  const record = parseAssistanceRecord(bytes);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(blob, record);
  return record;
}
