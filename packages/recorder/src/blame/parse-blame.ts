// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";

/** One line as `git blame --porcelain` reports it; texts are raw bytes as latin1. */
export interface BlamedLine {
  /** Null id for a line that is not committed. */
  readonly commit: ObjectId;
  /** 1-based, in the file as it was in that commit. */
  readonly originalLine: number;
  /** 1-based, in the file that was asked about. */
  readonly line: number;
  /** The path in that commit, bytes as latin1, unquoted. */
  readonly path: string;
  readonly content: string;
  readonly header: BlameHeader;
  /** `ignored` and `unblamable`, which Git ≥ 2.50 says of single lines where blame.markIgnoredLines and its like are set. */
  readonly marks: readonly string[];
  /** Lines that Git reports as one group with this first one; null for the others. */
  readonly groupSize: number | null;
}

/** What Git says of a commit and path, once for all its lines. */
export interface BlameHeader {
  /** The header lines as Git writes them, `author …` to `filename …`. */
  readonly lines: readonly string[];
  readonly path: string;
}

/** Lines of the porcelain format in file order. Git repeats `filename` alone where a commit's lines stand in several files. */
export function parseBlame(output: string): readonly BlamedLine[] {
  const headers = new Map<ObjectId, BlameHeader>();
  const blamed: BlamedLine[] = [];
  let at = 0;
  while (at < output.length) {
    const end = lineEnd(output, at);
    const [commit = "", original, final, group] = output.slice(at, end).split(" ");
    at = end + 1;
    const fields: string[] = [];
    let marks = NO_MARKS;
    while (at < output.length && output.charCodeAt(at) !== TAB) {
      const next = lineEnd(output, at);
      const field = output.slice(at, next);
      if (MARKS.has(field)) marks = [...marks, field];
      else fields.push(field);
      at = next + 1;
    }
    const header = fields.length === 0 ? headers.get(commit) : mergeHeader(headers.get(commit), fields);
    if (header === undefined) throw new RangeError("git blame names a commit without describing it");
    headers.set(commit, header);
    const contentEnd = lineEnd(output, at);
    blamed.push({
      commit,
      originalLine: Number(original),
      line: Number(final),
      path: header.path,
      content: output.slice(at + 1, contentEnd),
      header,
      marks,
      groupSize: group === undefined ? null : Number(group),
    });
    at = contentEnd + 1;
  }
  return blamed;
}

const TAB = 0x09;
const MARKS: ReadonlySet<string> = new Set(["ignored", "unblamable"]);
const NO_MARKS: readonly string[] = [];

function lineEnd(output: string, from: number): number {
  const end = output.indexOf("\n", from);
  return end < 0 ? output.length : end;
}

/** A second description of a commit holds only what differs: the file name, and what came before it. */
function mergeHeader(known: BlameHeader | undefined, fields: readonly string[]): BlameHeader {
  const given = new Set(fields.map(keyOf));
  const kept = (known?.lines ?? []).filter((line) => !given.has(keyOf(line)) && keyOf(line) !== "previous");
  const lines = [...kept, ...fields];
  const name = lines.find((line) => keyOf(line) === "filename")?.slice("filename ".length) ?? "";
  return { lines, path: unquotePath(name) };
}

function keyOf(line: string): string {
  const end = line.indexOf(" ");
  return end < 0 ? line : line.slice(0, end);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
};

/** Undoes Git's C-style quoting (core.quotePath); bytes as latin1. */
export function unquotePath(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name;
  return name
    .slice(1, -1)
    .replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string | undefined) =>
      octal === undefined
        ? (ESCAPES[letter ?? ""] ?? letter ?? "")
        : String.fromCharCode(Number.parseInt(octal, 8) & 0xff),
    );
}
