// SPDX-License-Identifier: Apache-2.0
import {
  countRecorded,
  formatReconcileRecord,
  formatReconcileRow,
  type ReconcileRecord,
} from "@countersign/core/render";
import { type CommitRecord, countCommits, readCommits } from "@countersign/git";
import { RECONCILE_BATCH, type Reconciled, reconcileCommits, writeReconciled } from "@countersign/recorder";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { readScanRange } from "../scan/scan-range.ts";
import { createProgress } from "../terminal/progress.ts";
import { attestRecords, readAttestKey } from "./attest-records.ts";

export type ReconcileFlags = CommonFlags & {
  readonly write: boolean;
  readonly attest: boolean;
  readonly machineKey?: string;
};

/** Without a range: what a squash or a missed hook of the last days touched, not the project's whole past. */
const DEFAULT_COMMITS = 500;

/** Finds lines of unrecorded commits again in the records of others, and stores what it found. */
export async function runReconcile(
  context: CliContext,
  flags: ReconcileFlags,
  text?: string,
): Promise<ExitCode> {
  const key = await readAttestKey(context, flags);
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const whole = await readScanRange(repository, text, false);
  const range = { include: [], ...whole, ...(text === undefined ? { maxCount: DEFAULT_COMMITS } : {}) };
  const isShown = context.host.stderr.isTTY === true;
  const progress = createProgress(context.host.stderr, isShown, "reconciling");
  if (isShown) countCommits(repository, range).then(progress.setTotal, () => undefined);
  const total = { derived: 0, records: 0, notes: 0, incomplete: 0, attested: 0 };
  try {
    for await (const commits of batches(readCommits(repository, range))) {
      const reconciled = await reconcileCommits(repository, commits);
      const written = flags.write ? await writeReconciled(repository, reconciled) : { records: 0, notes: 0 };
      if (key !== undefined) {
        const { attested, tooLarge } = await attestRecords(repository, key, commits);
        total.attested += attested;
        total.incomplete += tooLarge.length;
        for (const commit of tooLarge)
          context.warn(`a record of ${commit.slice(0, 12)} is larger than a statement may be: not attested`);
      }
      total.records += written.records;
      total.notes += written.notes;
      total.derived += reconciled.filter(({ outcome }) => outcome === "derived").length;
      total.incomplete += reconciled.filter(({ gaps }) => gaps.length > 0).length;
      for (const _ of commits) progress.advance();
      await context.output.write(format(context, flags, commits, reconciled));
    }
  } finally {
    progress.clear();
  }
  if (!flags.json) await context.output.write(describe(flags, total));
  return total.incomplete > 0 ? 3 : 0;
}

async function* batches(commits: AsyncIterable<CommitRecord>): AsyncGenerator<readonly CommitRecord[]> {
  let batch: CommitRecord[] = [];
  for await (const commit of commits) {
    batch.push(commit);
    if (batch.length < RECONCILE_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function format(
  context: CliContext,
  flags: ReconcileFlags,
  commits: readonly CommitRecord[],
  reconciled: readonly Reconciled[],
): string {
  const titles = new Map(commits.map(({ id, message }) => [id, message.trimStart().split("\n", 1)[0] ?? ""]));
  const records = reconciled.map((each) => toRecord(each, titles.get(each.commit) ?? "", flags.write));
  if (flags.json) return records.map(formatReconcileRecord).join("");
  const palette = paletteOf(context, flags.color);
  return records
    .filter(({ outcome, gaps }) => outcome === "derived" || gaps.length > 0)
    .map((record) => formatReconcileRow(record, widthOf(context), palette))
    .join("");
}

function toRecord(
  { commit, outcome, record, gaps }: Reconciled,
  title: string,
  isWriting: boolean,
): ReconcileRecord {
  return {
    commit,
    title,
    outcome,
    grade: record?.grade ?? null,
    ai: countRecorded(record, "ai"),
    human: countRecorded(record, "human"),
    agents: record?.agents ?? [],
    derivedFrom: record?.derivedFrom ?? [],
    gaps,
    isWritten: isWriting && outcome === "derived",
  };
}

function describe(
  { write, attest }: ReconcileFlags,
  {
    derived,
    records,
    notes,
    incomplete,
    attested,
  }: Readonly<Record<"derived" | "records" | "notes" | "incomplete" | "attested", number>>,
): string {
  const found = `${derived} commit(s) found again in records of others`;
  const stored = write
    ? `; ${records} record(s) and ${notes} note(s) written`
    : derived > 0
      ? "; countersign reconcile --write stores them"
      : "";
  const missing = incomplete > 0 ? `; ${incomplete} could not be looked into` : "";
  const signed = attest ? `; ${attested} record(s) attested` : "";
  return `${found}${stored}${signed}${missing}\n`;
}
