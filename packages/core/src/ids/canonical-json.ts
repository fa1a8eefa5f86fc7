// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "./core-error.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with keys sorted by UTF-16 code unit and no white space, as RFC 8785 (JCS) asks, for values whose numbers
 * are safe integers. Throws CoreError RECORD_MALFORMED on any other number.
 */
export function formatCanonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new CoreError("RECORD_MALFORMED", `expected a safe integer, got ${value}`);
  }
  if (Array.isArray(value)) return `[${value.map(formatCanonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = value as { readonly [key: string]: Json };
  const keys = Object.keys(members).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${formatCanonicalJson(members[key] ?? null)}`).join(",")}}`;
}
