// SPDX-License-Identifier: Apache-2.0
import type { CommitState } from "../trailers/assistance.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { compareText } from "./report-words.ts";
import { formatColumns } from "./text-layout.ts";

/** What a scan counted; a commit that names two tools counts once for each. */
export interface ScanSummary {
  readonly commits: number;
  readonly byState: Readonly<Record<CommitState, number>>;
  readonly byTool: ReadonlyMap<string, number>;
  /** Key `unnamed` where a claim names no model. */
  readonly byModel: ReadonlyMap<string, number>;
  /** By month of the claimed commit date, `2026-03`; commits without a usable date are in none. */
  readonly byMonth: ReadonlyMap<string, { readonly commits: number; readonly assisted: number }>;
  /** How far our recorder saw the change; `none` where it was not there. */
  readonly byCoverage: Readonly<Record<RecorderCoverage, number>>;
  readonly byWarning: ReadonlyMap<string, number>;
}

export const RECORDER_COVERAGES = ["whole", "partial", "none"] as const;

type RecorderCoverage = (typeof RECORDER_COVERAGES)[number];

export const COMMIT_STATES: readonly CommitState[] = [
  "recorded",
  "declared",
  "signalled",
  "cleared",
  "unknown",
];

const EXPLAINED: Readonly<Record<CommitState, string>> = {
  recorded: "a recorder saw AI write",
  declared: "the commit names an AI",
  signalled: "signs of AI, nothing declared",
  cleared: "declared or seen to be without AI",
  unknown: "no evidence either way; not counted as human",
};

const COVERED: Readonly<Record<RecorderCoverage, string>> = {
  whole: "the recorder saw the whole change",
  partial: "it saw a part; its gaps are among the warnings",
  none: "it was not there",
};

const MAX_ROWS = 12;
const MAX_MONTHS = 24;
const BAR_WIDTH = 24;

/** Shares by state, tool, model and month as small bar charts; ends with a newline. */
export function formatScanSummary(
  summary: ScanSummary,
  options: { readonly palette: Palette; readonly width: number },
): string {
  const { palette, width } = options;
  const { commits, byState } = summary;
  if (commits === 0) return "no commits in this range\n";
  const states = COMMIT_STATES.filter((state) => byState[state] > 0).map((state) =>
    countRow(state, byState[state], commits, EXPLAINED[state]),
  );
  const blocks = [
    [palette.strong(`${commits} ${commits === 1 ? "commit" : "commits"}`)],
    chart("by state", states, options),
    chart("by tool", topRows(summary.byTool, commits), options),
    chart("by model", topRows(summary.byModel, commits), options),
    chart("AI-assisted share by month (claimed dates)", monthRows(summary), options),
    chart("by coverage of the recorder", coverageRows(summary), options),
    chart("warnings", topRows(summary.byWarning, commits), { palette, width }),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function chart(
  title: string,
  rows: readonly (readonly string[])[],
  options: { readonly palette: Palette; readonly width: number },
): string[] {
  if (rows.length === 0) return [];
  const lines = formatColumns(rows, Math.max(40, options.width - 2));
  return [options.palette.strong(title), ...lines.map((line) => `  ${line}`)];
}

function countRow(label: string, count: number, total: number, explained = ""): string[] {
  return [
    displayText(label, 40),
    bar(count / total),
    `${count}`.padStart(7),
    percent(count, total),
    explained,
  ];
}

function topRows(counts: ReadonlyMap<string, number>, total: number): string[][] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  const rows = sorted.slice(0, MAX_ROWS).map(([label, count]) => countRow(label, count, total));
  const rest = sorted.length - rows.length;
  return rest > 0 ? [...rows, [`and ${rest} more`, "", "", "", ""]] : rows;
}

function monthRows(summary: ScanSummary): string[][] {
  const months = [...summary.byMonth].sort((a, b) => compareText(a[0], b[0]));
  return months
    .slice(-MAX_MONTHS)
    .map(([month, { commits, assisted }]) => [
      month,
      bar(assisted / commits),
      `${assisted}`.padStart(7),
      percent(assisted, commits),
      `of ${commits}`,
    ]);
}

/** None where nothing was ever recorded: a history of people who never installed it is not full of gaps. */
function coverageRows({ byCoverage, commits }: ScanSummary): string[][] {
  if (byCoverage.whole + byCoverage.partial === 0) return [];
  return RECORDER_COVERAGES.filter((coverage) => byCoverage[coverage] > 0).map((coverage) =>
    countRow(coverage, byCoverage[coverage], commits, COVERED[coverage]),
  );
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of eighths of a column; anything above nothing shows. */
function bar(share: number): string {
  const eighths = Math.min(BAR_WIDTH * 8, Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_WIDTH * 8)));
  return `${"█".repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ""}`.padEnd(BAR_WIDTH);
}

function percent(count: number, total: number): string {
  return `${((100 * count) / total).toFixed(1)} %`.padStart(7);
}
