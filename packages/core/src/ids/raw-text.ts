// SPDX-License-Identifier: Apache-2.0
import { toText, toUtf8 } from "./bytes.ts";

/**
 * Text that stands for arbitrary bytes without loss: valid UTF-8 as itself, every other byte B as the lone
 * surrogate U+DC00+B (Python's "surrogateescape"). Two different byte strings never become the same text, which
 * a replacement character would allow: an attacker could make two paths or two e-mail addresses look alike.
 */
export type RawText = string;

/** Repository-relative path, `/`-separated, of any bytes. */
export type RepoPath = RawText;

const REPLACEMENT = /\uFFFD/;
const ESCAPED = /[\uDC80-\uDCFF]/;

export function toRawText(bytes: Uint8Array): RawText {
  const text = toText(bytes);
  return REPLACEMENT.test(text) ? escapeInvalid(bytes) : text;
}

/** The exact bytes that {@link toRawText} was given. */
export function toRawBytes(text: RawText): Uint8Array<ArrayBuffer> {
  if (!ESCAPED.test(text)) return toUtf8(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...toUtf8(character));
  }
  return Uint8Array.from(bytes);
}

function escapeInvalid(bytes: Uint8Array): RawText {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    text +=
      length === 0 ? String.fromCharCode(0xdc00 + (bytes[i] ?? 0)) : toText(bytes.subarray(i, i + length));
    i += Math.max(length, 1);
  }
  return text;
}

/** Length in bytes of the well-formed UTF-8 sequence at `start` (RFC 3629 §4), or 0 where none begins. */
function sequenceLength(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  const length =
    lead < 0x80
      ? 1
      : lead >= 0xc2 && lead < 0xe0
        ? 2
        : lead >= 0xe0 && lead < 0xf0
          ? 3
          : lead >= 0xf0 && lead < 0xf5
            ? 4
            : 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[start + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[start + 1] ?? 0;
  const isOverlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const isOutOfRange = (lead === 0xed && second >= 0xa0) || (lead === 0xf4 && second >= 0x90);
  return isOverlong || isOutOfRange ? 0 : length;
}
