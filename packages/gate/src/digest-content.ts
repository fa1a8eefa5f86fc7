// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { isNullObjectId, type ObjectId, type Sha256, toRawBytes } from "@countersign/core/ids";
import { digestBlobs, GITLINK, type RawChange, type Repository } from "@countersign/git";

const NO_CONTENT = "0".repeat(64);

/**
 * SHA-256 over what a change leaves behind (specs/code-review.md §1.1): for each path of the rename-free diff in byte
 * order `<mode> <SHA-256 of the content> <path>` and a NUL. Git's ids may be SHA-1; this is not (T63).
 */
export async function digestContent(repository: Repository, changes: readonly RawChange[]): Promise<Sha256> {
  return toContentDigest(changes, await digestBlobs(repository, listContentBlobs([changes])));
}

/** Contents that the digests of these changes are made of, each once. */
export function listContentBlobs(all: readonly (readonly RawChange[])[]): readonly ObjectId[] {
  const ids = new Set<ObjectId>();
  for (const change of all.flat())
    if (change.newMode !== GITLINK && !isNullObjectId(change.newId)) ids.add(change.newId);
  return [...ids];
}

/** The same where the contents' own digests are known already, for many changes at once. */
export function toContentDigest(
  changes: readonly RawChange[],
  digests: ReadonlyMap<ObjectId, Sha256>,
): Sha256 {
  const rows = changes.map((change) => ({
    path: Buffer.from(toRawBytes(change.path)),
    row: toRow(change, digests),
  }));
  rows.sort((a, b) => Buffer.compare(a.path, b.path));
  const hash = createHash("sha256");
  for (const { path, row } of rows) hash.update(row).update(path).update("\0");
  return hash.digest("hex");
}

/** A deleted file has no content; a submodule's is the id of its commit, as text. */
function toRow({ newMode, newId }: RawChange, digests: ReadonlyMap<string, Sha256>): string {
  const gitlink = () => createHash("sha256").update(newId).digest("hex");
  const content = newMode === GITLINK ? gitlink() : (digests.get(newId) ?? NO_CONTENT);
  return `${newMode} ${content} `;
}
