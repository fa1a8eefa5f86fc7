// SPDX-License-Identifier: Apache-2.0
import { diffLines, type LineHunk, splitLines } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";

/** A file of a commit whose added lines look for an origin. */
export interface TargetFile {
  readonly path: RepoPath;
  readonly blob: ObjectId;
  /** With their ends, bytes as latin1. */
  readonly lines: readonly string[];
  /** 1 for lines that none of the parents has. */
  readonly isAdded: Uint8Array;
  /** The same path in each parent that has it. */
  readonly parents: readonly (readonly string[])[];
  /** Whether a line stands unchanged elsewhere in the file; found in `lines` where it is left out. */
  readonly isKept?: (line: string) => boolean;
  /** What changed from each of them; left out where nobody looked. */
  readonly hunks?: readonly (readonly LineHunk[])[];
}

/** Lines of a blob, undefined where they are no text: what nobody reads line by line has no line's author. */
export function toTextLines(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes.subarray(0, BINARY_WINDOW).includes(0)) return undefined;
  return splitLines(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"));
}

/** As much as Git looks at to tell. */
const BINARY_WINDOW = 8000;

/** A line is added where it is new against every parent; one that a merge took from a side is that side's. */
export function findAdded(lines: readonly string[], parents: readonly (readonly string[])[]): Uint8Array {
  return markAdded(
    lines.length,
    parents.map((parent) => diffLines(parent, lines)),
  );
}

/** 1 for lines within a hunk of every parent. */
export function markAdded(length: number, changes: readonly (readonly LineHunk[])[]): Uint8Array {
  const isAdded = new Uint8Array(length).fill(1);
  for (const hunks of changes) {
    let b = 0;
    for (const hunk of hunks) {
      isAdded.fill(0, b, hunk.bStart);
      b = hunk.bEnd;
    }
    isAdded.fill(0, b);
  }
  return isAdded;
}

export function countAdded({ isAdded }: Pick<TargetFile, "isAdded">): number {
  return isAdded.reduce((sum, one) => sum + one, 0);
}

/** Lines of the parents that stood where the commit put this one. */
export function findReplaced({ lines, parents, hunks }: TargetFile, index: number): readonly string[] {
  return parents.flatMap((parent, i) => {
    const changes = hunks?.[i] ?? diffLines(parent, lines);
    const hunk = changes.find(({ bStart, bEnd }) => bStart <= index && index < bEnd);
    return hunk === undefined ? [] : parent.slice(hunk.aStart, hunk.aEnd);
  });
}
