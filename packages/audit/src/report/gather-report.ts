// SPDX-License-Identifier: Apache-2.0
import { formatInstant, parseInstant } from "@countersign/core/attestation";
import {
  type AttestedVerdict,
  type AuditReport,
  createGapCollector,
  createShippedTally,
  type GapItem,
  type ReportedDeployment,
  type ReportLedger,
  type ReportScope,
  type ShippedChange,
} from "@countersign/core/audit";
import type { ObjectId, RefName, RepoPath, Sha256 } from "@countersign/core/ids";
import type { EvidenceProblem, OpenOverride } from "@countersign/core/policy";
import {
  type LandedChange,
  type LandedHistory,
  type LandedMoment,
  readLanded,
  readPolicyAt,
} from "@countersign/gate";
import { GitError, listRecords, RECORDS_REF, type Repository, readRef } from "@countersign/git";
import { countSurviving } from "./count-surviving.ts";
import { createRowPacker } from "./pack-rows.ts";
import { type LoggedEvidence, NOTHING_LOGGED } from "./read-logged.ts";
import { type Owners, readOwners } from "./read-owners.ts";
import { readReverts } from "./read-reverts.ts";
import { type ShippedSurroundings, toShippedChange } from "./to-shipped-change.ts";

/** What to report about; the repository with a snapshot of its refs. */
export interface ReportRequest {
  readonly repository: Repository;
  readonly scope: ReportScope;
  /** Null for everything since the first commit. */
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly target: RefName;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly evidence: readonly ObjectId[];
  /** Folders of a path that count as one part of the project. */
  readonly depth: number;
  readonly ledger: ReportLedger | null;
  /** Folder of the log, for policies that name one; default the one inside the Git directory. */
  readonly ledgerDir?: string | undefined;
  readonly logged?: LoggedEvidence;
  readonly deployments: readonly ReportedDeployment[];
  /** When deliveries that the scope is about brought a commit, where that is known. */
  readonly deployedAt?: (head: ObjectId) => string | null;
  /** Verdicts that gates signed, by head commit; undefined where no gate here signs any. */
  readonly verdicts?: ReadonlyMap<ObjectId, readonly AttestedVerdict[]>;
  /** Names of signed assistance records, by the commit that they are about. */
  readonly stated?: ReadonlyMap<ObjectId, readonly Sha256[]>;
  /** Statements of machines that could not be used. */
  readonly problems?: readonly EvidenceProblem[];
  readonly notes: AuditReport["notes"];
  readonly surviving: Pick<Parameters<typeof countSurviving>[0], "elapsed" | "budget"> | null;
  readonly progress?: ReportProgress;
}

export interface ReportProgress {
  /** Changes to go through, as soon as it is known. */
  readonly onTotal: (total: number) => void;
  readonly onChange: () => void;
  readonly onFiles: (total: number) => void;
  readonly onFile: () => void;
}

const NO_PROGRESS: ReportProgress = { onTotal() {}, onChange() {}, onFiles() {}, onFile() {} };

/** Everything that shipped, judged by the gate's own evaluation, counted, with every gap. Changes nothing. */
export async function gatherReport(request: ReportRequest): Promise<AuditReport> {
  const { repository, base, head, now, progress = NO_PROGRESS, logged = NOTHING_LOGGED } = request;
  refuseShallow(repository);
  const exclude = base === null ? [] : [base];
  const [history, reverts, records, owners] = await Promise.all([
    readLanded({
      repository,
      base,
      head,
      target: request.target,
      now,
      evidence: request.evidence,
      ledgerDir: request.ledgerDir,
      isImpactRead: true,
      judgedAt: (moment) => toJudgedAt(request, logged, moment),
    }),
    readReverts(repository, { include: [head], exclude }),
    listAllRecords(repository),
    readOwners(repository, head),
  ]);
  progress.onTotal(history.count);
  const around = toSurroundings(request, { logged, records, owners });
  const tally = createShippedTally();
  const gaps = createGapCollector({
    isLogged: request.ledger !== null,
    isAttested: request.verdicts !== undefined && request.verdicts.size > 0,
  });
  const touched = createTouched(request.surviving !== null);
  const packer = createRowPacker();
  for await (const batch of history.changes) {
    for (const landed of batch) {
      const found = withReverts(toShippedChange(landed, around), landed, reverts);
      const row = { ...found, gaps: gaps.add(found) };
      tally.add(row);
      touched.add(landed, row);
      packer.add(row);
      progress.onChange();
    }
  }
  const surviving = await readSurviving(request, touched, progress);
  return {
    version: 1,
    scope: request.scope,
    generatedAt: formatInstant(now),
    repository: await readName(request),
    target: request.target,
    base,
    head,
    isPseudonymous: false,
    totals: tally.totals(),
    gaps: gaps.groups(toFaults(request, history)),
    changes: packer.rows(),
    deployments: request.deployments,
    surviving,
    ledger: request.ledger,
    notes: [...request.notes, ...owners.notes, ...history.ledgerNotes],
  };
}

/** What was cut off looks like what never was: a report over it would call the first commit that is here the first of all (T39). */
function refuseShallow({ isShallow }: Repository): void {
  if (!isShallow) return;
  const message =
    "this is a shallow clone: what shipped may be cut off, so nobody can tell; fetch the whole history: git fetch --unshallow (GitHub: actions/checkout with fetch-depth: 0; GitLab: GIT_DEPTH: 0)";
  throw new GitError("MISSING_OBJECT", message);
}

