// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes, type Json, parseStrictJson } from "../../ids/index.ts";
import type { AssistanceRecord } from "../assistance-record.ts";
import { createFieldReader } from "./field-reader.ts";
import { formatAssistanceRecord } from "./format-record.ts";
import { readRecord } from "./read-record.ts";
import { MAX_RECORD_BYTES } from "./record-limits.ts";

const DEPTH = 6;

/**
 * A record from its bytes (specs/assistance-record.md), which must be exactly the canonical ones: two spellings of one
 * record would be two records. Throws CoreError RECORD_VERSION_UNKNOWN for another version, which a newer program wrote,
 * and RECORD_MALFORMED, with every bad field, for anything else; the caller counts neither as evidence, and says so.
 */
export function parseAssistanceRecord(bytes: Uint8Array): AssistanceRecord {
  const json = parseStrictJson(bytes, { bytes: MAX_RECORD_BYTES, depth: DEPTH, code: "RECORD_MALFORMED" });
  verifyVersion(json);
  const reader = createFieldReader();
  const record = readRecord(reader, json);
  if (reader.problems.length > 0)
    throw new CoreError("RECORD_MALFORMED", `assistance record: ${reader.problems.join("; ")}`);
  if (!isSameBytes(formatAssistanceRecord(record), bytes))
    throw new CoreError("RECORD_MALFORMED", "assistance record: expected canonical JSON without white space");
  return record;
}

function verifyVersion(json: Json): void {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return;
  const { version } = json as { readonly version?: Json };
  if (Number.isSafeInteger(version) && version !== 1)
    throw new CoreError("RECORD_VERSION_UNKNOWN", `assistance record: expected version 1, got ${version}`);
}
