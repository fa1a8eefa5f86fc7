// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import {
  type ChangeFacts,
  type ChangeRecord,
  type CommitFacts,
  type Contributor,
  type EvidenceProblem,
  type FactsProblem,
  findPrincipalByKey,
  type Landing,
  type OpenOverride,
  type Policy,
  type SignOffAnswer,
  withImpactClasses,
} from "@countersign/core/policy";
import type { Assistance } from "@countersign/core/trailers";
import { diffTrees, filterCommits, type Repository } from "@countersign/git";
import type { RecordSources } from "@countersign/recorder";
import { answerStatements, countUncompared } from "./answer-statements.ts";
import { digestContent } from "./digest-content.ts";
import { findLimitProblems, measureContent } from "./find-limit-problems.ts";
import type { Introduction } from "./gate-request.ts";
import { type CommitContext, type GatheredCommits, gatherCommits } from "./gather-commits.ts";
import { gatherVersions, type PushHistory, type Versions } from "./gather-versions.ts";
import { joinImpact } from "./impact/gather-impact.ts";
import { readImpactFiles } from "./impact/read-impact-files.ts";
import { inheritContent } from "./inherit-content.ts";
import { mergeFiles } from "./merge-files.ts";
import { type AskLoggedStated, LOST_IN_LOG } from "./read-logged-stated.ts";
import type { StatedRecords } from "./read-stated.ts";
import type { VerifiedReview } from "./read-statements.ts";
import { readSurroundings } from "./read-surroundings.ts";
import { toComputed } from "./to-computed.ts";
import { toContributors, toIntroducer } from "./to-contributors.ts";
import { toLostVersion } from "./to-lost-version.ts";
import { toRecord } from "./to-record.ts";
import { type LeftOutNote, toLeftOutNotes, toUncomparedVersions } from "./uncompared.ts";

/** What is the same for every landing of one gate run. */
export interface GatherContext {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly target: RefName;
  readonly isLanding: boolean;
  readonly isTargetNew: boolean;
  readonly branchNames: readonly string[];
  readonly amendments: ReadonlyMap<string, readonly Assistance[]>;
  readonly stated: StatedRecords;
  readonly askLogged: AskLoggedStated;
  readonly reviews: readonly VerifiedReview[];
  readonly available: ReadonlySet<ObjectId>;
  readonly openOverrides: readonly OpenOverride[];
  readonly claims: readonly Assistance[];
  /** Openers and pushers as the door knows them. */
  readonly contributors: readonly Contributor[];
  readonly introduction?: Introduction | undefined;
  /** Heads of earlier versions as the door knows them. */
  readonly versions: readonly ObjectId[];
  readonly pushes: PushHistory;
  /** The change lands or has landed, whatever the door calls it. */
  readonly isLanded: boolean;
  /** Tips of all branches where the change lands: it may be a squash of one; beside an open change they are none of its business. */
  readonly branchTips: readonly ObjectId[];
  /** Where records of commits stand, the ones that a push is about to bring included. */
  readonly recordSources: RecordSources;
  readonly problems: readonly FactsProblem[];
  readonly evidenceProblems: readonly EvidenceProblem[];
  /** What every landing's answer has to say besides its own. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

export interface GatheredChange {
  readonly facts: ChangeFacts;
  readonly answers: readonly SignOffAnswer[];
  /** What was left out and cannot turn a no into a yes unseen; for people. */
  readonly notes: readonly LeftOutNote[];
}

