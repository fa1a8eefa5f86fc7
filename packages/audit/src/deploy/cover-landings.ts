// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { type ChainLink, type ComputedTree, type Landing, planLandings } from "@countersign/core/policy";
import {
  type CommitLink,
  filterCommits,
  isAncestor,
  listCommitTrees,
  mergeTrees,
  type Repository,
  readCommitTrees,
} from "@countersign/git";
import type { KnownVerdict } from "../machine/read-machine-evidence.ts";

export interface CoverRequest {
  readonly repository: Repository;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly target: RefName;
  readonly verdicts: readonly KnownVerdict[];
}

/** Which verdict let each link of the branch land. */
export interface Coverage {
  /** By commit of the first-parent line. */
  readonly byLink: ReadonlyMap<ObjectId, KnownVerdict>;
  /** Commits of the line that no verdict let pass, oldest first. */
  readonly gaps: readonly ObjectId[];
}

/** Positions times heads that are merged to find out; beyond, what is left counts as landed without a verdict. */
const MOST_MERGES = 4096;

/**
 * Finds for every link of the first-parent line the passing verdict with which it landed: a verdict of exactly these commits (a
 * fast-forward, or a gate that ran on the push), or one of a head that Git merges onto the tip before to exactly what is there.
 */
export async function coverLandings(request: CoverRequest): Promise<Coverage> {
  const { repository, base, head } = request;
  const exclude = base === null ? [] : [base];
  const newestFirst = await listCommitTrees(repository, { include: [head], exclude, firstParent: true });
  const line = [...newestFirst].reverse();
  const passing = await listPassing(request);
  const byLink = new Map<ObjectId, KnownVerdict>();
  coverSpans(line, passing, byLink);
  await coverComputed(request, line, passing, byLink);
  return { byLink, gaps: line.map((link) => link.id).filter((id) => !byLink.has(id)) };
}

/** Newest first, so that a change judged twice counts as judged when it was judged last. */
async function listPassing({ repository, verdicts, target }: CoverRequest): Promise<readonly KnownVerdict[]> {
  const passing = verdicts.filter(
    ({ predicate }) => predicate.verdict === "pass" && predicate.target === target,
  );
  const here = await filterCommits(repository, [...new Set(passing.map(({ predicate }) => predicate.head))]);
  return passing
    .filter(({ predicate }) => here.has(predicate.head))
    .sort((a, b) => (a.predicate.evaluatedAt < b.predicate.evaluatedAt ? 1 : -1));
}

/** From the fork point to the head, both on the line. Part of what was judged is not what was judged (T18, T27). */
function coverSpans(
  line: readonly CommitLink[],
  passing: readonly KnownVerdict[],
  byLink: Map<ObjectId, KnownVerdict>,
): void {
  const places = new Map(line.map((link, at) => [link.id, at]));
  const before = new Map(line.map((link, at) => [link.parents[0] ?? "", at]));
  for (const verdict of passing) {
    const { head, change } = verdict.predicate;
    const end = places.get(head);
    const start = before.get(change?.mergeBase ?? head);
    if (end === undefined || start === undefined || start > end) continue;
    for (const { id } of line.slice(start, end + 1)) if (!byLink.has(id)) byLink.set(id, verdict);
  }
}

/** Merge commits, squashes, queue commits and rebased series: what Git computes from a head that passed. */
async function coverComputed(
  { repository, base, head }: CoverRequest,
  line: readonly CommitLink[],
  passing: readonly KnownVerdict[],
  byLink: Map<ObjectId, KnownVerdict>,
): Promise<void> {
  const pairs = listPairs(line, passing, byLink).slice(0, MOST_MERGES);
  const first = line[0];
  const start = first === undefined ? undefined : await readBase(repository, first);
  if (pairs.length === 0 || start === undefined) return;
  const results = await mergeTrees(repository, pairs);
  const trees = new Map(pairs.map(({ ours, theirs }, i) => [`${ours}:${theirs}`, results[i]] as const));
  const graph = await listCommitTrees(repository, { include: [head], exclude: base === null ? [] : [base] });
  const broughtAt = toArrivals(line, graph);
  const isBefore = createBaseCheck(repository, base, broughtAt);
  const places = new Map([start, ...line].map((link, at) => [link.id, at - 1]));
  const merged = new Set(pairs.map(({ theirs }) => theirs));
  const candidates = new Map<ObjectId, KnownVerdict>();
  for (const verdict of passing)
    if (merged.has(toHead(verdict)) && !candidates.has(toHead(verdict)))
      candidates.set(toHead(verdict), verdict);
  const computedTree: ComputedTree = (position, theirs) => {
    const result = trees.get(`${position}:${theirs}`);
    const judged = candidates.get(theirs)?.predicate.change?.mergeBase ?? "";
    // A head that was made on top of something holds that too, and nobody judged it with the head: what the head is merged
    // onto must have had it already.
    const hadBefore = (broughtAt.get(judged) ?? -1) <= (places.get(position) ?? -1);
    return result?.isClean === true && hadBefore ? result.tree : undefined;
  };
  const landings = await planChecked({ start, line, candidates, computedTree, isBefore });
  for (const landing of landings) {
    const verdict = candidates.get(landing.signedHead ?? "");
    if (verdict === undefined) continue;
    const from = (places.get(landing.base.id) ?? -1) + 1;
    const to = places.get(landing.head.id) ?? -1;
    for (const { id } of line.slice(from, to + 1)) if (!byLink.has(id)) byLink.set(id, verdict);
  }
}

