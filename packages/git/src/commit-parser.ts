// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import { parseCommit } from "./parse-commit.ts";
import { parseHeader } from "./read-objects.ts";
import type { CommitRecord } from "./types.ts";

const LINE_FEED = 0x0a;

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
  const commits: CommitRecord[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf(LINE_FEED, at);
    if (lineEnd < 0) return { commits, rest: bytes.subarray(at), next: 0 };
    const header = parseHeader(bytes.subarray(at, lineEnd));
    if (header.type !== "commit") throw notThere(header.id);
    const end = lineEnd + 1 + header.size;
    if (end >= bytes.length) return { commits, rest: bytes.subarray(at), next: end + 1 - at };
    commits.push(parseCommit(header.id, bytes.subarray(lineEnd + 1, end)));
    at = end + 1;
  }
}

function notThere(id: string): GitError {
  const message = `commit ${id} cannot be read; fetch the repository's objects again`;
  return new GitError("MISSING_OBJECT", message, { objects: [id] });
}
