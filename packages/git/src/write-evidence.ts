// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import { EVIDENCE_REF, MAX_ENVELOPE_BYTES, sha256Of } from "./evidence-set.ts";
import {
  buildEvidenceTrees,
  type EvidenceEntries,
  type EvidenceProblem,
  type EvidenceTree,
  readEvidenceTree,
} from "./evidence-tree.ts";
import { GitError } from "./git-error.ts";
import { isAncestor } from "./history.ts";
import { readObjects } from "./read-objects.ts";
import { readRef } from "./refs.ts";
import { moveRef, type Refused, swapUntilDone } from "./swap-ref.ts";
import type { Repository } from "./types.ts";
import { createObject, type NewObject, writeObjects } from "./write-objects.ts";

/** What a write left behind. */
export interface EvidenceWrite {
  /** Tip of the ref after the write; undefined while the set is empty and the ref does not exist. */
  readonly tip: ObjectId | undefined;
  /** Envelopes that were not there before. */
  readonly added: number;
  /** What the sets held besides well-named files; such entries are reported here and not carried on. */
  readonly problems: readonly EvidenceProblem[];
}

/** What is to be united with the set. */
interface Addition extends EvidenceTree {
  /** New envelopes, to be written; empty for a merge. */
  readonly blobs: ReadonlyMap<Sha256, NewObject>;
  /** The other set's commit; undefined for an addition. */
  readonly parent: ObjectId | undefined;
}

const NO_ENTRIES: EvidenceEntries = new Map();
/**
 * Adds envelopes to the set at a ref; several writers at once all succeed. Durable once it resolves. Throws
 * EVIDENCE_TOO_LARGE, REF_CONTENDED.
 */
export async function addEvidence(
  repo: Repository,
  envelopes: readonly Uint8Array[],
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  const blobs = new Map(envelopes.map((bytes) => [sha256Of(bytes), toBlob(repo, bytes)]));
  return updateSet(repo, ref, { blobs, entries: idsOf(blobs), parent: undefined, problems: [] });
}

function toBlob(repo: Repository, bytes: Uint8Array): NewObject {
  if (bytes.length <= MAX_ENVELOPE_BYTES) return createObject(repo.objectFormat, "blob", bytes);
  const message = `an envelope of ${bytes.length} bytes is more than ${MAX_ENVELOPE_BYTES}; shorten its reason or evidence`;
  throw new GitError("EVIDENCE_TOO_LARGE", message);
}

function idsOf(blobs: ReadonlyMap<Sha256, NewObject>): EvidenceEntries {
  return new Map([...blobs].map(([name, blob]) => [name, blob.id]));
}

/** Unites the set at a ref with the set at another commit; both histories stay reachable. */
export async function mergeEvidence(
  repo: Repository,
  other: ObjectId,
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  const tree = await readEvidenceTree(repo, other);
  return updateSet(repo, ref, { ...tree, blobs: new Map(), parent: other });
}

async function updateSet(repo: Repository, ref: RefName, addition: Addition): Promise<EvidenceWrite> {
  return swapUntilDone(repo, ref, () => tryUpdate(repo, ref, addition));
}

/** One compare-and-swap. */
async function tryUpdate(
  repo: Repository,
  ref: RefName,
  addition: Addition,
): Promise<EvidenceWrite | Refused> {
  const tip = await readRef(repo, ref);
  const current =
    tip === undefined ? { entries: NO_ENTRIES, problems: [] } : await readEvidenceTree(repo, tip);
  const entries = await unite(repo, current.entries, addition.entries);
  const added = entries.size - current.entries.size;
  const problems = [...current.problems, ...addition.problems];
  const next =
    (await findFinishedTip(repo, tip, current, addition, entries)) ??
    (await writeSet(repo, tip, addition, entries));
  if (next === tip || next === undefined) return { tip, added, problems };
  // Crash argument: every object of `next` is on disk and synced before the ref names it. A crash before this line
  // leaves unreachable objects, which gc removes; a crash after it leaves the finished set.
  return (await moveRef(repo, ref, tip, next)) ?? { tip: next, added, problems };
}

