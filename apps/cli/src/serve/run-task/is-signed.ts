// SPDX-License-Identifier: Apache-2.0
import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether the header holds the HMAC-SHA512 of the body's bytes, in hex; compared in the same time wherever it differs. */
export function isSigned(body: Uint8Array, header: unknown, key: Uint8Array): boolean {
  if (typeof header !== "string" || !/^[0-9a-f]{128}$/.test(header)) return false;
  const expected = createHmac("sha512", key).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(header, "hex"));
}
