// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../../ids/index.ts";
import type { GitAiEntry, GitAiFile, GitAiMetadata, GitAiNote, GitAiRange } from "./note.ts";
import { DIVIDER, parseNotePath, trimLineEnd } from "./note-path.ts";
import { parseMetadata } from "./parse-metadata.ts";
import { splitJson } from "./split-json.ts";

const MAX_NOTE_CHARACTERS = 64 * 1024 * 1024;
const HIGHEST = 0xffffffff;

/**
 * A Git AI note (standard v3.0.0, and git-ai's own reader where the two differ). Line ends may be CRLF; several notes
 * one after another, as older clients merged them, are read as one. Throws CoreError NOTE_VERSION_UNKNOWN for another
 * schema version and NOTE_MALFORMED for what git-ai could not read either: no divider, an entry before any file,
 * ranges that are no numbers, metadata without its required members. The caller reports it; nothing is guessed.
 */
export function parseGitAiNote(text: string): GitAiNote {
  if (text.length > MAX_NOTE_CHARACTERS) throw malformed("a note of at most 64 MiB");
  const notes: GitAiNote[] = [];
  let rest = text.replaceAll("\r\n", "\n").replace(/\r$/, "");
  do {
    const { attestations, body } = splitAtDivider(rest);
    const { json, after } = splitJson(body);
    notes.push({ metadata: parseMetadata(json), files: parseAttestations(attestations) });
    rest = after;
  } while (rest.trim() !== "");
  return notes.length === 1 ? (notes[0] as GitAiNote) : joinNotes(notes);
}

function splitAtDivider(text: string): { readonly attestations: readonly string[]; readonly body: string } {
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    const next = end < 0 ? text.length : end + 1;
    if (line === DIVIDER) return { attestations: text.slice(0, start).split("\n"), body: text.slice(next) };
    if (end < 0) break;
    start = next;
  }
  throw malformed('a line "---" between attestations and metadata');
}

function parseAttestations(lines: readonly string[]): readonly GitAiFile[] {
  const files: { path: string; entries: GitAiEntry[] }[] = [];
  for (const raw of lines) {
    const line = trimLineEnd(raw);
    if (line === "") continue;
    if (!line.startsWith("  ")) {
      files.push({ path: parseNotePath(line), entries: [] });
      continue;
    }
    const file = files.at(-1);
    if (file === undefined) throw malformed("a file's path before its entries");
    file.entries.push(parseEntry(line.slice(2)));
  }
  return files.filter(({ entries }) => entries.length > 0);
}

function parseEntry(text: string): GitAiEntry {
  const blank = text.indexOf(" ");
  if (blank < 0) throw malformed("a key, a blank and line ranges in each entry");
  const parts = text.slice(blank + 1).split(",");
  return { key: text.slice(0, blank), ranges: parts.filter((part) => part !== "").map(parseRange) };
}

function parseRange(part: string): GitAiRange {
  const dash = part.indexOf("-");
  const first = parseNumber(dash < 0 ? part : part.slice(0, dash));
  return { first, last: dash < 0 ? first : parseNumber(part.slice(dash + 1)) };
}

function parseNumber(text: string): number {
  const value = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= HIGHEST)) throw malformed("line numbers such as 3 or 5-9");
  return value;
}

/** Later records replace earlier ones under the same key, and later entries win over earlier ones of the same file. */
function joinNotes(notes: readonly GitAiNote[]): GitAiNote {
  const files = new Map<string, GitAiEntry[]>();
  for (const { path, entries } of notes.flatMap((note) => note.files)) {
    const known = files.get(path) ?? [];
    if (known.length === 0) files.set(path, known);
    for (const entry of entries) known.push(entry);
  }
  const metadata = notes.map((note) => note.metadata);
  const last = metadata.at(-1) as GitAiMetadata;
  return {
    files: [...files].map(([path, entries]) => ({ path, entries })),
    metadata: {
      ...last,
      prompts: new Map(metadata.flatMap(({ prompts }) => [...prompts])),
      humans: new Map(metadata.flatMap(({ humans }) => [...humans])),
      sessions: new Map(metadata.flatMap(({ sessions }) => [...sessions])),
    },
  };
}

function malformed(expected: string): CoreError {
  return new CoreError("NOTE_MALFORMED", `Git AI note: expected ${expected}`);
}