/** Gathers everything about one landing; `mergeBase` differs from its base only for a branch that the target outran. */
export async function gatherChange(
  context: GatherContext,
  landing: Landing,
  mergeBase: { readonly id: ObjectId; readonly tree: ObjectId },
): Promise<GatheredChange> {
  const { repository } = context;
  const range = { include: [landing.head.id], exclude: [landing.base.id] };
  const diff = diffTrees(repository, mergeBase.tree, landing.head.tree);
  // Side by side: a small gate mostly waits for processes to start.
  const [net, surroundings, contentDigest] = await Promise.all([
    diff,
    readSurroundings(repository, landing.base.tree),
    diff.then((changes) => digestContent(repository, changes)),
  ]);
  const trees = { oldTree: mergeBase.tree, newTree: landing.head.tree };
  const touched = { repository, ...trees, changes: net, surroundings };
  const files = readImpactFiles(touched);
  files.catch(() => undefined);
  const written = await gatherCommits({ ...toCommitContext(context, false), surroundings }, range, net);
  const record = toRecord(context, landing, mergeBase, contentDigest);
  const [known, bytes] = await Promise.all([
    findVersions(context, landing, written),
    measureContent(repository, written),
  ]);
  const { own, versions, untriedBranches } = await inheritFromReplaced(context, landing, mergeBase, {
    own: written,
    versions: known,
  });
  const { answers, uncompared } = await answer(context, landing, record, { own, versions });
  const { commits: originals, problems: lost } = await gatherOriginals(context, own, answers);
  const past = await gatherVersionCommits(context, landing, versions);
  const commits = [...originals, ...own.commits];
  const writers = { repository, head: landing.head.id, commits, recorded: own.recorded };
  const impact = await joinImpact(touched, await files, writers);
  const computed = toComputed(landing, own, originals);
  const facts: ChangeFacts = {
    record,
    base: landing.base.id,
    head: landing.head.id,
    mergeBase: mergeBase.id,
    commits,
    files: withImpactClasses(context.policy, mergeFiles(own, originals), impact),
    impact,
    contributors: [
      ...context.contributors,
      ...versions.pushers,
      ...toIntroducer(context.introduction, commits, computed),
      ...toContributors([...commits, ...past.commits], computed),
    ],
    versions: versions.heads,
    openOverrides: context.openOverrides,
    claims: context.claims,
    problems: [
      ...context.problems,
      ...past.problems,
      ...lost,
      ...own.problems,
      ...findLimitProblems(context.policy, own, net, bytes),
    ],
  };
  return { facts, answers, notes: toLeftOutNotes(untriedBranches, uncompared) };
}

function toCommitContext(context: GatherContext, viaSignOff: boolean): CommitContext {
  return { ...context, branchNames: viaSignOff ? [] : context.branchNames, viaSignOff };
}

/** Earlier heads of this landing; those that the door names belong to the change as a whole. */
async function findVersions(
  context: GatherContext,
  landing: Landing,
  own: GatheredCommits,
): Promise<Versions> {
  const { id: head } = landing.head;
  const reached = new Set([
    head,
    ...own.commits.map((commit) => commit.id),
    ...(landing.signedHead === null ? [] : [landing.signedHead]),
  ]);
  const { heads, pushers } = await gatherVersions(context.repository, context.pushes, { head, reached });
  const given = context.versions.filter((id) => id !== head);
  return { heads: [...new Set([...given, ...heads])], pushers };
}

interface Gathered {
  readonly own: GatheredCommits;
  readonly versions: Versions;
}

type Inherited = Gathered & { readonly untriedBranches: number };

/** A commit that holds another's content is a version of it: with its AI and its authors (T02, T11). */
async function inheritFromReplaced(
  context: GatherContext,
  landing: Landing,
  mergeBase: { readonly id: ObjectId; readonly tree: ObjectId },
  { own, versions }: Gathered,
): Promise<Inherited> {
  const { repository, branchTips, isLanded } = context;
  const ofChange = [...(landing.signedHead === null ? [] : [landing.signedHead]), ...versions.heads];
  const candidates = [...ofChange, ...branchTips];
  // Versions of this very change first: a bound must cut off strangers before them.
  const here = await filterCommits(repository, candidates);
  const heads = [...new Set(candidates)].filter((id) => here.has(id));
  const { id: head } = landing.head;
  const request = { repository, mergeBase, head, commits: own.commits, heads, isSeries: isLanded };
  const { commits, replaced, untried } = await inheritContent(request, async (include, parents) => {
    const exclude = [mergeBase.id, landing.base.id, ...parents];
    return (await gatherCommits(toCommitContext(context, true), { include, exclude }, [])).commits;
  });
  const lost = untried.filter((id) => ofChange.includes(id));
  return {
    own: {
      ...own,
      commits,
      problems: [...own.problems, ...(lost.length === 0 ? [] : [toUncomparedVersions(lost)])],
    },
    versions: { ...versions, heads: [...new Set([...versions.heads, ...replaced])] },
    untriedBranches: untried.length - lost.length,
  };
}

