// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { parseCommit } from "./parse-commit.ts";
import { parsePlainCommit } from "./parse-plain-commit.ts";
import { parseHeader } from "./read-objects.ts";
import type { CommitRecord } from "./types.ts";

const REPLACEMENT = "\uFFFD";

/** Takes the output of `cat-file --batch` chunk by chunk; holds one unfinished commit at most. */
export interface CommitParser {
  /** Commits that are complete with this chunk. Throws MISSING_OBJECT for one that is not there. */
  readonly push: (chunk: Buffer) => readonly CommitRecord[];
  /** Throws OUTPUT_MALFORMED when the output stopped inside a commit. */
  readonly finish: () => void;
}

/** A whole chunk at a time instead of one await per field: history is 80,000 commits long and more. */
export function createCommitParser(): CommitParser {
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 0;

  function push(chunk: Buffer): readonly CommitRecord[] {
    pieces.push(chunk);
    held += chunk.length;
    // Joining only once enough is there keeps a commit of many megabytes from being copied for every chunk.
    if (held < needed) return [];
    const bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces);
    const { commits, rest, next } = parseAll(bytes);
    pieces = rest.length === 0 ? [] : [rest];
    held = rest.length;
    needed = next;
    return commits;
  }

  function finish(): void {
    if (held > 0) throw new GitError("OUTPUT_MALFORMED", "git cat-file ended inside a commit; run git fsck");
  }

  return { push, finish };
}

interface Parsed {
  readonly commits: readonly CommitRecord[];
  readonly rest: Buffer;
  /** Bytes that `rest` must grow to before the next commit can be complete. */
  readonly next: number;
}

function parseAll(bytes: Buffer): Parsed {
  const chunk = openChunk(bytes);
  const { text } = chunk;
  const commits: CommitRecord[] = [];
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf("\n", at);
    if (lineEnd < 0) return { commits, rest: bytes.subarray(at), next: 0 };
    const middle = text.indexOf(" ", at);
    const id = text.slice(at, middle);
    if (!text.startsWith(" commit ", middle)) throw notThere(parseHeader(bytes.subarray(at, lineEnd)).id);
    const end = lineEnd + 1 + Number(text.slice(middle + " commit ".length, lineEnd));
    if (end >= bytes.length) return { commits, rest: bytes.subarray(at), next: end + 1 - at };
    commits.push(readCommit(chunk, lineEnd + 1, end, id));
    at = end + 1;
  }
}

/** A chunk decoded byte by byte, so that an offset is the same in both. */
interface Chunk {
  readonly bytes: Buffer;
  readonly text: string;
  readonly hasNul: boolean;
  /** Whether all bytes are ASCII; asked from front to back. */
  readonly isAscii: (start: number, end: number) => boolean;
}

function openChunk(bytes: Buffer): Chunk {
  let found = -1;
  const isAscii = (start: number, end: number) => {
    if (found < start) found = findNonAscii(bytes, start);
    return found >= end;
  };
  return { bytes, text: bytes.toString("latin1"), hasNul: bytes.includes(0), isAscii };
}

function readCommit({ bytes, text, hasNul, isAscii }: Chunk, start: number, end: number, id: ObjectId): CommitRecord {
  if (!hasNul) {
    if (isAscii(start, end)) {
      const plain = parsePlainCommit(text, start, end, id);
      if (plain !== undefined) return plain;
    } else {
      const decoded = bytes.toString("utf8", start, end);
      const plain = decoded.includes(REPLACEMENT) ? undefined : parsePlainCommit(decoded, 0, decoded.length, id);
      if (plain !== undefined) return plain;
    }
  }
  return parseCommit(id, bytes.subarray(start, end));
}

/** Offset of the first byte from `start` on that is not ASCII, or the length. */
function findNonAscii(bytes: Buffer, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  while (at + 4 <= bytes.length && (view.getInt32(at) & 0x80808080) === 0) at += 4;
  while (at < bytes.length && (bytes[at] ?? 0) < 0x80) at++;
  return at;
}

function notThere(id: string): GitError {
  const message = `commit ${id} cannot be read; fetch the repository's objects again`;
  return new GitError("MISSING_OBJECT", message, { objects: [id] });
}
