// SPDX-License-Identifier: Apache-2.0
import {
  countEntireSessions,
  ENTIRE_BRANCH,
  entireFolder,
  entireRef,
  type ForeignRecord,
  findEntireCheckpoints,
  toEntireRecord,
} from "@countersign/core/attribution";
import { type ObjectId, toText } from "@countersign/core/ids";
import { listRefs, type PathInTree, type Repository, readObjects, resolvePaths } from "@countersign/git";
import type { CommitIdentity } from "./findings.ts";

/** A checkpoint's folder; its own metadata lists sessions, whose metadata stand in numbered folders below. */
interface Checkpoint {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly folder: string;
}

/**
 * Entire's checkpoints that the commits' messages name, from its refs and branches. Five processes where a message names one,
 * none elsewhere. A checkpoint that is not here leaves what the trailer says by itself.
 */
export async function readEntire(
  repo: Repository,
  branches: readonly ObjectId[],
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
): Promise<ReadonlyMap<ObjectId, readonly ForeignRecord[]>> {
  const named = [...commits.values()].flatMap(({ id, message }) =>
    findEntireCheckpoints(message).map((checkpoint) => ({ commit: id, checkpoint })),
  );
  if (named.length === 0) return new Map();
  const refs = await listRefs(repo, [
    ...new Set(named.map(({ checkpoint }) => entireRef(checkpoint))),
    "refs/remotes",
  ]);
  const tips = new Map(refs.map(({ name, id }) => [name, id]));
  const remote = refs.filter(({ name }) => name.endsWith(`/${ENTIRE_BRANCH}`)).map((ref) => ref.id);
  const trees = [...new Set([...branches, ...remote])];
  const checkpoints = named.flatMap(({ commit, checkpoint }): readonly Checkpoint[] => {
    const own = tips.get(entireRef(checkpoint));
    const onBranches = trees.map((tree) => ({ commit, tree, folder: `${entireFolder(checkpoint)}/` }));
    // Whoever empties one place takes nothing away that stands in another.
    return own === undefined ? onBranches : [{ commit, tree: own, folder: "" }, ...onBranches];
  });
  return toRecords(checkpoints, await readSessions(repo, checkpoints));
}

type Texts = ReadonlyMap<Checkpoint, readonly string[]>;

async function readSessions(repo: Repository, checkpoints: readonly Checkpoint[]): Promise<Texts> {
  const own = await readPaths(
    repo,
    checkpoints.map((checkpoint) => toPlace(checkpoint, "metadata.json")),
  );
  const sessions = checkpoints.flatMap((checkpoint, i) =>
    Array.from({ length: countEntireSessions(own[i] ?? "") }, (_, number) => ({ checkpoint, number })),
  );
  const texts = await readPaths(
    repo,
    sessions.map(({ checkpoint, number }) => toPlace(checkpoint, `${number}/metadata.json`)),
  );
  const found = new Map<Checkpoint, string[]>();
  for (const [i, { checkpoint }] of sessions.entries()) {
    const text = texts[i];
    if (text !== undefined) found.set(checkpoint, [...(found.get(checkpoint) ?? []), text]);
  }
  return found;
}

function toPlace({ tree, folder }: Checkpoint, name: string): PathInTree {
  return { tree, path: `${folder}${name}` };
}

const MOST_BYTES = 1024 * 1024;

async function readPaths(
  repo: Repository,
  places: readonly PathInTree[],
): Promise<readonly (string | undefined)[]> {
  const blobs = await resolvePaths(repo, places);
  const texts = new Map<ObjectId, string>();
  const ids = [...new Set(blobs.filter((id) => id !== undefined))];
  for await (const object of readObjects(repo, ids, { maxBytes: MOST_BYTES }))
    if (object.status === "read") texts.set(object.id, toText(object.bytes));
  return blobs.map((id) => (id === undefined ? undefined : texts.get(id)));
}

function toRecords(
  checkpoints: readonly Checkpoint[],
  texts: Texts,
): ReadonlyMap<ObjectId, readonly ForeignRecord[]> {
  const byCommit = new Map<ObjectId, Set<string>>();
  for (const checkpoint of checkpoints) {
    const known = byCommit.get(checkpoint.commit) ?? new Set();
    for (const text of texts.get(checkpoint) ?? []) known.add(text);
    if (known.size > 0) byCommit.set(checkpoint.commit, known);
  }
  return new Map([...byCommit].map(([commit, sessions]) => [commit, [toEntireRecord([...sessions])]]));
}
