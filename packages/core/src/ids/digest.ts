// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.ts";

/** Lower-case hex SHA-256 (64 characters, no prefix), as in-toto writes digests. */
export type Sha256 = string;

export function sha256Hex(bytes: Uint8Array): Sha256 {
  return toHex(sha256(bytes));
}

/** For Git's object names only: nothing is trusted by it. */
export { sha1 as sha1Bytes } from "@noble/hashes/legacy.js";
export { sha256 as sha256Bytes };
