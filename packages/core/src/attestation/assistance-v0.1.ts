// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  formatAssistanceRecord,
  parseAssistanceRecord,
} from "../attribution/index.ts";
import { CoreError, formatCanonicalJson, type Json, parseStrictJson, toUtf8 } from "../ids/index.ts";
import { refuse } from "./read-shape.ts";
import { MAX_STATEMENT_BYTES, type RawStatement, type Subject, verifySubjects } from "./statement.ts";

export const ASSISTANCE_PREDICATE_TYPE = "https://countersign.dev/assistance/v0.1";

/** An assistance record that a machine stands for (specs/assistance.md). */
export interface AssistanceStatement {
  readonly kind: "assistance";
  readonly predicateType: typeof ASSISTANCE_PREDICATE_TYPE;
  readonly record: AssistanceRecord;
}

/** The statement of a record; throws CoreError STATEMENT_MALFORMED where the record is too large for one. */
export function toAssistanceStatement(record: AssistanceRecord): RawStatement {
  const bytes = formatAssistanceRecord(record);
  if (bytes.length > MAX_STATEMENT_BYTES)
    throw refuse(
      "assistance",
      `the record has ${bytes.length} bytes, a statement holds ${MAX_STATEMENT_BYTES}`,
    );
  const limits = { bytes: MAX_STATEMENT_BYTES, depth: 8, code: "STATEMENT_MALFORMED" } as const;
  return {
    subject: toSubjects(record),
    predicateType: ASSISTANCE_PREDICATE_TYPE,
    predicate: parseStrictJson(bytes, limits),
  };
}

/** Throws CoreError STATEMENT_MALFORMED. */
export function parseAssistance(statement: RawStatement): AssistanceStatement {
  const record = readRecord(statement.predicate);
  verifySubjects(statement.subject, toSubjects(record));
  return { kind: "assistance", predicateType: ASSISTANCE_PREDICATE_TYPE, record };
}

function readRecord(predicate: Json): AssistanceRecord {
  try {
    return parseAssistanceRecord(toUtf8(formatCanonicalJson(predicate)));
  } catch (error) {
    if (error instanceof CoreError) throw refuse("assistance", error.message);
    throw error;
  }
}

function toSubjects({ commit, tree }: AssistanceRecord): readonly Subject[] {
  return [
    { name: "commit", digest: { gitCommit: commit } },
    { name: "tree", digest: { gitTree: tree } },
  ];
}
