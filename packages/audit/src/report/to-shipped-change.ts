// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import {
  type AttestedVerdict,
  type LineShare,
  type LoggedProof,
  type ShippedChange,
  type ShippedSession,
  type ShippedSignOff,
  toShippedInfrastructure,
} from "@countersign/core/audit";
import type { ObjectId, RepoPath, Sha256 } from "@countersign/core/ids";
import type { CommitFacts } from "@countersign/core/policy";
import type { CommitState } from "@countersign/core/trailers";
import type { LandedChange } from "@countersign/gate";
import { toShippedTools } from "./to-shipped-tools.ts";

/** What is known beside a change itself. */
export interface ShippedSurroundings {
  readonly proofOf: (object: Sha256) => LoggedProof | null;
  readonly seenAt: (head: ObjectId) => ShippedChange["seen"];
  readonly verdictsOf: (change: LandedChange) => readonly AttestedVerdict[];
  readonly recordsOf: (commits: readonly ObjectId[]) => readonly Sha256[];
  /** Teams that own paths; null where nothing says who owns what. */
  readonly teamsOf: ((paths: readonly RepoPath[]) => readonly string[]) | null;
  /** Folders of a path that count as one part of the project. */
  readonly depth: number;
}

/** A row of the report. What a squash replaced tells who took part, but its lines are those of the squash. */
export function toShippedChange(change: LandedChange, around: ShippedSurroundings): ShippedChange {
  const own = change.commits.filter((commit) => !commit.viaSignOff);
  const landing = own.find((commit) => commit.id === change.head) ?? own.at(-1) ?? change.commits.at(-1);
  const state = toState(change.commits);
  const isAssisted = state === "recorded" || state === "declared";
  const written = own.filter((commit) => commit.parents.length < 2).at(-1) ?? landing;
  return {
    head: change.head,
    base: change.base,
    title: toTitle(landing, written),
    author: written === undefined ? { name: "", email: "" } : { ...written.author },
    committedAt: toClaimed(landing?.committedAt),
    seen: around.seenAt(change.head) ?? toPushed(change.pushedAt),
    commits: own.length,
    files: change.files.length,
    state,
    isAssisted,
    tools: toShippedTools(change),
    lines: toLines(own),
    classes: [...new Set(change.files.flatMap((file) => file.classes))].sort(),
    paths: toPaths(
      change.files.map((file) => file.path),
      around.depth,
    ),
    teams: around.teamsOf?.(change.files.map((file) => file.path)) ?? [],
    // Only of changes with AI, also where the policy asked about others.
    infrastructure: isAssisted && change.impact !== null ? toShippedInfrastructure(change.impact) : [],
    verdict: change.evaluation?.verdict ?? null,
    unjudged: change.unjudged,
    policyDigest: change.policy?.digest ?? null,
    judgedAt: formatInstant(change.evaluatedAt),
    conditions: toConditions(change, state),
    signOffs: toSignOffs(change, around),
    verdicts: around.verdictsOf(change),
    records: around
      .recordsOf(change.commits.map((commit) => commit.id))
      .map((object) => ({ object, proof: around.proofOf(object) })),
    sessions: listSessions(change),
    afterwards: { revertedBy: [], editedLines: countEdited(change) },
    recorderGaps: [...change.recorded.values()].flatMap((known) => known.warnings).slice(0, MOST_GAPS),
    gaps: [],
  };
}

function toPushed(at: number | null): ShippedChange["seen"] {
  return at === null ? null : { at: formatInstant(at), by: "push" };
}

const MOST_GAPS = 16;

/** `Merge branch 'x'` says nothing; what it brought in does. */
function toTitle(landing: CommitFacts | undefined, written: CommitFacts | undefined): string {
  const isMerge = (landing?.parents.length ?? 0) > 1;
  return (isMerge && /^Merge\b/.test(landing?.title ?? "") ? written?.title : landing?.title) ?? "";
}

