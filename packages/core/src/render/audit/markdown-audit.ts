// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, GapGroup, ShareRow, ShippedChange } from "../../audit/index.ts";
import { markdownCode, markdownText } from "../markup-text.ts";
import { shortId } from "../report-words.ts";
import {
  describeAnswer,
  describeScope,
  describeUnknown,
  formatAiLines,
  formatCount,
  formatShare,
  formatTime,
  formatTool,
  GAP_TITLES,
  NOT_KEPT,
  plural,
  QUESTIONS,
  STATE_WORDS,
} from "./audit-words.ts";
import { describeReview, HOW_TO_CHECK, REVIEW_MARKS } from "./describe-review.ts";
import {
  categoryTitle,
  countDangers,
  describeDanger,
  formatAiShare,
  INFRASTRUCTURE_TITLE,
} from "./infrastructure-words.ts";
import { type ChangeSums, firstShown, hasAiOrGaps, sumChanges } from "./sum-changes.ts";

const MOST_CHANGES = 200;
const MOST_ITEMS = 20;
const MOST_ROWS = 25;
const MOST_LINES = 12;
const MARKS = { high: "🔴", medium: "🟠", low: "🟡" } as const;

export interface AuditMarkdownOptions {
  /** Every change that is AI-assisted or has gaps, instead of the newest. */
  readonly isWhole?: boolean;
}

/** A report for a ticket or a wiki page, in pieces. Of long lists the first are shown, with how many were left out. */
export function* formatAuditMarkdown(
  report: AuditReport,
  { isWhole = false }: AuditMarkdownOptions = {},
): Generator<string, void, undefined> {
  const sums = sumChanges(report, hasAiOrGaps);
  for (const block of [head, gaps, used, infrastructure, which, reviewed, asked, after]) {
    const lines = block(report, sums);
    if (lines.length > 0) yield `${lines.join("\n")}\n\n`;
  }
  yield* changes(report, sums.wanted, isWhole ? sums.wanted : MOST_CHANGES);
  yield `${provenance(report).join("\n")}\n\n`;
}

function head(report: AuditReport): readonly string[] {
  return [
    "# What shipped, and who reviewed it",
    "",
    `${markdownText(describeScope(report.scope))} · ${markdownCode(report.target)} · ${markdownText(report.repository === "" ? "repository not named" : report.repository)}`,
    "",
    ...describeAnswer(report).map((line) => `**${markdownText(line)}**  `),
  ];
}

function gaps(report: AuditReport): readonly string[] {
  if (report.gaps.length === 0) return ["## Gaps", "", "None found."];
  return ["## Gaps", ...report.gaps.flatMap(gapLines)];
}

function gapLines(group: GapGroup): readonly string[] {
  const rows = group.items
    .slice(0, MOST_ITEMS)
    .map(({ change, title, reason }) => [
      change === null ? "" : markdownCode(shortId(change)),
      markdownText(title, 120),
      markdownText(reason, 500),
    ]);
  return [
    "",
    `### ${MARKS[group.severity]} ${formatCount(group.count)} × ${markdownText(GAP_TITLES[group.code])}`,
    "",
    markdownText(group.meaning),
    ...table(["change", "title", "why"], rows),
    ...more(group.count - rows.length),
  ];
}

function used(report: AuditReport): readonly string[] {
  const { totals } = report;
  const states = (["recorded", "declared", "signalled", "unknown", "cleared"] as const).map((state) => [
    STATE_WORDS[state],
    formatCount(totals.byState[state]),
    formatShare(totals.byState[state], totals.changes),
  ]);
  return [
    `## ${QUESTIONS.used}`,
    ...table(["state", "changes", "share"], states),
    "",
    describeUnknown(totals),
    ...shares("By class", totals.byClass),
    ...shares("By team", totals.byTeam),
    ...shares("By folder", totals.byPath),
    ...shares("By month", totals.byMonth),
  ];
}

function infrastructure({ totals: { byCategory } }: AuditReport, { dangers }: ChangeSums): readonly string[] {
  if (byCategory.length === 0) return [];
  const rows = byCategory.map((row) => [
    categoryTitle(row.category),
    ...[row.changes, row.resources, row.byAi].map(formatCount),
    formatAiShare(row.lines),
    countDangers(row),
  ]);
  const found = byCategory.flatMap(({ category }) =>
    (dangers.get(category) ?? []).map(({ head: id, danger, isUnsigned }) => [
      markdownCode(shortId(id)),
      categoryTitle(category),
      markdownCode(danger.resource, 160),
      `${isUnsigned ? "🔴 not signed off: " : ""}${markdownText(describeDanger(danger), 300)}`,
    ]),
  );
  const count = byCategory.reduce((sum, row) => sum + row.dangers, 0);
  return [
    `### ${INFRASTRUCTURE_TITLE}`,
    ...table(["", "changes", "resources", "with AI lines", "AI lines", "dangers"], rows),
    ...table(["change", "category", "resource", "why somebody should look twice"], found),
    ...more(count - found.length),
  ];
}

