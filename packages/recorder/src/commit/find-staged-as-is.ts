// SPDX-License-Identifier: Apache-2.0
import type { ObjectFormat, ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, readIndexBlobs, type StagedChange } from "@countersign/git";
import { hasAi } from "../capture/fold-state.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { blobId } from "../hash-bytes.ts";

/** Tells whether the commit that is being made will have exactly a content, as latin1, at a path. */
export type IsCommitted = (path: RepoPath, content: string) => boolean;

/** For the files that hold lines of an AI; every other counts as not committed. */
export async function findStagedAsIs(
  repo: Repository,
  { changes }: StagedChange,
  { paths }: WorkingState,
): Promise<IsCommitted> {
  const staged = new Map(changes.map(({ path, newId }) => [path, newId]));
  const unchanged = [...paths].filter(([path, { present }]) => hasAi(present) && !staged.has(path));
  const kept = await readIndexBlobs(
    repo,
    unchanged.map(([path]) => path),
  );
  return (path, content) => {
    const blob = staged.get(path) ?? kept.get(path);
    return blob !== undefined && isBlobOf(repo.objectFormat, blob, content);
  };
}

/** Git may have made the line ends of what it stored into LF. */
export function isBlobOf(format: ObjectFormat, blob: ObjectId, content: string): boolean {
  if (blobId(format, Buffer.from(content, "latin1")) === blob) return true;
  return (
    content.includes("\r\n") &&
    blobId(format, Buffer.from(content.replaceAll("\r\n", "\n"), "latin1")) === blob
  );
}
