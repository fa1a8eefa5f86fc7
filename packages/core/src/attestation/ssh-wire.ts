// SPDX-License-Identifier: Apache-2.0
import { CoreError, type CoreErrorCode, concatBytes, toText, toUtf8 } from "../ids/index.ts";

/** Big-endian unsigned 32 bits. */
export function toUint32(value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** The SSH `string` of RFC 4251 §5: length, then bytes. */
export function toWireString(bytes: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const content = typeof bytes === "string" ? toUtf8(bytes) : bytes;
  return concatBytes(toUint32(content.length), content);
}

export function readUint32(bytes: Uint8Array, offset: number): number | undefined {
  const [a, b, c, d] = bytes.subarray(offset, offset + 4);
  return d === undefined ? undefined : (((a ?? 0) << 24) | ((b ?? 0) << 16) | ((c ?? 0) << 8) | d) >>> 0;
}

/** The first `count` SSH strings and what follows them. Every length is checked against what is there before use. */
export function takeWireStrings(
  bytes: Uint8Array,
  count: number,
  code: CoreErrorCode,
): { readonly strings: readonly Uint8Array[]; readonly rest: Uint8Array } {
  const strings: Uint8Array[] = [];
  let offset = 0;
  while (strings.length < count) {
    const length = readUint32(bytes, offset);
    if (length === undefined || length > bytes.length - offset - 4) {
      throw new CoreError(
        code,
        `expected ${count} SSH strings, the data ends within number ${strings.length + 1}`,
      );
    }
    strings.push(bytes.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return { strings, rest: bytes.subarray(offset) };
}

/** Exactly `count` SSH strings and nothing after them. */
export function readWireStrings(
  bytes: Uint8Array,
  count: number,
  code: CoreErrorCode,
): readonly Uint8Array[] {
  const { strings, rest } = takeWireStrings(bytes, count, code);
  if (rest.length > 0)
    throw new CoreError(code, `expected ${count} SSH strings, got ${rest.length} bytes more`);
  return strings;
}

/**
 * The magnitude of a positive SSH `mpint`, without the sign byte. Only the shortest form is accepted: a second
 * spelling of the same number would give one key or signature two fingerprints.
 */
export function readMpint(bytes: Uint8Array, code: CoreErrorCode): Uint8Array {
  const [first, second] = bytes;
  const isPositive = first !== undefined && first < 0x80;
  const isShortest = first !== 0 || (second ?? 0) >= 0x80;
  if (!isPositive || !isShortest) throw new CoreError(code, "expected a positive mpint in its shortest form");
  return first === 0 ? bytes.subarray(1) : bytes;
}

/** The SSH `mpint` content (no length) of a big-endian magnitude. */
export function toMpint(magnitude: Uint8Array): Uint8Array<ArrayBuffer> {
  let start = 0;
  while (magnitude[start] === 0) start++;
  const digits = magnitude.slice(start);
  return (digits[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits;
}

/** Text for names and error messages; anything but printable ASCII is shown as `?`. */
export function toAscii(bytes: Uint8Array): string {
  return toText(bytes).replace(/[^\x20-\x7e]/g, "?");
}