async function answer(
  context: GatherContext,
  landing: Landing,
  record: ChangeRecord,
  { own, versions }: Gathered,
): Promise<{ readonly answers: readonly SignOffAnswer[]; readonly uncompared: number }> {
  const { repository, policy, available, isLanding, isTargetNew } = context;
  const headParents = own.commits.find((commit) => commit.id === landing.head.id)?.parents ?? [];
  const change = {
    record,
    head: landing.head.id,
    commits: own.commits,
    computedMerges: own.computedMerges,
    isLanding,
    headParents,
  };
  const base = isTargetNew ? null : landing.base.id;
  const asked = { repository, policy, change, reviews: context.reviews, available, base };
  const answers = await answerStatements(asked);
  const related = new Set([landing.head.id, ...versions.heads, ...own.commits.map((commit) => commit.id)]);
  const concerning = answers.filter(({ cover, predicate: { change: signed, decision, revokes } }) => {
    const isSameContent = signed.headTree === record.headTree || related.has(signed.head);
    const isSameFork = signed.mergeBase === record.mergeBase && signed.target === record.target;
    return cover !== "none" || isSameContent || isSameFork || (decision === "revoke" && revokes.length > 0);
  });
  return { answers: concerning, uncompared: countUncompared(asked) };
}

/**
 * Commits that were signed but are not in the change itself: what a squash or a rebase replaced (T02). Signed by a key that somebody
 * has: else whoever may push evidence could make anybody an author of a stranger's change.
 */
async function gatherOriginals(
  context: GatherContext,
  own: GatheredCommits,
  answers: readonly SignOffAnswer[],
): Promise<PastCommits> {
  const present = new Set(own.commits.map((commit) => commit.id));
  const heads = new Map(
    answers
      .filter(
        ({ cover, predicate, publicKey }) =>
          cover !== "none" &&
          findPrincipalByKey(context.policy, publicKey) !== undefined &&
          !present.has(predicate.change.head) &&
          context.available.has(predicate.change.head),
      )
      .map(({ predicate }) => [predicate.change.head, predicate.change.mergeBase]),
  );
  const found = new Map<ObjectId, CommitFacts>();
  const lost: FactsProblem[] = [];
  for (const [head, mergeBase] of heads) {
    const exclude = context.available.has(mergeBase) ? [mergeBase] : [];
    const range = { include: [head], exclude };
    const { commits, problems } = await gatherCommits(toCommitContext(context, true), range, []);
    for (const commit of commits) if (!present.has(commit.id)) found.set(commit.id, commit);
    lost.push(...problems.filter(isLogged));
  }
  return { commits: [...found.values()], problems: lost };
}

/** What a commit looks like is asked of what lands; what the log lost of who wrote it, of the original too. */
function isLogged({ code }: FactsProblem): boolean {
  return code === LOST_IN_LOG;
}

type PastCommits = Pick<GatheredCommits, "commits" | "problems">;

/**
 * Commits of earlier versions, for the author set only: what was taken out is not part of the change. A version that was
 * pushed and is not here any more had authors whom nobody can name, so nobody can tell who may sign (T11).
 */
async function gatherVersionCommits(
  context: GatherContext,
  landing: Landing,
  { heads }: Versions,
): Promise<PastCommits> {
  const here = await filterCommits(context.repository, heads);
  const include = heads.filter((id) => here.has(id));
  const pushed = new Set(context.pushes.records.map((record) => record.new));
  const problems = heads.filter((id) => pushed.has(id) && !here.has(id)).map(toLostVersion);
  if (include.length === 0) return { commits: [], problems };
  const { commits } = await gatherCommits(
    toCommitContext(context, true),
    { include, exclude: [landing.base.id, landing.head.id] },
    [],
  );
  return { commits, problems };
}
