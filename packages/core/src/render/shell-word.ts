// SPDX-License-Identifier: Apache-2.0
import { type RawText, toRawBytes } from "../ids/index.ts";
import { isPlainText } from "./display-text.ts";

/**
 * Text as one word of a POSIX shell command that a person may paste: a branch may be called `$(id)`. What cannot be
 * shown as itself is written byte by byte in `$'…'`, which bash, zsh, ksh and POSIX 2024 shells read.
 */
export function shellWord(text: RawText): string {
  if (/^[\w@%+=:,./-]+$/.test(text) && !/^[-=]/.test(text)) return text;
  if (isPlainText(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const bytes = Array.from(toRawBytes(text), (byte) => {
    const isPlain =
      byte > 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x23 && byte !== 0x3a;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `$'${bytes.join("")}'`;
}
