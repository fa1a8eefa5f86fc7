// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "../../attestation/instant.ts";
import { type ObjectId, parseBase64 } from "../../ids/index.ts";
import { toCommitState } from "../../trailers/index.ts";
import type { ShippedChange } from "../report/shipped-change.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import { type BundleFault, toFault } from "./bundle-fault.ts";
import { type ProvedCommit, readCommitObject } from "./read-commit-object.ts";

/** Commits whose names follow from their bytes, by the change that brought them. */
export interface CheckedHistory {
  /** Head first; undefined where the change is not proved to be what landed. */
  readonly commitsOf: (change: ShippedChange) => readonly ProvedCommit[] | undefined;
  /** Of a commit that a row brought or begins at. */
  readonly treeOf: (commit: ObjectId) => ObjectId | undefined;
}

/** What a bundle leaves open, said so that nobody takes silence for proof. */
export interface Unproved {
  readonly part: string;
  readonly message: string;
}

const NOTHING: CheckedHistory = { commitsOf: () => undefined, treeOf: () => undefined };

/**
 * Are the rows what lies between the report's base and head? A commit names its parents, so that whoever knows the head can be shown no other
 * history: no row can be left out, put in, or say less of AI than its messages do.
 */
export function checkHistory(
  { history, report }: AuditBundle,
  faults: BundleFault[],
  unproved: Unproved[],
): CheckedHistory {
  if (history === null) {
    if (!report.isPseudonymous)
      faults.push(toLack("history", "the commits that the rows are about are not in this bundle"));
    unproved.push({
      part: "history",
      message: "that the rows are what landed: commits are left out, since they name people",
    });
    return NOTHING;
  }
  const commits = readCommits(history, faults);
  const owned = new Map<ObjectId, readonly ProvedCommit[]>();
  const seen = new Set<ObjectId>();
  let before: ObjectId | null | undefined;
  const rows = [...report.changes].reverse();
  checkStart(report.base, rows[0], { commits, seen }, faults);
  for (const row of rows) {
    const part = `report.changes.${row.head}`;
    if (before !== undefined && row.base !== before)
      faults.push(
        toLack(`${part}.base`, `it begins at ${row.base}, and the change before it ends at ${before}`),
      );
    before = row.head;
    const own = listOwn(row, commits, seen);
    if (typeof own === "string") faults.push(toLack(part, own));
    else {
      owned.set(row.head, own);
      for (const message of findRowFaults(row, own)) faults.push(toLack(part, message));
    }
  }
  checkHead(report, rows.at(-1), commits, faults, unproved);
  const left = commits.size - seen.size;
  if (left > 0) faults.push(toLack("history", `${left} of its commits are in no change of the report`));
  const tied = new Set([...seen, ...rows.map(({ base: begin }) => begin)]);
  return {
    commitsOf: ({ head }) => owned.get(head),
    treeOf: (id) => (tied.has(id) ? commits.get(id)?.tree : undefined),
  };
}

function toLack(part: string, message: string): BundleFault {
  return { part, code: "REPORT_UNFOUNDED", message };
}

function readCommits(
  history: NonNullable<AuditBundle["history"]>,
  faults: BundleFault[],
): ReadonlyMap<ObjectId, ProvedCommit> {
  const commits = new Map<ObjectId, ProvedCommit>();
  for (const { id, bytes } of history) {
    const part = `history.${id}`;
    try {
      const commit = readCommitObject(id, parseBase64(bytes));
      if (commit === undefined)
        faults.push({ part, code: "HISTORY_MALFORMED", message: "its bytes are no commit of this name" });
      else commits.set(id, commit);
    } catch (error) {
      faults.push({ part, ...toFault(error) });
    }
  }
  return commits;
}

