// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";

/**
 * Letters that look like ASCII ones after NFKD. The table need not be complete: a key with an unknown look-alike is
 * still within the edit distance at which `ai-assisted` is recognised, and that match is reported as suspicious.
 */
const lookAlikes = once(
  (): ReadonlyMap<string, string> =>
    new Map(
      [
        "aаαɑᴀꭺᎪ",
        "bвЬƄʙ",
        "cсϲᴄ",
        "dԁᴅ",
        "eеєεᴇ",
        "gɡɢ",
        "hнһʜ",
        "iіıɪιⅰӏ",
        "jјϳ",
        "kкκᴋ",
        "lⅼʟ",
        "mмᴍ",
        "nոпɴη",
        "oоοօᴏσ",
        "pрρᴘ",
        "qԛ",
        "rгʀ",
        "sѕꜱտ",
        "tтτᴛ",
        "uսυᴜ",
        "vνѵᴠ",
        "wԝѡᴡ",
        "xхχ",
        "yуүγʏ",
        "zᴢ",
        "-‐‑‒–—―−˗⁃﹣",
        ":꞉∶ː˸︰",
      ].flatMap((row) => {
        const [ascii, ...others] = [...row];
        return others.map((other): [string, string] => [other, ascii ?? ""]);
      }),
    ),
);

const NON_ASCII = /[^\0-\x7F]/;
const OTHERS = /[^\0-\x7F]/gu;

/** Lower-case ASCII for comparison: compatibility forms, marks, invisible characters and look-alikes folded away. */
export function foldText(text: string): string {
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]/gu, "")
    .toLowerCase()
    .replace(OTHERS, (character) => lookAlikes().get(character) ?? character);
}

/** A trailer key for lookup: folded, blanks and underscores as single hyphens. */
export function foldKey(key: string): string {
  return foldText(key)
    .trim()
    .replace(/[\s_-]+/g, "-");
}

export function hasNonAscii(text: string): boolean {
  return NON_ASCII.test(text);
}

/** The words of a name, separators aside; a dot parts letters but not the digits of a version. */
export function toWords(text: string): readonly string[] {
  return foldText(text).match(/[a-z]+[0-9]*(?:\.[0-9]+)*|[0-9]+(?:\.[0-9]+)*[a-z]*|[^\0-\x7F]+/g) ?? [];
}
