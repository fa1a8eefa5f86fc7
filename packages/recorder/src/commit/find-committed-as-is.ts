// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type Repository, readStatus, resolveCommit, resolvePaths } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { type IsCommitted, isBlobOf } from "./find-staged-as-is.ts";

export interface Committed {
  readonly isCommitted: IsCommitted;
  /** Nothing differs from HEAD: no loss from before can be in a commit to come. Only asked where something was lost. */
  readonly isClean: boolean;
}

/** What of the known files HEAD has exactly as they are known. */
export async function findCommittedAsIs(
  repo: Repository,
  place: WorkTreePlace,
  state: WorkingState,
): Promise<Committed> {
  const head = await resolveCommit(repo, "HEAD");
  const paths = [...state.paths.keys()];
  const blobs: readonly (ObjectId | undefined)[] =
    head === undefined
      ? []
      : await resolvePaths(
          repo,
          paths.map((path) => ({ tree: head, path })),
        );
  const committed = new Map(paths.map((path, index) => [path, blobs[index]]));
  const isClean = state.gaps.length > 0 && (await readStatus(place)).length === 0;
  return {
    isClean,
    isCommitted: (path, content) => {
      const blob = committed.get(path);
      // A file that is gone from both is committed too.
      if (blob === undefined) return content === "" && state.paths.get(path)?.sum === null;
      return isBlobOf(repo.objectFormat, blob, content);
    },
  };
}