/** Commits that the row brought: all behind its head that no row before it brought. Text where its base is not behind its head. */
function listOwn(
  { head, base }: ShippedChange,
  commits: ReadonlyMap<ObjectId, ProvedCommit>,
  seen: Set<ObjectId>,
): readonly ProvedCommit[] | string {
  let at = commits.get(head);
  while (at !== undefined && (at.parents[0] ?? null) !== base) at = commits.get(at.parents[0] ?? "");
  if (at === undefined) return `its commits do not lead from ${head} to ${base ?? "the first commit"}`;
  const own: ProvedCommit[] = [];
  const queue = [head];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const commit = commits.get(id);
    if (commit === undefined || seen.has(id)) continue;
    seen.add(id);
    own.push(commit);
    queue.push(...commit.parents);
  }
  return own;
}

function checkHead(
  { base, head }: AuditBundle["report"],
  newest: ShippedChange | undefined,
  commits: ReadonlyMap<ObjectId, ProvedCommit>,
  faults: BundleFault[],
  unproved: Unproved[],
): void {
  if (newest !== undefined && newest.head !== head)
    faults.push(toLack("report.head", `the newest change ends at ${newest.head}, the report at ${head}`));
  if (newest === undefined && head !== base && commits.size === 0)
    unproved.push({
      part: "history",
      message: `that nothing lies between ${base} and ${head}: this needs the repository`,
    });
}

/** What the report's base had already is of no row; a line that leads to a first commit was cut nowhere. */
function checkStart(
  base: ObjectId | null,
  oldest: ShippedChange | undefined,
  walked: Walked,
  faults: BundleFault[],
): void {
  if (oldest === undefined || oldest.base === null) return;
  if (!isBehind(oldest.base, base, walked)) {
    const message = `the oldest change begins at ${oldest.base}, and nothing shows that ${base ?? "the first commit"} had it already`;
    faults.push(toLack("report.base", message));
  }
  walked.seen.add(oldest.base);
}

interface Walked {
  readonly commits: ReadonlyMap<ObjectId, ProvedCommit>;
  /** Commits that somebody accounted for. */
  readonly seen: Set<ObjectId>;
}

/** Where the base is no link of the line itself, such as a release on a branch, the bundle has the way from it to one. */
function isBehind(ancestor: ObjectId, base: ObjectId | null, { commits, seen }: Walked): boolean {
  const queue = base === null ? [] : [base];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === ancestor) return true;
    const commit = commits.get(id);
    if (commit === undefined || seen.has(id)) continue;
    seen.add(id);
    queue.push(...commit.parents);
  }
  return false;
}

/** What the commits themselves say of the row. What records and older versions add can only make more of it AI's. */
function findRowFaults(row: ShippedChange, own: readonly ProvedCommit[]): readonly string[] {
  const faults: string[] = [];
  if (row.commits !== own.length) faults.push(`it counts ${row.commits} commits and brought ${own.length}`);
  const states = new Set(own.map(({ said }) => toCommitState(said)));
  if (states.has("declared") && row.state !== "declared" && row.state !== "recorded")
    faults.push(`its messages name an AI, the report says ${row.state}`);
  if (states.has("signalled") && (row.state === "unknown" || row.state === "cleared"))
    faults.push(`its messages show signs of an AI, the report says ${row.state}`);
  const isSilent = own.some(({ said, parents }) => parents.length < 2 && toCommitState(said) === "unknown");
  if (row.state === "cleared" && isSilent && row.records.length === 0)
    faults.push("it is called cleared, and neither its messages nor a record clear it");
  if (own.every(({ isPlain }) => isPlain)) faults.push(...findNameFaults(row, own));
  return faults;
}

function findNameFaults(
  { title, author, committedAt }: ShippedChange,
  own: readonly ProvedCommit[],
): readonly string[] {
  const faults: string[] = [];
  if (!own.some(({ said }) => said.title.toWellFormed() === title.toWellFormed()))
    faults.push("its title is that of none of its commits");
  if (!own.some((commit) => commit.author.email.toWellFormed() === author.email.trim().toWellFormed()))
    faults.push(`none of its commits is by ${JSON.stringify(author.email)}`);
  const landedAt = own[0]?.committedAt ?? null;
  if (landedAt !== null && committedAt !== null && formatInstant(landedAt) !== committedAt)
    faults.push(`it is dated ${committedAt}, its head ${formatInstant(landedAt)}`);
  return faults;
}
