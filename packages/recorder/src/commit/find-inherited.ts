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
  /** Commits that bring nothing but what their sources brought. */
  readonly faithful: ReadonlySet<ObjectId>;
  /** How far a recorder was there when the sources were made, where a record of ours says it. */
  readonly coverages: ReadonlyMap<ObjectId, Coverage>;
}

const NOTHING: Inheritance = { faithful: new Set(), coverages: new Map() };
/** Beyond it a history is rewritten, and nobody's own commits are rebased. */
const MOST = 500;

/**
 * A rebase makes a commit anew, and nobody has to watch it do so: where it only says again what was watched when it was first made, that
 * is as good. No process where nothing was rewritten.
 */
export async function findInherited(repo: Repository, rewritten: readonly Rewritten[]): Promise<Inheritance> {
  if (rewritten.length === 0 || rewritten.length > MOST) return NOTHING;
  const sources = [...new Set(rewritten.flatMap((one) => one.sources))];
  const identities = await readIdentities(repo, sources);
  const recorded = await readRecordedCommits(repo, identities, { areLinesNeeded: false });
  const coverages = new Map(
    [...recorded].flatMap(([id, { record, isOwn }]): [ObjectId, Coverage][] =>
      isOwn && record !== undefined ? [[id, record.coverage]] : [],
    ),
  );
  const texts = await readTexts(repo, [...new Set([...rewritten.map(({ commit }) => commit), ...sources])]);
  const faithful = rewritten.filter((one) => {
    const own = texts.get(one.commit);
    const theirs = one.sources.flatMap((id) => texts.get(id) ?? []);
    return own !== undefined && theirs.length === one.sources.length && holdsOnly(own, theirs);
  });
  return { faithful: new Set(faithful.map(({ commit }) => commit)), coverages };
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