interface Plan {
  readonly start: ChainLink;
  readonly line: readonly CommitLink[];
  readonly candidates: Map<ObjectId, KnownVerdict>;
  readonly computedTree: ComputedTree;
  readonly isBefore: (verdict: KnownVerdict) => Promise<boolean>;
}

/** Asks Git only about the few verdicts that explain something, and plans anew without those that do not hold. */
async function planChecked({
  start,
  line,
  candidates,
  computedTree,
  isBefore,
}: Plan): Promise<readonly Landing[]> {
  for (;;) {
    const landings = planLandings(start, line, [...candidates.keys()], computedTree);
    const before = candidates.size;
    for (const { signedHead } of landings) {
      const verdict = candidates.get(signedHead ?? "");
      if (verdict !== undefined && !(await isBefore(verdict))) candidates.delete(toHead(verdict));
    }
    if (candidates.size === before) return landings;
  }
}

function toHead({ predicate }: KnownVerdict): ObjectId {
  return predicate.head;
}

/** Place on the line with which each commit after the base came in. */
function toArrivals(
  line: readonly CommitLink[],
  graph: readonly CommitLink[],
): ReadonlyMap<ObjectId, number> {
  const links = new Map(graph.map((link) => [link.id, link]));
  const arrivals = new Map<ObjectId, number>();
  for (const [at, { id }] of line.entries()) {
    const queue = [id];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const link = links.get(next);
      if (link === undefined || arrivals.has(next)) continue;
      arrivals.set(next, at);
      queue.push(...link.parents);
    }
  }
  return arrivals;
}

/** Whether what a verdict judged began in this branch: one of a branch that was rewritten since judged less than its head holds. */
function createBaseCheck(
  repository: Repository,
  base: ObjectId | null,
  broughtAt: ReadonlyMap<ObjectId, number>,
): (verdict: KnownVerdict) => Promise<boolean> {
  const known = new Map<ObjectId, boolean>();
  return async ({ predicate: { change } }) => {
    if (change === null) return false;
    const { mergeBase } = change;
    if (broughtAt.has(mergeBase) || mergeBase === base) return true;
    const answer = known.get(mergeBase) ?? (await isInHistory(repository, mergeBase, base));
    known.set(mergeBase, answer);
    return answer;
  };
}

async function isInHistory(repository: Repository, id: ObjectId, base: ObjectId | null): Promise<boolean> {
  if (base === null || !(await filterCommits(repository, [id])).has(id)) return false;
  return await isAncestor(repository, id, base);
}

async function readBase(repository: Repository, first: CommitLink): Promise<ChainLink | undefined> {
  const [parent] = first.parents;
  if (parent === undefined) return undefined;
  return (await readCommitTrees(repository, [parent]))[0];
}

/** A merge commit says itself which head it brought; anything else may be any head's. */
function listPairs(
  line: readonly CommitLink[],
  passing: readonly KnownVerdict[],
  byLink: ReadonlyMap<ObjectId, KnownVerdict>,
): readonly { readonly ours: ObjectId; readonly theirs: ObjectId }[] {
  const heads = [...new Set(passing.map(toHead))];
  const known = new Set(heads);
  return line.flatMap(({ id, parents: [ours, ...brought] }) => {
    if (ours === undefined || byLink.has(id)) return [];
    const candidates = brought.length > 0 ? brought.filter((parent) => known.has(parent)) : heads;
    return candidates.map((theirs) => ({ ours, theirs }));
  });
}
