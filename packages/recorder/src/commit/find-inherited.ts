// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readParentedChanges } from "@countersign/git";
import { readTargets, type TargetCommit } from "../derive/read-targets.ts";
import { readIdentities, readRecordedCommits } from "../records/read-records.ts";
import { holdsOnly } from "./holds-only.ts";

/** A commit that Git made from others, and which ones. */
export interface Rewritten {
  readonly commit: ObjectId;
  readonly sources: readonly ObjectId[];
}

/** What rewritten commits inherit, by commit. */
export interface Inheritance {
  /** Whether a rewritten commit brings nothing but what some of its sources brought. */
  readonly isFaithful: (commit: ObjectId, sources: readonly ObjectId[]) => boolean;
  /** How far a recorder was there when the sources were made, where a record of ours says it. */
  readonly coverages: ReadonlyMap<ObjectId, Coverage>;
}

const NOTHING: Inheritance = { isFaithful: () => false, coverages: new Map() };
/** Beyond it a history is rewritten, and nobody's own commits are rebased. */
const MOST = 500;

/**
 * A rebase makes a commit anew, and nobody has to watch it do so: where it only says again what was watched when it was first made, that
 * is as good. No process where nothing was rewritten.
 */
export async function findInherited(repo: Repository, rewritten: readonly Rewritten[]): Promise<Inheritance> {
  if (rewritten.length === 0 || rewritten.length > MOST) return NOTHING;
  const sources = [...new Set(rewritten.flatMap((one) => one.sources))];
  const coverages = await readCoverages(repo, sources);
  const texts = await readTexts(repo, [...new Set([...rewritten.map(({ commit }) => commit), ...sources])]);
  const anew = new Set(rewritten.map(({ commit }) => commit));
  const isFaithful: Inheritance["isFaithful"] = (commit, from) => {
    const own = anew.has(commit) ? texts.get(commit) : undefined;
    const theirs = from.flatMap((id) => texts.get(id) ?? []);
    return own !== undefined && theirs.length === from.length && holdsOnly(own, theirs);
  };
  return { isFaithful, coverages };
}

/** How far a recorder was there when commits were made, where a record of ours says it. No process without commits. */
export async function readCoverages(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, Coverage>> {
  if (commits.length === 0) return new Map();
  const identities = await readIdentities(repo, commits);
  const recorded = await readRecordedCommits(repo, identities, { areLinesNeeded: false });
  return new Map(
    [...recorded].flatMap(([id, { record, isOwn }]): [ObjectId, Coverage][] =>
      isOwn && record !== undefined ? [[id, record.coverage]] : [],
    ),
  );
}

interface Texts {
  readonly changes: readonly ParentedChange[];
  readonly target: TargetCommit;
}

async function readTexts(repo: Repository, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Texts>> {
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  for await (const { id, changes: own } of readParentedChanges(repo, ids)) changes.set(id, own);
  const texts = new Map<ObjectId, Texts>();
  for await (const target of readTargets(repo, changes))
    texts.set(target.id, { changes: changes.get(target.id) ?? [], target });
  return texts;
}
