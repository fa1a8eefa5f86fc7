// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { type ObjectId, parseObjectId, type Sha256 } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { missingObjects } from "./find-missing.ts";
import { objectCall } from "./object-view.ts";
import { parseHeader } from "./read-objects.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

const LINE_FEED = 0x0a;
const PIECE = 1024 * 1024;

/**
 * SHA-256 of each object's content, of any size, in one process and with flat memory. Throws MISSING_OBJECT where one
 * is not here.
 */
export async function digestBlobs(
  repo: Repository,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, Sha256>> {
  const digests = new Map<ObjectId, Sha256>();
  if (ids.length === 0) return digests;
  const input = Buffer.from(`${ids.map(parseObjectId).join("\n")}\n`);
  const process = spawnGit(await objectCall(repo, ["cat-file", "--batch", "--buffer"], input));
  const reader = createByteReader(process.stdout as AsyncIterable<Buffer>);
  try {
    for (const id of ids) {
      const header = parseHeader(await reader.readUntil(LINE_FEED));
      if (header.type === undefined) throw missingObjects(repo, [id]);
      const hash = createHash("sha256");
      for (let left = header.size; left > 0; left -= PIECE)
        hash.update(await reader.readBytes(Math.min(left, PIECE)));
      await reader.skipBytes(1);
      digests.set(id, hash.digest("hex"));
    }
  } finally {
    process.kill();
  }
  const exitCode = await process.exit;
  if (digests.size < new Set(ids).size) throw gitFailure(process, exitCode);
  return digests;
}