function shares(title: string, rows: readonly ShareRow[]): readonly string[] {
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ name, changes: count, assisted, lines }) => [
      markdownText(name, 100),
      formatCount(count),
      formatShare(assisted, count),
      formatCount(lines.added),
      formatAiLines(lines),
    ]);
  if (cells.length === 0) return [];
  return [
    "",
    `### ${title}`,
    ...table(["", "changes", "with AI", "added lines", "by AI"], cells),
    ...more(rows.length - cells.length),
  ];
}

function which({ totals }: AuditReport): readonly string[] {
  const rows = (all: readonly ShareRow[]) =>
    all
      .slice(0, MOST_ROWS)
      .map(({ name, changes: count, lines }) => [
        markdownText(name, 100),
        formatCount(count),
        formatCount(lines.ai),
      ]);
  if (totals.byTool.length === 0) return [`## ${QUESTIONS.which}`, "", "No tool is named."];
  return [
    `## ${QUESTIONS.which}`,
    ...table(["tool", "changes", "recorded lines"], rows(totals.byTool)),
    ...table(["model", "changes", "recorded lines"], rows(totals.byModel)),
  ];
}

function reviewed({ totals }: AuditReport): readonly string[] {
  const rows = totals.reviewers
    .slice(0, MOST_ROWS)
    .map(({ person, approvals, rejections, overrides, busiest }) => [
      markdownText(person, 100),
      ...[approvals, rejections, overrides, busiest].map(formatCount),
    ]);
  return [
    `## ${QUESTIONS.reviewed}`,
    "",
    `${formatCount(totals.signedOff)} of ${formatCount(totals.assisted)} AI-assisted changes have a counted sign-off.`,
    ...table(["person", "approvals", "rejections", "overrides", "most within 5 min"], rows),
  ];
}

function asked(_: AuditReport, { conversations }: ChangeSums): readonly string[] {
  return [`## ${QUESTIONS.asked}`, "", `${plural(conversations, "conversation")} named. ${NOT_KEPT}`];
}

function after(report: AuditReport, sums: ChangeSums): readonly string[] {
  const { surviving } = report;
  return [
    `## ${QUESTIONS.after}`,
    "",
    `- ${plural(sums.editedLines, "AI line")} edited by somebody before landing; they stay AI-originated.`,
    `- ${plural(sums.reverted, "change")} taken back later, ${formatCount(sums.revertedAssisted)} of them AI-assisted.`,
    ...(surviving === null
      ? []
      : [
          `- Of ${plural(surviving.lines, "line")} in ${plural(surviving.files, "file")} that an AI worked on, ${formatShare(surviving.ai, surviving.lines)} are recorded as an AI's today.${surviving.filesLeft === 0 ? "" : ` ${plural(surviving.filesLeft, "file")} not looked into.`}`,
        ]),
  ];
}

function* changes(report: AuditReport, wanted: number, most: number): Generator<string, void, undefined> {
  if (wanted === 0) return;
  yield `## Changes with AI, or with gaps\n`;
  const columns = ["change", "landed", "title", "tools", "AI lines", "review, conditions and proof", "gaps"];
  yield `${["", row(columns), row(columns.map(() => "---"))].join("\n")}\n`;
  for (const change of firstShown(report, hasAiOrGaps, most)) yield `${row(changeCells(change))}\n`;
  yield `${[...more(wanted - most), "", markdownText(HOW_TO_CHECK)].join("\n")}\n\n`;
}

function changeCells(change: ShippedChange): readonly string[] {
  const review = describeReview(change);
  const rest = review.length - MOST_LINES;
  const lines = review
    .slice(0, MOST_LINES)
    .map(({ tone, text }) => `${REVIEW_MARKS[tone]} ${markdownText(text, 600)}`);
  return [
    markdownCode(shortId(change.head)),
    formatTime(change.seen?.at ?? change.committedAt),
    markdownText(change.title, 120),
    change.tools.map((tool) => markdownText(formatTool(tool), 80)).join("<br>"),
    formatAiLines(change.lines),
    [...lines, ...(rest > 0 ? [`… and ${formatCount(rest)} more`] : [])].join("<br>"),
    change.gaps.map((code) => GAP_TITLES[code]).join("<br>"),
  ];
}

function provenance({ generatedAt, ledger, base, head: tip }: AuditReport): readonly string[] {
  const log =
    ledger === null
      ? "no log"
      : `log ${markdownCode(ledger.origin)}, ${formatCount(ledger.treeSize)} entries, root ${markdownCode(ledger.rootHash)}`;
  return [
    `<sub>${base === null ? "since the first commit" : markdownCode(shortId(base))} … ${markdownCode(shortId(tip))}, ${log}, made ${markdownText(generatedAt, 40)}</sub>`,
  ];
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return ["", row(columns), row(columns.map(() => "---")), ...rows.map(row)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function more(count: number): readonly string[] {
  return count > 0
    ? ["", `… and ${formatCount(count)} more; the JSON and CSV reports have all of them.`]
    : [];
}
