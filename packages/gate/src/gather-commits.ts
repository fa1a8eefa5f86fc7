// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { ChangedFile, CommitFacts, FactsProblem, Policy } from "@countersign/core/policy";
import {
  type Assistance,
  type ParsedMessage,
  parseCommitMessage,
  type Warning,
  withRecords,
} from "@countersign/core/trailers";
import {
  type CommitAnomaly,
  type CommitRecord,
  type RawChange,
  type Repository,
  readRemergedCommits,
} from "@countersign/git";
import type { RecordSources } from "@countersign/recorder";
import { classifyChanges } from "./classify-changes.ts";
import { type GatheredRecords, gatherRecords, withLines } from "./gather-records.ts";
import { inheritAssistance } from "./inherit-assistance.ts";
import {
  type AskLoggedStated,
  type LoggedStated,
  mergeStated,
  tryLoggedStated,
} from "./read-logged-stated.ts";
import { NOTHING_STATED, type StatedRecords } from "./read-stated.ts";
import type { Surroundings } from "./read-surroundings.ts";

export interface CommitRange {
  readonly include: readonly ObjectId[];
  readonly exclude: readonly ObjectId[];
}

export interface GatheredCommits {
  /** Oldest first. */
  readonly commits: readonly CommitFacts[];
  /** Merges of two parents whose tree is exactly what Git computes. */
  readonly computedMerges: ReadonlySet<ObjectId>;
  readonly files: readonly ChangedFile[];
  /** Commits that a reviewer's tools and this gate may read differently. */
  readonly problems: readonly FactsProblem[];
  /** What recorders know of each commit. */
  readonly recorded: GatheredRecords["known"];
}

export interface CommitContext {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly branchNames: readonly string[];
  /** Signed claims of AI help made after the fact, by `<commit>:<tree>`. */
  readonly amendments: ReadonlyMap<string, readonly Assistance[]>;
  readonly viaSignOff: boolean;
  /** Where records stand, as they were at one moment. */
  readonly recordSources: RecordSources;
  readonly surroundings?: Surroundings;
  /** Lines are counted whether the policy asks or not. */
  readonly areLinesCounted?: boolean;
  /** What machines state of who wrote what. */
  readonly stated?: StatedRecords;
  /** The same of what only the log still has. */
  readonly askLogged?: AskLoggedStated;
}

/** Facts of every commit in a range with the net changes classified alongside, in one pass over the history. */
export async function gatherCommits(
  context: CommitContext,
  range: CommitRange,
  netChanges: readonly RawChange[],
): Promise<GatheredCommits> {
  const records = await readRemergedCommits(context.repository, range);
  const changes = [...netChanges, ...records.flatMap((record) => record.changes)];
  const written = records.map((record) => record.commit);
  const logged = await readLogged(context, written);
  const [classified, inherited, recorded] = await Promise.all([
    classifyChanges(context.repository, context.policy, changes, context.surroundings),
    inheritAssistance(context.repository, written),
    gatherRecords({ ...context, stated: logged.stated }, written),
  ]);
  const commits = records.map(({ commit, changes: own }) =>
    toCommitFacts(context, commit, {
      files: own.flatMap((change) => classified.get(change) ?? []),
      inherited: inherited.get(commit.id) ?? [],
      recorded,
    }),
  );
  const computedMerges = records.filter(
    ({ commit, changes: own }) => commit.parents.length === 2 && own.length === 0,
  );
  return {
    commits,
    computedMerges: new Set(computedMerges.map(({ commit }) => commit.id)),
    files: toFileUnion(changes.flatMap((change) => classified.get(change) ?? [])),
    problems: [...records.flatMap(({ commit }) => findOddity(commit)), ...logged.problems],
    recorded: recorded.known,
  };
}

async function readLogged(
  { stated = NOTHING_STATED, askLogged }: CommitContext,
  commits: readonly CommitRecord[],
): Promise<LoggedStated> {
  if (askLogged === undefined) return { stated, problems: [] };
  const logged = await tryLoggedStated(
    askLogged,
    commits.map(({ id }) => id),
  );
  return { stated: mergeStated(stated, logged.stated), problems: logged.problems };
}

/** What no Git writes and `git fsck` refuses: two author lines, a NUL. Odd dates and encodings are only old. */
const DISGUISES: readonly CommitAnomaly[] = ["duplicate-header", "malformed-header", "nul-in-commit"];

function findOddity(commit: CommitRecord): readonly FactsProblem[] {
  const found = commit.anomalies.filter((anomaly) => DISGUISES.includes(anomaly));
  if (found.length === 0) return [];
  const message = `commit ${commit.id.slice(0, 12)} is not one that Git writes (${found.join(", ")}) and may show a reviewer something else; make it again: git commit --amend --no-edit`;
  return [{ code: "odd-commit", message, objects: [commit.id] }];
}

interface Gathered {
  readonly files: readonly ChangedFile[];
  readonly inherited: readonly Assistance[];
  readonly recorded: GatheredRecords;
}

function toCommitFacts(
  context: CommitContext,
  commit: CommitRecord,
  { files, inherited, recorded }: Gathered,
): CommitFacts {
  const { author, committer, message } = commit;
  const parsed = parseCommitMessage({ message, author, committer, branchNames: context.branchNames });
  const known = withRecords(parsed, recorded.known.get(commit.id));
  const added = [...inherited, ...(context.amendments.get(`${commit.id}:${commit.tree}`) ?? [])];
  return {
    id: commit.id,
    tree: commit.tree,
    parents: commit.parents,
    title: parsed.title,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
    coAuthors: parsed.coAuthors.map(({ name, email }) => ({ name, email })),
    signedOffBy: parsed.signedOffBy.map(({ name, email }) => ({ name, email })),
    authoredAt: author.at,
    committedAt: committer.at,
    state: added.length > 0 && known.state !== "recorded" ? "declared" : known.state,
    assistance: [...known.assistance, ...added],
    warnings: toWarnings(parsed, known.warnings, added),
    viaSignOff: context.viaSignOff,
    files,
    ...withLines(recorded.lines.get(commit.id)),
  };
}

/** A claim of no AI under a signed amendment or a reverted revert that says otherwise contradicts it (T09). */
function toWarnings(
  parsed: ParsedMessage,
  warnings: readonly Warning[],
  added: readonly Assistance[],
): readonly Warning[] {
  if (parsed.claimsNone === null || added.length === 0) return warnings;
  const message = "the message says AI-Assisted: none, but other evidence names AI";
  return [...warnings, { code: "contradictory-claim", message }];
}

/** Every path once; where several commits touch it, classes add up and the first entry's modes and ids stand. */
export function toFileUnion(files: readonly ChangedFile[]): readonly ChangedFile[] {
  const byPath = new Map<string, ChangedFile>();
  for (const file of files) {
    const known = byPath.get(file.path);
    const classes =
      known === undefined ? file.classes : [...new Set([...known.classes, ...file.classes])].sort();
    byPath.set(file.path, { ...(known ?? file), classes });
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
