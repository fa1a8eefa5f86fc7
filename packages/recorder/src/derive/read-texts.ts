// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type Repository, readObjects } from "@countersign/git";
import { toTextLines } from "./target-file.ts";

/** Of one file, and of all together: texts are a last resort, not worth running out of memory or time for. */
const LARGEST_TEXT = 512 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;

/** Lines of those blobs that are here and not too large; none of a binary one. One process. */
export async function readTexts(
  repo: Repository,
  ids: Iterable<ObjectId>,
): Promise<ReadonlyMap<ObjectId, readonly string[]>> {
  const texts = new Map<ObjectId, readonly string[]>();
  let left = MOST_BYTES;
  for await (const object of readObjects(repo, [...new Set(ids)], { maxBytes: LARGEST_TEXT })) {
    if (object.status !== "read" || object.bytes.length > left) continue;
    left -= object.bytes.length;
    texts.set(object.id, toTextLines(object.bytes) ?? []);
  }
  return texts;
}