function toClaimed(at: number | undefined): string | null {
  return at === undefined || !(at >= 0 && at < 253_402_300_800) ? null : formatInstant(at);
}

const ORDER: readonly CommitState[] = ["recorded", "declared", "signalled", "unknown", "cleared"];

/** The weightiest state that any commit has: a change is cleared only if all of it is. Merges that add nothing say nothing. */
function toState(commits: readonly CommitFacts[]): CommitState {
  const speaking = commits.filter(
    ({ state, parents, files }) => state !== "unknown" || parents.length < 2 || files.length > 0,
  );
  const states = new Set((speaking.length === 0 ? commits : speaking).map(({ state }) => state));
  return ORDER.find((state) => states.has(state)) ?? "unknown";
}

/** Every added line once: by its record; else by whether its commit names an AI; else by whether a recorder saw it whole. */
function toLines(commits: readonly CommitFacts[]): LineShare {
  const sum = { added: 0, ai: 0, claimed: 0, human: 0, unknown: 0 };
  for (const { lines, state } of commits) {
    const isNamed = state === "recorded" || state === "declared";
    for (const { added, ai, human } of lines?.files ?? []) {
      const rest = Math.max(0, added - ai - human);
      sum.added += added;
      sum.ai += ai;
      sum.human += human;
      if (lines?.isSeenWhole === true) sum.human += rest;
      else if (isNamed && lines?.tools.length === 0) sum.claimed += rest;
      else sum.unknown += rest;
    }
  }
  return sum;
}

/** The first folders of each path; a file at the top is its own part. */
function toPaths(paths: readonly RepoPath[], depth: number): readonly string[] {
  const parts = paths.map((path) => {
    const folders = path.split("/").slice(0, -1);
    return folders.length === 0 ? TOP : `${folders.slice(0, depth).join("/")}/`;
  });
  return [...new Set(parts)].sort();
}

const TOP = "(top)";

/** Of a change without AI only what went wrong; of one with AI all that was asked. */
function toConditions({ evaluation }: LandedChange, state: CommitState): ShippedChange["conditions"] {
  const isShown = state === "recorded" || state === "declared" || state === "signalled";
  return (evaluation?.findings ?? [])
    .filter(({ status }) => status !== "skipped" && (isShown || status !== "pass"))
    .map(({ rule, status, reason }) => ({ rule, status, reason }));
}

function toSignOffs(
  { evaluation, statements }: LandedChange,
  { proofOf }: ShippedSurroundings,
): readonly ShippedSignOff[] {
  const signed = new Map(statements.map((statement) => [statement.envelope, statement.predicate]));
  return (evaluation?.signOffs ?? []).map(({ principal, envelope, ...outcome }) => {
    const proof = proofOf(envelope);
    return {
      person: principal,
      role: signed.get(envelope)?.role ?? null,
      decision: outcome.decision,
      counted: outcome.counted,
      reason: outcome.reason,
      // Words that somebody had removed from the log may still lie in a clone's evidence: no report repeats them.
      comment: proof?.isRedacted === true ? null : (signed.get(envelope)?.reason ?? null),
      cover: outcome.cover,
      issuedAt: outcome.issuedAt,
      envelope,
      proof,
    };
  });
}

const MOST_SESSIONS = 32;

function listSessions({ recorded }: LandedChange): readonly ShippedSession[] {
  const agents = [...recorded.values()].flatMap(({ record }) => record?.agents ?? []);
  const named = agents.filter(({ session }) => session !== "");
  const unique = new Map(named.map(({ tool, session }) => [`${tool}\0${session}`, { tool, session }]));
  return [...unique.values()].slice(0, MOST_SESSIONS);
}

function countEdited({ recorded }: LandedChange): number {
  let lines = 0;
  for (const { record } of recorded.values())
    for (const { ranges } of record?.files ?? [])
      for (const { extent, first, last } of ranges) if (extent === "edited") lines += last - first + 1;
  return lines;
}
