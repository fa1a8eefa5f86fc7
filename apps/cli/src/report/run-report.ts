// SPDX-License-Identifier: Apache-2.0
import { gatherReport } from "@countersign/audit";
import { DECIDING_REFS } from "@countersign/gate";
import { fetchedEvidence, snapshotRefs } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { createReportProgress } from "./report-progress.ts";
import { readReportRange } from "./report-range.ts";
import { type ReportFormat, readReportTargets, writeReport } from "./write-report.ts";

export type ReportFlags = CommonFlags & {
  readonly base?: string;
  readonly head?: string;
  readonly target?: string;
  readonly format?: ReportFormat;
  readonly write?: readonly string[];
  readonly depth?: number;
  readonly blameSeconds?: number;
};

const DEFAULT_BLAME_SECONDS = 20;

/** `countersign report`: gathers one value and renders it for every medium that was asked for. */
export async function runReport(context: CliContext, flags: ReportFlags, range?: string): Promise<ExitCode> {
  const targets = readReportTargets(context, flags);
  const depth = readNumber("--depth", flags.depth ?? 1, 1);
  const seconds = readNumber("--blame-seconds", flags.blameSeconds ?? DEFAULT_BLAME_SECONDS, 0);
  const repository = await snapshotRefs(
    await openRecorded(context, repoDirectory(context, flags)),
    DECIDING_REFS,
  );
  const asked = await readReportRange(repository, flags, range);
  const progress = createReportProgress(context);
  try {
    const report = await gatherReport({
      repository,
      ...asked,
      now: Math.floor(Date.now() / 1000),
      evidence: await fetchedEvidence(repository),
      depth,
      ledger: null,
      deployments: [],
      notes: [],
      surviving: seconds === 0 ? null : { elapsed: () => performance.now(), budget: seconds * 1000 },
      progress,
    });
    progress.clear();
    await writeReport(context, report, { proofs: null, color: flags.color }, targets);
  } finally {
    progress.clear();
  }
  return 0;
}

function readNumber(flag: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new UsageError(`${flag} is ${value}; expected a number of at least ${least}`);
}
