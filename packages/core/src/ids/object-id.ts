// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "./core-error.ts";

/** A full Git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hex characters. Never abbreviated. */
export type ObjectId = string;
export type ObjectFormat = "sha1" | "sha256";

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/** Throws CoreError OBJECT_ID_MALFORMED. */
export function parseObjectId(text: string): ObjectId {
  if (!isObjectId(text)) {
    throw new CoreError(
      "OBJECT_ID_MALFORMED",
      `expected 40 or 64 lower-case hex characters, got ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  return text;
}

/** The all-zero id, with which Git says "no object" in hooks and raw diffs. */
export function isNullObjectId(id: ObjectId): boolean {
  return /^0+$/.test(id);
}
