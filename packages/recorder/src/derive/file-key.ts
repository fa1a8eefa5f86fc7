// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";

/** A file of a commit, as the key of a map. */
export function toFileKey(commit: ObjectId, path: RepoPath): string {
  return `${commit} ${path}`;
}
