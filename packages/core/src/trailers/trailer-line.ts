// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
import { foldKey, hasNonAscii } from "./fold.ts";
import type { KeyReading } from "./marker.ts";
import { KEYS, TOOLS } from "./registry.ts";

export interface KnownKey {
  readonly key: string;
  readonly reading: KeyReading | "session" | "vendor";
  readonly convention: string;
  /** The tool whose own key it is. */
  readonly tool: string | null;
}

export interface TrailerLine {
  readonly known: KnownKey;
  /** Without the blanks and markup around it; continuation lines joined. */
  readonly value: string;
  /** Blanks before the key. */
  readonly indent: number;
  /** The key is written exactly as its convention writes it, case aside. */
  readonly isPlain: boolean;
  /** The key holds look-alike or invisible characters, or is a near miss. */
  readonly isSuspicious: boolean;
  /** The key stands behind a list mark or in bold. */
  readonly isMarkedUp: boolean;
}

/** Longest key that is looked at, look-alikes and invisible characters included. */
const KEY_LIMIT = 64;
/** Longest value kept, so that the patterns below cost the same whatever was written. */
const VALUE_LIMIT = 1024;
export const OWN_KEY = "ai-assisted";

const knownKeys = once((): ReadonlyMap<string, KnownKey> => {
  const keys = new Map<string, KnownKey>();
  const remember = (known: KnownKey) => {
    keys.set(known.key, known);
    if (known.key.includes("-")) keys.set(known.key.replaceAll("-", ""), known);
  };
  for (const { key, reading, convention } of KEYS) remember({ key, reading, convention, tool: null });
  for (const { tool, markers } of TOOLS) {
    for (const [kind, key] of markers) {
      if (kind === "session-key") remember({ key, reading: "session", convention: "session-trailer", tool });
      if (kind === "vendor-key") remember({ key, reading: "vendor", convention: "vendor-trailer", tool });
    }
  }
  return keys;
});

const HEAD = /^([ \t]*)((?:[-+*•][ \t]+|[│┃][ \t]*)?(?:\*{1,3}|__?|`)?)/;

/** The attribution trailer that a line is, or undefined; `next` are the lines after it, for folded values. */
export function parseTrailerLine(text: string, next: readonly string[]): TrailerLine | undefined {
  const head = HEAD.exec(text.slice(0, KEY_LIMIT));
  const indent = head?.[1]?.length ?? 0;
  const markup = head?.[2] ?? "";
  const rest = text.slice(indent + markup.length);
  const colon = findColon(rest);
  if (colon < 1) return undefined;
  const written = rest.slice(0, colon);
  const lower = written.toLowerCase();
  const folded = knownKeys().has(lower) ? lower : foldKey(written);
  const known = knownKeys().get(folded) ?? findNearMiss(folded);
  if (known === undefined) return undefined;
  const isOwn = known.key === OWN_KEY;
  const raw = joinValue(rest.slice(colon + 1), next, indent);
  const isOdd =
    hasNonAscii(written) || hasNonAscii(rest[colon] ?? "") || (isOwn && DECEPTIVE.test(raw.slice(0, 512)));
  return {
    known,
    value: raw.replace(/^[\s*_`]+|[\s*_`]+$/g, ""),
    indent,
    isPlain: lower === known.key,
    isSuspicious: isOdd || (folded !== known.key && folded !== known.key.replaceAll("-", "")),
    isMarkedUp: markup !== "",
  };
}

/** Blanks and characters that do not show; an honest value of ours has none. */
const DECEPTIVE = /[\u00A0\u00AD\u2000-\u200F\u2028-\u202F\u205F-\u206F\u3000\uFEFF]/;
const COLONS = /[:：꞉∶ː﹕︓˸]/u;

function findColon(text: string): number {
  const ascii = text.indexOf(":");
  const head = text.slice(0, ascii < 0 || ascii > KEY_LIMIT ? KEY_LIMIT : ascii);
  if (hasNonAscii(head)) return head.search(COLONS) < 0 ? limitColon(ascii) : head.search(COLONS);
  return limitColon(ascii);
}

function limitColon(at: number): number {
  return at < KEY_LIMIT ? at : -1;
}

/** RFC 822 folding: lines indented deeper than the key go on with the value. At most eight, so that work stays bounded. */
function joinValue(first: string, next: readonly string[], indent: number): string {
  let value = trimBlanks(first.slice(0, VALUE_LIMIT));
  for (const line of next.slice(0, 8)) {
    const blanks = /^[ \t]+(?=\S)/.exec(line)?.[0].length ?? 0;
    if (blanks <= indent) break;
    value += ` ${line.slice(0, VALUE_LIMIT).trim()}`;
  }
  return value.slice(0, VALUE_LIMIT);
}

/** Blanks and tabs only: a no-break space in a value is an oddity to report. */
function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** Only our own key is guarded against look-alikes that no table knows: within one edit, two if not ASCII. */
function findNearMiss(folded: string): KnownKey | undefined {
  if (folded.length < OWN_KEY.length - 2 || folded.length > OWN_KEY.length + 2) return undefined;
  if (folded === "ai-assistant" || folded === "ai-assists") return undefined;
  const letters = folded.replaceAll("-", "");
  const limit = hasNonAscii(folded) ? 2 : 1;
  return isWithin(letters, "aiassisted", limit) ? knownKeys().get(OWN_KEY) : undefined;
}

/** Whether the edit distance is at most `limit`; both words are short. */
function isWithin(a: string, b: string, limit: number): boolean {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (previous[j] ?? 0) + (letter === b[j] ? 0 : 1);
      row.push(Math.min(change, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return (previous[b.length] ?? limit + 1) <= limit;
}
