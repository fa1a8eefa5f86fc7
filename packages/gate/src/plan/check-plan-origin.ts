// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import {
  comparePlan,
  foldersOfPlan,
  isPlanFile,
  type PlanFolder,
  type PlanOrigin,
  type SavedPlan,
} from "@countersign/core/infrastructure";
import { GITLINK, type Repository, readCommitTrees, readObjects, SYMLINK } from "@countersign/git";
import { readSurroundings, type Surroundings } from "../read-surroundings.ts";

export interface PlanOriginRequest {
  readonly repository: Repository;
  readonly commit: ObjectId;
  readonly plan: SavedPlan;
  /** Folder of the root module in the commit. */
  readonly root: RepoPath;
  /** Sources of modules that are in no commit here and that somebody vouches for. */
  readonly trusted: readonly string[];
  /** Names of files of the root module that a tool makes before it plans. */
  readonly generated: readonly string[];
}

/**
 * Whether a saved plan was made from the files of a commit. Nothing of the work tree is looked at. Throws GitError where the commit or a folder
 * of it is not in this repository.
 */
export async function checkPlanOrigin(request: PlanOriginRequest): Promise<PlanOrigin> {
  const { repository, commit, plan, root, trusted, generated } = request;
  const [found] = await readCommitTrees(repository, [commit]);
  const surroundings = await readSurroundings(repository, ...(found === undefined ? [] : [found.tree]));
  const { follow } = surroundings.links;
  const wanted = [...foldersOfPlan(root, plan)].map(follow).filter((folder) => folder !== undefined);
  const folders = await readFolders(repository, surroundings, new Set(wanted));
  return comparePlan(plan, { root, follow, folders, trusted, generated });
}

async function readFolders(
  repository: Repository,
  surroundings: Surroundings,
  wanted: ReadonlySet<RepoPath>,
): Promise<ReadonlyMap<RepoPath, PlanFolder>> {
  const places = new Map([...wanted].map((folder) => [folder, new Map<string, ObjectId | string>()]));
  for (const path of surroundings.paths) {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    if (isPlanFile(name))
      places.get(path.slice(0, Math.max(0, slash)))?.set(name, toPlace(surroundings, path));
  }
  const ids = [...places.values()].flatMap((files) => [...files.values()]);
  const contents = await readContents(repository, ids);
  return new Map(
    [...places].map(([folder, files]) => [folder, toFolder(surroundings, folder, files, contents)]),
  );
}

const NO_FILE = "a link that leads to no file of the commit";

/** The blob at a path, behind its links; else why there is none. */
function toPlace({ entries, links }: Surroundings, path: RepoPath): ObjectId | string {
  const target = links.follow(path);
  const entry = target === undefined ? undefined : entries.get(target);
  if (entry === undefined || entry.mode === SYMLINK) return NO_FILE;
  return entry.mode === GITLINK ? "a commit of another repository" : entry.id;
}

async function readContents(
  repository: Repository,
  places: readonly (ObjectId | string)[],
): Promise<ReadonlyMap<ObjectId, Uint8Array | string>> {
  const contents = new Map<ObjectId, Uint8Array | string>();
  const ids = [...new Set(places)].filter((place) => ID.test(place));
  for await (const object of readObjects(repository, ids)) {
    if (object.status === "read") contents.set(object.id, object.bytes);
    else if (object.status === "missing") contents.set(object.id, "its content is not in this repository");
    else contents.set(object.id, `${object.size} bytes; a configuration of that size is not read`);
  }
  return contents;
}

const ID = /^[0-9a-f]{40,64}$/;

function toFolder(
  { entries }: Surroundings,
  folder: RepoPath,
  files: ReadonlyMap<string, ObjectId | string>,
  contents: ReadonlyMap<ObjectId, Uint8Array | string>,
): PlanFolder {
  const parts = folder.split("/");
  const isElsewhere = parts.some((_, i) => entries.get(parts.slice(0, i + 1).join("/"))?.mode === GITLINK);
  if (isElsewhere) return { problem: "it lies in a submodule, whose files are in another repository" };
  return { files: new Map([...files].map(([name, place]) => [name, contents.get(place) ?? place])) };
}
