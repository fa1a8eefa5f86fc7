// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitFacts } from "@countersign/core/policy";
import type { Assistance } from "@countersign/core/trailers";
import { findUnrelated, mergeTrees, type Repository } from "@countersign/git";
import { rejectImpossibleMerges } from "./reject-impossible-merges.ts";

/** Positions times heads that are merged to recognise content; beyond, heads are tried on the merge base alone. */
export const MOST_CONTENT_MERGES = 1024;

export interface ContentRequest {
  readonly repository: Repository;
  /** Fork point, with its tree. */
  readonly mergeBase: { readonly id: ObjectId; readonly tree: ObjectId };
  /** What the commits lead to; everything that a head could stand on is an ancestor of it. */
  readonly head: ObjectId;
  readonly commits: readonly CommitFacts[];
  /** Other commits that may hold the same content: earlier versions first, then for a landing the branches that are here. */
  readonly heads: readonly ObjectId[];
  /** What lands may be a series of squashes, so every commit's parent is a place where a head may have landed. */
  readonly isSeries: boolean;
}

/** Reads the commits between heads and what lies below them. */
type ReadCommits = (
  heads: readonly ObjectId[],
  below: readonly ObjectId[],
) => Promise<readonly CommitFacts[]>;

export interface InheritedContent {
  readonly commits: readonly CommitFacts[];
  readonly replaced: readonly ObjectId[];
  /** Heads that were not compared, since there are more than are ever merged. What they held, nobody looked at. */
  readonly untried: readonly ObjectId[];
}

/** The commits, each with the AI of those whose content it holds, and the heads it was found to replace. */
export async function inheritContent(
  request: ContentRequest,
  readCommits: ReadCommits,
): Promise<InheritedContent> {
  const { same, untried } = await findSameContent(request);
  if (same.size === 0) return { commits: request.commits, replaced: [], untried };
  const commits: CommitFacts[] = [];
  for (const commit of request.commits) {
    const heads = same.get(commit.id);
    commits.push(
      heads === undefined ? commit : withInherited(commit, await readCommits(heads, commit.parents)),
    );
  }
  return { commits, replaced: [...same.values()].flat(), untried };
}

interface SameContent {
  readonly same: ReadonlyMap<ObjectId, readonly ObjectId[]>;
  readonly untried: readonly ObjectId[];
}

/**
 * Heads whose content a commit of the change is, by commit: its tree is exactly what Git makes of the head on the merge
 * base, or on the commit before. So a squash, a queue's commit and an amended commit stand for the commits they
 * replace, whatever their own message says: a verdict is about trees, not about messages (T02).
 */
async function findSameContent(request: ContentRequest): Promise<SameContent> {
  const { repository, commits } = request;
  const present = new Set(commits.map((commit) => commit.id));
  const others = [...new Set(request.heads)].filter((id) => !present.has(id) && id !== request.mergeBase.id);
  // A branch of another history, such as one of web pages, stands on nothing here, and Git takes long to say so.
  const unrelated = await findUnrelated(repository, request.head, others);
  const heads = others.filter((id) => !unrelated.has(id));
  if (heads.length === 0 || commits.length === 0) return { same: new Map(), untried: [] };
  const pairs = listPositions(request, heads.length).flatMap((position) =>
    heads.map((theirs) => ({ position, ours: position.id, theirs })),
  );
  const trees = commits.map((commit) => commit.tree);
  const tried = await rejectImpossibleMerges(repository, trees, pairs.slice(0, MOST_CONTENT_MERGES));
  const results = await mergeTrees(repository, tried);
  const found = new Map<ObjectId, readonly ObjectId[]>();
  for (const [i, { position, theirs }] of tried.entries()) {
    const result = results[i];
    // A head that adds nothing here says nothing about what the change adds.
    if (result?.isClean !== true || result.tree === position.tree) continue;
    for (const commit of commits) {
      if (commit.tree === result.tree)
        found.set(commit.id, [...new Set([...(found.get(commit.id) ?? []), theirs])]);
    }
  }
  return { same: found, untried: heads.slice(MOST_CONTENT_MERGES) };
}

function listPositions(
  { mergeBase, commits, isSeries }: ContentRequest,
  heads: number,
): readonly ContentRequest["mergeBase"][] {
  if (!isSeries) return [mergeBase];
  const trees = new Map(commits.map((commit) => [commit.id, commit.tree]));
  const parents = new Set(commits.flatMap((commit) => commit.parents.slice(0, 1)));
  const positions = [...parents].flatMap((id) => {
    const tree = trees.get(id);
    return tree === undefined || id === mergeBase.id ? [] : [{ id, tree }];
  });
  return (positions.length + 1) * heads > MOST_CONTENT_MERGES ? [mergeBase] : [mergeBase, ...positions];
}

/** The commit with AI that its content is known to have; a claim of none beside it is a contradiction (T09). */
export function withInherited(commit: CommitFacts, sources: readonly CommitFacts[]): CommitFacts {
  const added: Assistance[] = [];
  for (const claim of sources.flatMap((source) => source.assistance)) {
    const isKnown = [...commit.assistance, ...added].some(
      ({ tool, model }) => tool === claim.tool && model === claim.model,
    );
    if (claim.evidence !== "none" && !isKnown)
      added.push({ ...claim, convention: "same-content", evidence: "derived", line: null });
  }
  if (added.length === 0) return commit;
  const contradiction = {
    code: "contradictory-claim",
    message: "the message says AI-Assisted: none, but the commits it replaces name AI",
  };
  return {
    ...commit,
    state: commit.state === "recorded" ? "recorded" : "declared",
    assistance: [...commit.assistance, ...added],
    warnings: commit.state === "cleared" ? [...commit.warnings, contradiction] : commit.warnings,
  };
}
