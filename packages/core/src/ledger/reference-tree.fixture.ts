// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

// The definitions of RFC 6962 §2.1 written down as they stand there, recursive and slow, with another SHA-256: what the
// product computes is held against this. No product code imports this file.

const sha256 = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());

/** Largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[n]). */
export function referenceRoot(entries: readonly Uint8Array[]): Uint8Array {
  const [first] = entries;
  if (first === undefined) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), first);
  const k = splitOf(entries.length);
  return sha256(Uint8Array.of(1), referenceRoot(entries.slice(0, k)), referenceRoot(entries.slice(k)));
}

/** PATH(m, D[n]). */
export function referenceInclusion(m: number, entries: readonly Uint8Array[]): readonly Uint8Array[] {
  if (entries.length <= 1) return [];
  const k = splitOf(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m < k
    ? [...referenceInclusion(m, left), referenceRoot(right)]
    : [...referenceInclusion(m - k, right), referenceRoot(left)];
}

/** PROOF(m, D[n]). */
export function referenceConsistency(m: number, entries: readonly Uint8Array[]): readonly Uint8Array[] {
  return m === 0 ? [] : subproof(m, entries, true);
}

function subproof(m: number, entries: readonly Uint8Array[], isWhole: boolean): readonly Uint8Array[] {
  if (m === entries.length) return isWhole ? [] : [referenceRoot(entries)];
  const k = splitOf(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m <= k
    ? [...subproof(m, left, isWhole), referenceRoot(right)]
    : [...subproof(m - k, right, false), referenceRoot(left)];
}
