// SPDX-License-Identifier: Apache-2.0
import {
  CoreError,
  formatCanonicalJson,
  type ObjectId,
  parseObjectId,
  parseRefName,
  parseUtf8,
  type RefName,
  toUtf8,
} from "@countersign/core/ids";

export { PUSHES_REF } from "@countersign/git";

/** What a server saw when a branch moved; written after the push, so that force-pushed versions stay known (T11). */
export interface PushRecord {
  readonly version: 1;
  readonly ref: RefName;
  /** Null ids where the branch was created or deleted. */
  readonly old: ObjectId;
  readonly new: ObjectId;
  /** Transport user: REMOTE_USER, GL_USER; null where the server knows none. */
  readonly pusher: string | null;
  /** Seconds since the epoch, by the server's clock. */
  readonly at: number;
}

export function formatPushRecord(record: PushRecord): Uint8Array {
  return toUtf8(formatCanonicalJson({ ...record }));
}

/** Throws CoreError RECORD_MALFORMED, OBJECT_ID_MALFORMED, REF_NAME_MALFORMED or ENCODING_MALFORMED. */
export function parsePushRecord(bytes: Uint8Array): PushRecord {
  const value = parseJson(parseUtf8(bytes));
  const { version, ref, old, new: next, pusher, at } = value;
  const isWellFormed =
    version === 1 &&
    typeof ref === "string" &&
    typeof old === "string" &&
    typeof next === "string" &&
    (pusher === null || typeof pusher === "string") &&
    typeof at === "number" &&
    Number.isSafeInteger(at) &&
    at >= 0;
  if (!isWellFormed)
    throw new CoreError("RECORD_MALFORMED", "expected a push record {version: 1, ref, old, new, pusher, at}");
  return {
    version: 1,
    ref: parseRefName(ref),
    old: parseObjectId(old),
    new: parseObjectId(next),
    pusher,
    at,
  };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
  } catch (cause) {
    throw new CoreError("RECORD_MALFORMED", "expected JSON", { cause });
  }
  throw new CoreError("RECORD_MALFORMED", "expected a JSON object");
}
