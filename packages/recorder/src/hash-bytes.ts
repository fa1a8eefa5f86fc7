// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { HashBytes } from "@countersign/core/attribution";
import { type ObjectFormat, type ObjectId, sha1Bytes, sha256Bytes, toHex } from "@countersign/core/ids";

/**
 * Loading Node's own hashes takes longer than a hook's few small files take with core's, which are slower by twenty times. So
 * many bytes, and calls, are worth hashing with the slow ones.
 */
const budget = { bytes: 96 * 1024, calls: 500 };

function isSlowEnough(bytes: Uint8Array): boolean {
  budget.bytes -= bytes.length;
  budget.calls -= 1;
  return budget.bytes >= 0 && budget.calls >= 0;
}

/** SHA-256. */
export const hashBytes: HashBytes = (bytes) =>
  isSlowEnough(bytes) ? sha256Bytes(bytes) : hash("sha256", bytes, "buffer");

/** The same in hex. */
export function hashHex(bytes: Uint8Array): string {
  return isSlowEnough(bytes) ? toHex(sha256Bytes(bytes)) : hash("sha256", bytes, "hex");
}

/** Id of the blob that Git makes of a content. */
export function blobId(format: ObjectFormat, content: Uint8Array): ObjectId {
  const bytes = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
  if (format === "sha256") return hashHex(bytes);
  return isSlowEnough(bytes) ? toHex(sha1Bytes(bytes)) : hash("sha1", bytes, "hex");
}

/** Hex digits that nobody can guess, from the system's own device where there is one. */
export function drawDigits(bytes: number): string {
  try {
    const device = openSync("/dev/urandom", "r");
    try {
      const drawn = Buffer.alloc(bytes);
      if (readSync(device, drawn) === bytes) return drawn.toString("hex");
    } finally {
      closeSync(device);
    }
  } catch {
    // Windows: only Node's own module knows where chance comes from.
  }
  return process.getBuiltinModule("node:crypto").randomBytes(bytes).toString("hex");
}
