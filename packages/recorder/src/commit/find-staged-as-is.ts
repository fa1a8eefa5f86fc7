// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { ObjectFormat, ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, readIndexBlobs, type StagedChange } from "@countersign/git";
import { hasAi } from "../capture/fold-state.ts";
import type { WorkingState } from "../capture/working-state.ts";

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
  if (blobId(format, content) === blob) return true;
  return content.includes("\r\n") && blobId(format, content.replaceAll("\r\n", "\n")) === blob;
}

function blobId(format: ObjectFormat, content: string): ObjectId {
  const bytes = Buffer.from(content, "latin1");
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