/**
 * The union by name. Where two sets hold different bytes under one name, at most one of them can be sound: that one is
 * kept, so damage on one side heals from the other.
 */
async function unite(
  repo: Repository,
  ours: EvidenceEntries,
  theirs: EvidenceEntries,
): Promise<EvidenceEntries> {
  const union = new Map(ours);
  const disputed: [ObjectId, Sha256][] = [];
  for (const [name, id] of theirs) {
    const known = ours.get(name);
    if (known === undefined) union.set(name, id);
    else if (known !== id) disputed.push([known, name], [id, name]);
  }
  for (const [id, name] of disputed) {
    if (await isSound(repo, id, name)) union.set(name, id);
  }
  return union;
}

/** Disputes need a damaged or attacked set, so one process for each is no cost. */
async function isSound(repo: Repository, id: ObjectId, name: Sha256): Promise<boolean> {
  for await (const blob of readObjects(repo, [id], { maxBytes: MAX_ENVELOPE_BYTES })) {
    return blob.status === "read" && sha256Of(blob.bytes) === name;
  }
  return false;
}

/** A commit that is the union already, so that sets in step make no new commits; undefined where there is none. */
async function findFinishedTip(
  repo: Repository,
  tip: ObjectId | undefined,
  current: EvidenceTree,
  { parent, entries: theirs, problems }: Addition,
  union: EvidenceEntries,
): Promise<ObjectId | undefined> {
  const isOurs = tip !== undefined && isSameSet(current.entries, union);
  if (parent === undefined) return isOurs ? tip : undefined;
  if (isOurs && (await isAncestor(repo, parent, tip))) return tip;
  const isTheirs = problems.length === 0 && isSameSet(theirs, union);
  return isTheirs && (tip === undefined || (await isAncestor(repo, tip, parent))) ? parent : undefined;
}

function isSameSet(a: EvidenceEntries, b: EvidenceEntries): boolean {
  return a.size === b.size && [...a].every(([name, id]) => b.get(name) === id);
}

/** Nobody's name and the epoch: the same union made by two machines is the same commit. */
const IDENTITY = "countersign <noreply@countersign.invalid> 0 +0000";

async function writeSet(
  repo: Repository,
  tip: ObjectId | undefined,
  { blobs, parent }: Addition,
  entries: EvidenceEntries,
): Promise<ObjectId | undefined> {
  if (entries.size === 0 && tip === undefined) return undefined;
  const trees = buildEvidenceTrees(repo, entries);
  const parents = [tip, parent].filter((id) => id !== undefined).map((id) => `parent ${id}\n`);
  const header = `tree ${trees.at(-1)?.id}\n${parents.join("")}author ${IDENTITY}\ncommitter ${IDENTITY}\n`;
  const commit = createObject(repo.objectFormat, "commit", Buffer.from(`${header}\ncountersign evidence\n`));
  await writeObjects(repo, [...blobs.values(), ...trees, commit]);
  return commit.id;
}

/** Evidence that a new tip of the set would lose; empty when everything is still there (a repaired file counts). */
export async function findLostEvidence(
  repo: Repository,
  oldCommit: ObjectId,
  newCommit: ObjectId,
): Promise<readonly Sha256[]> {
  const [before, after] = await Promise.all([
    readEvidenceTree(repo, oldCommit),
    readEvidenceTree(repo, newCommit),
  ]);
  const lost: Sha256[] = [];
  for (const [name, id] of before.entries) {
    const kept = after.entries.get(name);
    if (kept !== id && (kept === undefined || !(await isSound(repo, kept, name)))) lost.push(name);
  }
  return lost;
}

/**
 * Whether a push keeps the whole set. Says nothing about whether what it adds is sound: ask `readEvidenceSet`
 * of the new commit for its problems.
 */
export async function isEvidenceSuperset(
  repo: Repository,
  oldCommit: ObjectId,
  newCommit: ObjectId,
): Promise<boolean> {
  return (await findLostEvidence(repo, oldCommit, newCommit)).length === 0;
}
