// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { type ByteReader, createByteReader } from "./byte-reader.ts";
import { missingObjects } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { parseHeader } from "./read-objects.ts";
import { type GitProcess, spawnGit } from "./spawn-git.ts";
import type { ObjectType, Repository } from "./types.ts";

/** Reads single objects, one after the other, through one process that is started by need and ends when nobody asks any more. */
export interface ObjectReader {
  /**
   * Content of an object of this type. Throws MISSING_OBJECT for one that is not here, OUTPUT_MALFORMED for one that cannot
   * be read, is of another type, or does not hold what its id says.
   */
  readonly read: (id: ObjectId, type: ObjectType) => Promise<Uint8Array>;
}

/** Long enough between two questions, short enough for nobody to wait for at a program's end. */
const IDLE_MS = 40;
/** An entry bundle has 16 MiB at most, and a tree that needs more is none of ours. */
const MOST_BYTES = 32 * 1024 * 1024;
const LINE_FEED = 0x0a;

export function createObjectReader(repo: Repository, mostBytes: number = MOST_BYTES): ObjectReader {
  let opened: { readonly process: GitProcess; readonly bytes: ByteReader } | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open() {
    const process = spawnGit({ ...(await objectCall(repo, ["cat-file", "--batch"])), keepInputOpen: true });
    return { process, bytes: createByteReader(process.stdout as AsyncIterable<Buffer>) };
  }

  function close(): void {
    opened?.process.stdin?.end();
    opened = undefined;
  }

  async function readNext(id: ObjectId, type: ObjectType): Promise<Uint8Array> {
    clearTimeout(idle);
    try {
      opened ??= await open();
      opened.process.stdin?.write(`${parseObjectId(id)}\n`);
      const content = await readAnswer(opened.bytes, repo, { id, mostBytes });
      if (content.type === type && content.digest === id) return content.bytes;
      throw unsound(id, content.type === type ? "does not hold what its id says" : `is no ${type}`);
    } catch (error) {
      // Not by the end of its input: it may be about to write what nobody reads any more.
      opened?.process.kill();
      opened = undefined;
      throw error;
    } finally {
      idle = setTimeout(close, IDLE_MS);
    }
  }

  return {
    read: (id, type) => {
      const turn = last.then(() => readNext(id, type));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

interface Answer {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

interface Question {
  readonly id: ObjectId;
  readonly mostBytes: number;
}

async function readAnswer(
  reader: ByteReader,
  repo: Repository,
  { id, mostBytes }: Question,
): Promise<Answer> {
  const line = await reader.readUntil(LINE_FEED);
  // The process dies of an object that is damaged so far that it cannot be unpacked.
  if (line === undefined) throw unsound(id, "cannot be read");
  const { type, size } = parseHeader(line);
  if (type === undefined) throw missingObjects(repo, [id]);
  if (size > mostBytes) throw unsound(id, `has ${size} bytes, more than ${mostBytes}`);
  const bytes = await reader.readBytes(size);
  await reader.skipBytes(1);
  const whole = Buffer.concat([Buffer.from(`${type} ${size}\0`, "latin1"), bytes]);
  return { type, bytes, digest: hash(repo.objectFormat, whole, "hex") };
}

function unsound(id: ObjectId, why: string): GitError {
  return new GitError(
    "OUTPUT_MALFORMED",
    `object ${id} ${why}; run git fsck, and fetch it again from a sound copy`,
    { objects: [id] },
  );
}
