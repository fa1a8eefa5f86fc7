// SPDX-License-Identifier: Apache-2.0
import type { ObjectFormat, ObjectId } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { parseCommit } from "./parse-commit.ts";
import { parsePlainCommit } from "./parse-plain-commit.ts";
import { createCommitRestorer } from "./restore-commit.ts";
import type { CommitRecord } from "./types.ts";

const NUL = 0;
const LINE_FEED = 0x0a;
const REPLACEMENT = "\uFFFD";

/** A commit as the walk came upon it, or the id of one that Git did not show whole and that has to be read by itself. */
export type WalkedCommit = CommitRecord | ObjectId;

/** Takes the output of `rev-list --header` chunk by chunk; holds one unfinished commit at most. */
export interface CommitParser {
  /** Commits that are complete with this chunk. */
  readonly push: (chunk: Buffer) => readonly WalkedCommit[];
  /** Throws OUTPUT_MALFORMED when the output stopped inside a commit. */
  readonly finish: () => void;
}

/** A whole chunk at a time instead of one await per field: history is 80,000 commits long and more. */
export function createCommitParser(format: ObjectFormat): CommitParser {
  const { restore } = createCommitRestorer(format);
  let pieces: Buffer[] = [];

  function push(chunk: Buffer): readonly WalkedCommit[] {
    pieces.push(chunk);
    // Joining only once a commit ends keeps one of many megabytes from being copied for every chunk.
    if (!chunk.includes(NUL)) return [];
    const bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces);
    const commits: WalkedCommit[] = [];
    let at = 0;
    for (let end = bytes.indexOf(NUL); end >= 0; end = bytes.indexOf(NUL, at)) {
      commits.push(parseShown(bytes, at, end));
      at = end + 1;
    }
    pieces = at === bytes.length ? [] : [bytes.subarray(at)];
    return commits;
  }

  function parseShown(bytes: Buffer, start: number, end: number): WalkedCommit {
    const idEnd = bytes.indexOf(LINE_FEED, start);
    const id = bytes.toString("latin1", start, idEnd);
    const content = restore(bytes, idEnd + 1, end, id);
    return content === undefined ? id : parseExact(id, content);
  }

  function finish(): void {
    if (pieces.length > 0)
      throw new GitError("OUTPUT_MALFORMED", "git rev-list ended inside a commit; run git fsck");
  }

  return { push, finish };
}

function parseExact(id: ObjectId, content: Buffer): CommitRecord {
  const text = content.toString("utf8");
  const plain = text.includes(REPLACEMENT) ? undefined : parsePlainCommit(text, id);
  return plain ?? parseCommit(id, content);
}