/**
 * When keys, roles and ages are judged: when somebody other than the author saw it land, else when the log took in the last that was said of
 * it, else now. Never at a time that a commit or a statement claims.
 */
function toJudgedAt(
  request: ReportRequest,
  logged: LoggedEvidence,
  { head, statements, pushedAt }: LandedMoment,
): number {
  const seen = logged.seenAt(head)?.at ?? request.deployedAt?.(head);
  if (seen != null) return parseInstant(seen);
  if (pushedAt !== null) return pushedAt;
  const times = statements.flatMap((name) => logged.proofOf(name)?.loggedAt ?? []).sort();
  const last = times.at(-1);
  return last === undefined ? request.now : parseInstant(last);
}

interface KnownBeside {
  readonly logged: LoggedEvidence;
  readonly records: ReadonlyMap<ObjectId, readonly { readonly name: Sha256 }[]>;
  readonly owners: Owners;
}

function toSurroundings(
  request: ReportRequest,
  { logged, records, owners }: KnownBeside,
): ShippedSurroundings {
  const deployedAt = (head: ObjectId): ShippedChange["seen"] => {
    const at = request.deployedAt?.(head) ?? null;
    return at === null ? null : { at, by: "deployment" };
  };
  return {
    proofOf: logged.proofOf,
    seenAt: (head) => logged.seenAt(head) ?? deployedAt(head),
    verdictsOf: ({ head, signedHead, commits }) => {
      const heads = new Set([
        head,
        ...(signedHead === null ? [] : [signedHead]),
        ...commits.map(({ id }) => id),
      ]);
      return [...heads].flatMap((id) => request.verdicts?.get(id) ?? []);
    },
    recordsOf: (ids) =>
      ids.flatMap((id) => [
        ...(records.get(id) ?? []).map(({ name }) => name),
        ...(request.stated?.get(id) ?? []),
      ]),
    teamsOf: owners.teamsOf,
    depth: request.depth,
  };
}

async function listAllRecords(repository: Repository) {
  const tip = await readRef(repository, RECORDS_REF);
  return tip === undefined ? new Map() : await listRecords(repository, tip);
}

function withReverts(
  row: ShippedChange,
  { commits, head }: LandedChange,
  reverts: ReadonlyMap<ObjectId, readonly ObjectId[]>,
): ShippedChange {
  const ids = new Set([head, ...commits.map(({ id }) => id)]);
  const revertedBy = [...ids].flatMap((id) => reverts.get(id) ?? []);
  return revertedBy.length === 0
    ? row
    : { ...row, afterwards: { ...row.afterwards, revertedBy: [...new Set(revertedBy)] } };
}

function toFaults(
  { deployments, target, now, problems = [] }: ReportRequest,
  { statements, openOverrides, ledgerProblems }: LandedHistory,
) {
  return {
    overdue: openOverrides.filter(({ dueAt }) => dueAt <= now).map((override) => toOverdue(override, target)),
    deployments: deployments.flatMap(({ problem, head, environment, at }) =>
      problem === null ? [] : [{ change: head, title: `${environment}, ${at}`, reason: problem }],
    ),
    lost: [...ledgerProblems, ...statements.losses].map(({ code, message }) => ({
      change: null,
      title: code,
      reason: message,
    })),
    unusable: [...statements.problems, ...problems].map(({ envelope, code, message }) => ({
      change: null,
      title: `envelope ${envelope.slice(0, 12)}`,
      reason: `${code}: ${message}`,
    })),
  };
}

function toOverdue({ head, principals, issuedAt, dueAt }: OpenOverride, target: RefName): GapItem {
  return {
    change: head,
    title: `break-glass of ${issuedAt} by ${principals.join(" and ")}`,
    reason: `not reviewed; due ${formatInstant(dueAt)}, on ${target}`,
  };
}

/** Files that changes with AI touched, and the commits that name one without saying which lines are its. */
interface Touched {
  readonly add: (landed: LandedChange, row: ShippedChange) => void;
  readonly paths: () => readonly RepoPath[];
  readonly assisted: ReadonlySet<ObjectId>;
}

/** More files than this are never blamed in one report, and memory must not follow a hostile history. */
const MOST_PATHS = 100_000;

function createTouched(isAsked: boolean): Touched {
  const counts = new Map<RepoPath, number>();
  const assisted = new Set<ObjectId>();
  return {
    add: ({ commits }, { isAssisted }) => {
      if (!isAssisted || !isAsked) return;
      for (const { id, state, files, lines } of commits) {
        if (state !== "recorded" && state !== "declared") continue;
        // Of a commit that is recorded line by line the other lines are nobody's that is known.
        if (lines?.tools.length === 0 && !lines.isSeenWhole) assisted.add(id);
        for (const { path } of files)
          if (counts.size < MOST_PATHS || counts.has(path)) counts.set(path, (counts.get(path) ?? 0) + 1);
      }
    },
    paths: () => [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([path]) => path),
    assisted,
  };
}

async function readSurviving(request: ReportRequest, touched: Touched, progress: ReportProgress) {
  if (request.surviving === null) return null;
  const paths = touched.paths();
  progress.onFiles(paths.length);
  const { repository, head, surviving } = request;
  return await countSurviving({
    repository,
    head,
    paths,
    assisted: touched.assisted,
    onFile: progress.onFile,
    ...surviving,
  });
}

async function readName({ repository, head, target }: ReportRequest): Promise<string> {
  const { policy } = await readPolicyAt(
    repository,
    { commit: head, path: ".countersign/policy.yml" },
    target,
  );
  return policy?.repository ?? "";
}
