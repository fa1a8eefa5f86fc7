// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { type ByteReader, createByteReader } from "./byte-reader.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { parseCommit } from "./parse-commit.ts";
import { parseHeader } from "./read-objects.ts";
import { type GitProcess, spawnGit } from "./spawn-git.ts";
import type { CommitRecord, Repository } from "./types.ts";

const LINE_FEED = 0x0a;
/** Answers at each `flush` instead of one write for each of them. */
const COMMAND = ["cat-file", "--batch-command", "--buffer"];

/** Reads single commits byte by byte through one process, which is started by the first question. */
export interface ExactReader {
  /** Asks for commits, whose answers `next` then gives in this order. May run ahead of the answers. */
  readonly ask: (ids: readonly ObjectId[]) => Promise<void>;
  /**
   * The next commit asked for. Throws MISSING_OBJECT for one that is not there, OUTPUT_MALFORMED for one whose content
   * is not what its id says.
   */
  readonly next: () => Promise<CommitRecord>;
  readonly end: () => void;
}

export function createExactReader(repo: Repository): ExactReader {
  let opened: { readonly process: GitProcess; readonly reader: ByteReader } | undefined;

  async function open() {
    const process = spawnGit({ ...(await objectCall(repo, COMMAND)), keepInputOpen: true });
    return { process, reader: createByteReader(process.stdout as AsyncIterable<Buffer>) };
  }

  async function ask(ids: readonly ObjectId[]): Promise<void> {
    opened ??= await open();
    opened.process.stdin?.write(`${ids.map((id) => `contents ${parseObjectId(id)}\n`).join("")}flush\n`);
  }

  async function next(): Promise<CommitRecord> {
    const reader = opened?.reader;
    const { id, type, size } = parseHeader(await reader?.readUntil(LINE_FEED));
    if (reader === undefined || type !== "commit") throw notThere(id);
    const content = await reader.readBytes(size);
    await reader.skipBytes(1);
    const digest = createHash(repo.objectFormat).update(`commit ${size}\0`).update(content).digest("hex");
    if (digest !== id) throw notItself(id);
    return parseCommit(id, content);
  }

  return { ask, next, end: () => opened?.process.kill() };
}

function notThere(id: string): GitError {
  const message = `commit ${id} cannot be read; fetch the repository's objects again`;
  return new GitError("MISSING_OBJECT", message, { objects: [id] });
}

function notItself(id: string): GitError {
  return new GitError("OUTPUT_MALFORMED", `commit ${id} does not hold what its id says; run git fsck`);
}
