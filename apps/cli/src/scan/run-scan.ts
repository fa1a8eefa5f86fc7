// SPDX-License-Identifier: Apache-2.0
import {
  COMMIT_STATES,
  formatScanRecord,
  formatScanRow,
  formatScanSummary,
  type Palette,
  type ScanRecord,
} from "@countersign/core/render";
import {
  type CommitRange,
  countCommits,
  listRefs,
  openRepository,
  type Ref,
  type Repository,
  readCommitBatches,
  shallowBoundary,
} from "@countersign/git";
import {
  flushPresence,
  joinRecords,
  RECORDING_REFS,
  type RecordSources,
  toRecordSources,
} from "@countersign/recorder";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { readScanRange } from "./scan-range.ts";
import { createTally } from "./tally.ts";
import { toScanRecord } from "./to-scan-record.ts";

export type ScanFlags = CommonFlags & {
  readonly all: boolean;
  readonly summary: boolean;
  readonly limit?: number;
};

export async function runScan(context: CliContext, flags: ScanFlags, text?: string): Promise<ExitCode> {
  const repo = await openRepository(repoDirectory(context, flags));
  // Before the refs are read: it may write to them.
  await flushPresence(repo).catch((error) => context.warn(unfinishedWarning(error)));
  const [range, refs, boundary] = await Promise.all([
    readScanRange(repo, text, flags.all),
    listRefs(repo, [...BRANCHES, ...RECORDING_REFS]),
    shallowBoundary(repo),
  ]);
  const branches = branchTips(refs);
  if (range === undefined) context.warn("this repository has no commits yet");
  if (boundary.length > 0) context.warn(shallowWarning(boundary.length));
  const limited = withLimit(range ?? { include: [] }, flags.limit);
  const progress = createProgress(context.host.stderr, showsProgress(context, flags), "scanning");
  if (showsProgress(context, flags)) startCounting(repo, limited, progress);
  const palette = paletteOf(context, flags.color);
  const width = widthOf(context);
  const tally = createTally();
  try {
    for await (const records of readRecords(repo, limited, branches, toRecordSources(refs))) {
      const lines: string[] = [];
      for (const record of records) {
        tally.add(record);
        progress.advance();
        if (!flags.summary) lines.push(formatRecord(record, flags, palette, width));
      }
      await context.output.writeAll(lines);
    }
  } finally {
    progress.clear();
  }
  await context.output.write(formatEnd(flags, tally.summary(), palette, width));
  return 0;
}

/** In batches as Git delivers them, since an await for each of 100,000 commits would cost more than its record. */
async function* readRecords(
  repo: Repository,
  range: CommitRange,
  branches: ReadonlyMap<string, readonly string[]>,
  sources: RecordSources,
): AsyncGenerator<readonly ScanRecord[], void, undefined> {
  for await (const commits of joinRecords(repo, readCommitBatches(repo, range), sources))
    yield commits.map(({ commit, recorded }) =>
      toScanRecord(commit, branches.get(commit.id) ?? NO_BRANCHES, recorded),
    );
}

const NO_BRANCHES: readonly string[] = [];
const BRANCHES = ["refs/heads", "refs/remotes"];

/** Branches by the commit at their tip: of any other commit nobody can say where it was made. */
function branchTips(refs: readonly Ref[]): ReadonlyMap<string, readonly string[]> {
  const tips = new Map<string, string[]>();
  for (const { id, name } of refs)
    if (BRANCHES.some((prefix) => name.startsWith(`${prefix}/`)))
      tips.set(id, [...(tips.get(id) ?? []), name]);
  return tips;
}

function withLimit(range: CommitRange, limit: number | undefined): CommitRange {
  if (limit === undefined) return range;
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new UsageError(`--limit is ${limit}; expected a whole number, for example --limit 100`);
  return { ...range, maxCount: limit };
}

function formatRecord(record: ScanRecord, flags: ScanFlags, palette: Palette, width: number): string {
  if (flags.json) return formatScanRecord(record);
  const paint = {
    recorded: palette.strong,
    declared: palette.strong,
    signalled: palette.wait,
    cleared: palette.good,
    unknown: palette.faint,
  };
  return `${formatScanRow(record, width, paint[record.state])}\n`;
}

type Summary = Parameters<typeof formatScanSummary>[0];

function formatEnd(flags: ScanFlags, summary: Summary, palette: Palette, width: number): string {
  if (!flags.json)
    return `${flags.summary || summary.commits === 0 ? "" : "\n"}${formatScanSummary(summary, { palette, width })}`;
  return flags.summary ? `${JSON.stringify(toSummaryJson(summary))}\n` : "";
}

function toSummaryJson(summary: Summary): object {
  const { commits, byState, byTool, byModel, byMonth, byCoverage, byWarning } = summary;
  const states = Object.fromEntries(COMMIT_STATES.map((state) => [state, byState[state]]));
  return {
    commits,
    byState: states,
    byTool: Object.fromEntries(byTool),
    byModel: Object.fromEntries(byModel),
    byMonth: Object.fromEntries(byMonth),
    byCoverage,
    byWarning: Object.fromEntries(byWarning),
  };
}

/** Rows on a terminal are progress enough. */
function showsProgress(context: CliContext, flags: ScanFlags): boolean {
  const { stdout, stderr } = context.host;
  return stderr.isTTY === true && (flags.summary || stdout.isTTY !== true);
}

/** Counts beside the scan; until it is done, or should it fail, the line shows no total. */
function startCounting(repo: Repository, range: CommitRange, progress: Progress): void {
  countCommits(repo, range).then(progress.setTotal, () => {});
}

function shallowWarning(commits: number): string {
  return `this clone is shallow: history ends at ${commits} of its commits; git fetch --unshallow gets the rest`;
}

function unfinishedWarning(error: unknown): string {
  return `what was recorded last is not in this list: ${error instanceof Error ? error.message : String(error)}`;
}
