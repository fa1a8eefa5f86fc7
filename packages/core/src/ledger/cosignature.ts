// SPDX-License-Identifier: Apache-2.0
import { concatBytes, toUtf8 } from "../ids/index.ts";

const TIME_BYTES = 8;

/** What a witness signs (tlog-cosignature, type 0x04): when it saw this checkpoint as the newest. `at` in seconds. */
export function toCosignedMessage(noteText: string, at: number): Uint8Array<ArrayBuffer> {
  return toUtf8(`cosignature/v1\ntime ${at}\n${noteText}`);
}

/** A cosignature's bytes: the time, big-endian in 64 bits, and the 64 bytes of Ed25519. */
export function formatCosignature(at: number, raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(at));
  return concatBytes(time, raw);
}

/** Undefined for bytes that are none; times beyond 2^53 are no times. */
export function readCosignature(
  bytes: Uint8Array,
): { readonly at: number; readonly raw: Uint8Array } | undefined {
  if (bytes.length !== TIME_BYTES + 64) return undefined;
  const at = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(at) ? { at, raw: bytes.slice(TIME_BYTES) } : undefined;
}
