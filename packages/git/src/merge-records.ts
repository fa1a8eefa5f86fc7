// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import { sha256Of } from "./evidence-set.ts";
import type { EvidenceProblem } from "./evidence-tree.ts";
import { isAncestor } from "./history.ts";
import { importCommit, type TreeEdit } from "./import-commit.ts";
import { RECORDS_REF } from "./list-records.ts";
import { diffTrees } from "./read-changes.ts";
import { readObjects } from "./read-objects.ts";
import { emptyTree } from "./read-staged.ts";
import { MAX_RECORD_BYTES, RECORD_MODE, recordNameOf } from "./record-path.ts";
import { readRef } from "./refs.ts";
import { moveRef, type Refused, swapUntilDone } from "./swap-ref.ts";
import type { RawChange, Repository } from "./types.ts";
import { RECORDS_IDENTITY, RECORDS_MESSAGE, type RecordWrite } from "./write-records.ts";

/** Unites the set at a ref with the set at another commit, at the price of what differs; both histories stay reachable. */
export async function mergeRecords(
  repo: Repository,
  other: ObjectId,
  ref: RefName = RECORDS_REF,
): Promise<RecordWrite> {
  return swapUntilDone(repo, ref, () => tryMerge(repo, other, ref));
}

async function tryMerge(repo: Repository, other: ObjectId, ref: RefName): Promise<RecordWrite | Refused> {
  const tip = await readRef(repo, ref);
  if (tip === other) return { tip, added: 0, problems: [] };
  const difference = await compareSets(repo, tip, other);
  const { edits, problems } = difference;
  const result = { added: difference.added, problems };
  if (edits.length === 0 && tip !== undefined && (await isAncestor(repo, other, tip)))
    return { ...result, tip };
  const isTheirs = problems.length === 0 && difference.kept === 0;
  if (isTheirs && (tip === undefined || (await isAncestor(repo, tip, other)))) {
    const refusal = await moveRef(repo, ref, tip, other);
    return refusal ?? { ...result, tip: other };
  }
  const merged = other;
  const plan = { ref, identity: RECORDS_IDENTITY, message: RECORDS_MESSAGE, edits };
  // A first set with problems is taken over without them, and its history with it.
  const start = tip === undefined ? { tip: other, isFresh: true } : { tip, merged };
  const written = await importCommit(repo, { ...plan, ...start });
  return typeof written === "string" ? { ...result, tip: written } : { ...written, seen: tip };
}

interface Difference {
  /** What has to be put into ours. */
  readonly edits: readonly TreeEdit[];
  readonly added: number;
  /** Records that only ours has, or has better. */
  readonly kept: number;
  readonly problems: readonly EvidenceProblem[];
}

async function compareSets(
  repo: Repository,
  tip: ObjectId | undefined,
  other: ObjectId,
): Promise<Difference> {
  const changes = await diffTrees(repo, tip ?? emptyTree(repo.objectFormat), other);
  const unnamed = changes.filter((change) => change.status !== "D" && nameOf(repo, change) === undefined);
  const named = changes.filter((change) => change.status !== "D" && nameOf(repo, change) !== undefined);
  const additions = named.filter(({ status }) => status === "A");
  const repairs = await findSound(
    repo,
    named.filter(({ status }) => status !== "A"),
  );
  const edits = [...additions, ...repairs].map(({ path, newId }) => ({ path, id: newId }));
  const kept = changes.length - unnamed.length - edits.length;
  return { edits, added: additions.length, kept, problems: unnamed.map((one) => unexpected(one, other)) };
}

function nameOf(repo: Repository, { path, newMode }: RawChange): Sha256 | undefined {
  return newMode === RECORD_MODE ? recordNameOf(repo, path) : undefined;
}

function unexpected({ path, newMode }: RawChange, commit: ObjectId): EvidenceProblem {
  const message = `${JSON.stringify(path)} (mode ${newMode}) is no record; expected <2 hex>/<rest of the commit's id>/<sha256>.json as a plain file`;
  return { code: "unexpected-path", path, commit, message };
}

/** Those whose new blob hashes to its name; the old one then cannot, and is mended. */
async function findSound(repo: Repository, changes: readonly RawChange[]): Promise<readonly RawChange[]> {
  const digests = new Map<ObjectId, Sha256>();
  const blobs = [...new Set(changes.map(({ newId }) => newId))];
  for await (const blob of readObjects(repo, blobs, { maxBytes: MAX_RECORD_BYTES }))
    if (blob.status === "read") digests.set(blob.id, sha256Of(blob.bytes));
  return changes.filter((change) => {
    const name = nameOf(repo, change);
    return name !== undefined && digests.get(change.newId) === name;
  });
}

/** Paths of records that a new tip of the set would lose; a repaired file counts as kept. */
export async function findLostRecords(
  repo: Repository,
  oldCommit: ObjectId,
  newCommit: ObjectId,
): Promise<readonly string[]> {
  const changes = await diffTrees(repo, oldCommit, newCommit);
  const touched = changes.filter(
    ({ status, path }) => status !== "A" && recordNameOf(repo, path) !== undefined,
  );
  const sound = new Set(await findSound(repo, touched));
  return touched.filter((change) => !sound.has(change)).map(({ path }) => path);
}
