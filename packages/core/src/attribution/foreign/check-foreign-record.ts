// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, type RepoPath, toHex, toText } from "../../ids/index.ts";
import type { AssistanceRecord, CoverageGap, RecordedFile, RecordedRange } from "../assistance-record.ts";
import { fingerprintLine, type HashBytes } from "../fingerprint.ts";
import type { ForeignFile, ForeignRange, ForeignRecord, LineProof } from "./foreign-record.ts";

/** A file as the commit has it. */
export interface CommittedFile {
  readonly blob: ObjectId;
  /** Lines with their ends, bytes as latin1; undefined where the content is not here or no text. */
  readonly lines: readonly string[] | undefined;
  /** Whether the commit added the line (0-based); left out where nobody looked. */
  readonly isAdded?: (index: number) => boolean;
}

export interface ForeignCheck {
  readonly commit: { readonly id: ObjectId; readonly tree: ObjectId };
  readonly files: ReadonlyMap<RepoPath, CommittedFile>;
  readonly hash: HashBytes;
}

/**
 * What is left of a foreign record when it is held against the commit: paths that are there, lines that are there and were
 * added, content that is what the record says. The agents that it names stay in any case. Its coverage is never whole:
 * no such tool tells a gap from a commit without AI, so it can add AI and never clear.
 */
export function checkForeignRecord(record: ForeignRecord, check: ForeignCheck): AssistanceRecord {
  const losses = countLosses();
  const files = record.files.flatMap((file) => checkFile(file, check, losses));
  return toRecord(record, check.commit, { files, gaps: [...record.losses, ...losses.gaps()] });
}

function toRecord(
  { tracker, version, agents }: ForeignRecord,
  commit: ForeignCheck["commit"],
  { files, gaps }: { readonly files: readonly RecordedFile[]; readonly gaps: readonly CoverageGap[] },
): AssistanceRecord {
  const evidence = files.flatMap((file) => file.ranges.map((range) => range.evidence));
  return {
    version: 1,
    commit: commit.id,
    tree: commit.tree,
    grade: evidence.length > 0 && evidence.every((grade) => grade === "derived") ? "derived" : "inferred",
    recorder: { name: tracker, version },
    coverage: { isWhole: false, from: null, to: null, gaps },
    agents,
    files,
    derivedFrom: [],
  };
}

/**
 * A foreign record as it stands, for whoever asks about the commit as a whole: who took part and how. Its lines are held
 * against nothing and have no fingerprints.
 */
export function acceptForeignRecord(record: ForeignRecord, commit: ForeignCheck["commit"]): AssistanceRecord {
  const blob = "0".repeat(commit.id.length);
  const files = record.files.map(({ path, ranges }) => ({
    path,
    blob,
    ranges: ranges.map(({ proofs: _, ...claim }) => ({ ...claim, fingerprints: [] })),
  }));
  return toRecord(record, commit, { files, gaps: record.losses });
}

/** Lines of each kind that could not stand. */
interface Losses {
  readonly add: (code: string, lines: number) => void;
  readonly gaps: () => readonly CoverageGap[];
}

function countLosses(): Losses {
  const counts = new Map<string, number>();
  return {
    add: (code, lines) => counts.set(code, (counts.get(code) ?? 0) + lines),
    gaps: () =>
      [...counts].map(([code, lines]) => ({ code, message: `${lines} line(s) ${WHY[code] ?? ""}` })),
  };
}

const WHY: Readonly<Record<string, string>> = {
  "path-not-in-commit": "are named in files that the commit does not have",
  "line-not-in-file": "are named past the end of their file",
  "line-not-added": "are named that the commit did not add",
  "line-content-differs": "hold something else than the record says",
  "content-missing": "could not be compared, since their content is not here",
};

function checkFile(
  { path, ranges }: ForeignFile,
  { files, hash }: ForeignCheck,
  losses: Losses,
): readonly RecordedFile[] {
  const file = files.get(path);
  if (file === undefined) {
    losses.add("path-not-in-commit", countLines(ranges));
    return [];
  }
  const kept = ranges.flatMap((range) => checkRange(range, file, losses, hash));
  return kept.length === 0 ? [] : [{ path, blob: file.blob, ranges: kept }];
}

function countLines(ranges: readonly ForeignRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function checkRange(
  range: ForeignRange,
  { lines, isAdded }: CommittedFile,
  losses: Losses,
  hash: HashBytes,
): readonly RecordedRange[] {
  const { proofs, first, ...claim } = range;
  if (lines === undefined) {
    losses.add("content-missing", range.last - first + 1);
    return [{ ...claim, first, evidence: "inferred", fingerprints: [] }];
  }
  const last = Math.min(range.last, lines.length);
  if (last < range.last) losses.add("line-not-in-file", range.last - Math.max(last, first - 1));
  // One hash for a whole range stands or falls for all of it; proofs of single lines each for theirs.
  const isMoved =
    proofs.length === 1 && last > first && !isProved(proofs[0] ?? null, lines[first - 1] ?? "", hash);
  const stands = (line: number): boolean => {
    if (isMoved || !isProved(proofs[line - first] ?? null, lines[line - 1] ?? "", hash))
      return losing(losses, "line-content-differs");
    return isAdded === undefined || isAdded(line - 1) || losing(losses, "line-not-added");
  };
  return splitRange(first, last, stands).map((part) => ({
    ...claim,
    ...part,
    fingerprints: lines.slice(part.first - 1, part.last).map((line) => fingerprintLine(line, hash)),
  }));
}

function losing(losses: Losses, code: string): false {
  losses.add(code, 1);
  return false;
}

function splitRange(
  first: number,
  last: number,
  stands: (line: number) => boolean,
): readonly { readonly first: number; readonly last: number }[] {
  const parts: { first: number; last: number }[] = [];
  for (let line = first; line <= last; line++) {
    if (!stands(line)) continue;
    const open = parts.at(-1);
    if (open !== undefined && open.last === line - 1) open.last = line;
    else parts.push({ first: line, last: line });
  }
  return parts;
}

/** Trackers take a line without its end; with CRLF some keep the CR and some do not. */
function isProved(proof: LineProof, line: string, hash: HashBytes): boolean {
  if (proof === null) return true;
  const forms = [line.replace(/\n$/, ""), line.replace(/\r?\n$/, "")].map((form) =>
    Uint8Array.from(form, (character) => character.charCodeAt(0)),
  );
  if ("text" in proof) return forms.some((bytes) => toText(bytes) === proof.text);
  return forms.some((bytes) => toHex(hash(bytes)) === proof.sha256);
}
