// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, readStatus, resolveCommit, resolvePaths } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { hasAi } from "../capture/fold-state.ts";
import { readContent } from "../capture/snapshot-store.ts";
import type { PathState, WorkingState } from "../capture/working-state.ts";
import { hashHex } from "../hash-bytes.ts";
import { placeOf } from "../place-of.ts";
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
  const isSame = (path: RepoPath, content: string): boolean => {
    const blob = committed.get(path);
    // A file that is gone from both is committed too.
    if (blob === undefined) return content === "" && state.paths.get(path)?.sum === null;
    return isBlobOf(repo.objectFormat, blob, content);
  };
  const inOtherForm = [...state.paths].filter(
    ([path, known]) =>
      isSubstantial(known) &&
      committed.get(path) !== undefined &&
      !isSame(path, known.present.lines.join("")) &&
      isOnDisk(place, path, known),
  );
  const isAsked = state.gaps.length > 0 || inOtherForm.length > 0;
  const differing = isAsked ? new Set((await readStatus(place)).map(({ path }) => path)) : undefined;
  const unchanged = new Set(inOtherForm.flatMap(([path]) => (differing?.has(path) === false ? [path] : [])));
  return {
    isClean: state.gaps.length > 0 && differing?.size === 0,
    isCommitted: (path, content) => isSame(path, content) || unchanged.has(path),
  };
}

/** Something of an agent would be kept of it. */
function isSubstantial({ sum, present, touched }: PathState): boolean {
  return sum !== null && (touched.length > 0 || hasAi(present));
}

/** A file without lines, or one that Git keeps in another form: only Git itself can tell that HEAD has what lies there. */
function isOnDisk({ workTree }: WorkTreePlace, path: RepoPath, { sum }: PathState): boolean {
  const content = readContent(placeOf(workTree, path));
  return content !== null && typeof content !== "string" && hashHex(content) === sum;
}
