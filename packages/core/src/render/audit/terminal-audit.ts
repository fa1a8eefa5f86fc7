// SPDX-License-Identifier: Apache-2.0
import type {
  AuditReport,
  GapGroup,
  ReportedDeployment,
  ShareRow,
  ShippedChange,
} from "../../audit/index.ts";
import { displayText } from "../display-text.ts";
import type { Palette } from "../palette.ts";
import { shortId } from "../report-words.ts";
import { fitText, formatColumns, wrapText } from "../text-layout.ts";
import {
  describeAnswer,
  describeScope,
  describeUnknown,
  formatAiLines,
  formatCount,
  formatDay,
  formatShare,
  formatTime,
  formatTool,
  GAP_TITLES,
  NOT_KEPT,
  plural,
  QUESTIONS,
  STATE_WORDS,
} from "./audit-words.ts";
import { describeReview, HOW_TO_CHECK, REVIEW_MARKS, type ReviewLine } from "./describe-review.ts";
import { type ChangeSums, firstShown, sumChanges } from "./sum-changes.ts";
import { infrastructureLines } from "./terminal-infrastructure.ts";

export interface AuditTerminalOptions {
  readonly palette: Palette;
  readonly width: number;
  /** Every AI-assisted change, instead of the newest. */
  readonly isWhole?: boolean;
}

const MOST_ITEMS = 5;
const MOST_ROWS = 10;
const MOST_CHANGES = 20;
/** Anybody can push statements about a change; what counted comes first. */
const MOST_LINES = 12;
const BAR = 24;

/** The report for a person at a terminal: the answer, the gaps, then question by question. */
export function* formatAuditTerminal(
  report: AuditReport,
  options: AuditTerminalOptions,
): Generator<string, void, undefined> {
  const sums = sumChanges(report, isAssisted);
  const page = { report, sums, ...options };
  for (const block of [head, gaps, deployments, used, infrastructureLines, which, reviewed, asked, after]) {
    const lines = block(page);
    if (lines.length > 0) yield `${lines.join("\n")}\n\n`;
  }
  yield* changes(page);
  yield `${proof(page).join("\n")}\n\n`;
}

interface Page extends AuditTerminalOptions {
  readonly report: AuditReport;
  readonly sums: ChangeSums;
}

function head({ report, palette, width }: Page): readonly string[] {
  const name = report.repository === "" ? "" : `${displayText(report.repository)} · `;
  return [
    palette.strong("What shipped, and who reviewed it"),
    palette.faint(`${name}${displayText(report.target)} · ${displayText(describeScope(report.scope))}`),
    "",
    ...describeAnswer(report).flatMap((line) => wrapText(line, width)),
  ];
}

function gaps({ report, palette, width }: Page): readonly string[] {
  if (report.gaps.length === 0) return [palette.good("No gaps found.")];
  return [palette.strong("Gaps"), ...report.gaps.flatMap((group) => gapLines(group, palette, width))];
}

function gapLines(group: GapGroup, palette: Palette, width: number): readonly string[] {
  const paint = { high: palette.bad, medium: palette.wait, low: palette.note }[group.severity];
  const items = group.items.slice(0, MOST_ITEMS).map(({ change, title, reason }) => {
    const id = change === null ? " ".repeat(12) : shortId(change);
    return fitText(`    ${id}  ${displayText(title, 60)}: ${displayText(reason, 400)}`, width).trimEnd();
  });
  const rest = group.count - items.length;
  return [
    `  ${paint(`${formatCount(group.count)} × ${GAP_TITLES[group.code]}`)}`,
    ...wrapText(group.meaning, width - 4).map((line) => palette.faint(`    ${line}`)),
    ...items,
    ...(rest > 0 ? [palette.faint(`    … and ${formatCount(rest)} more (--json, --csv or --html)`)] : []),
  ];
}

function deployments({ report, palette, width }: Page): readonly string[] {
  if (report.deployments.length === 0) return [];
  const rows = report.deployments.slice(-MOST_ROWS).map((one) => deploymentCells(one));
  return [palette.strong("Deliveries"), ...formatColumns(rows, width - 2).map((line) => `  ${line}`)];
}

function deploymentCells({
  at,
  environment,
  head: id,
  verdict,
  pipeline,
}: ReportedDeployment): readonly string[] {
  const by = pipeline === null ? "" : displayText(pipeline, 80);
  return [formatTime(at), displayText(environment, 40), shortId(id), displayText(verdict, 20), by];
}

function used({ report, palette, width }: Page): readonly string[] {
  const { totals } = report;
  const rows = (["recorded", "declared", "signalled", "unknown", "cleared"] as const)
    .filter((state) => totals.byState[state] > 0)
    .map((state) => bar(STATE_WORDS[state], totals.byState[state], totals.changes));
  const { added, ai, claimed, human, unknown } = totals.lines;
  const lines = [
    ["AI, line by line", ai],
    ["of commits that name an AI", claimed],
    ["human, recorded", human],
    ["unknown", unknown],
  ] as const;
  return [
    palette.strong(QUESTIONS.used),
    "  changes",
    ...formatColumns(rows, width - 4).map((line) => `    ${line}`),
    "  added lines",
    ...formatColumns(
      lines.filter(([, count]) => count > 0).map(([name, count]) => bar(name, count, added)),
      width - 4,
    ).map((line) => `    ${line}`),
    ...wrapText(describeUnknown(totals), width - 2).map((line) => palette.faint(`  ${line}`)),
    ...shares("by class", totals.byClass, width),
    ...shares("by team", totals.byTeam, width),
    ...shares("by folder", totals.byPath, width),
  ];
}

function bar(name: string, count: number, whole: number): readonly string[] {
  const filled = whole === 0 ? 0 : Math.max(1, Math.round((count / whole) * BAR));
  return [name, "█".repeat(filled) + "░".repeat(BAR - filled), formatCount(count), formatShare(count, whole)];
}

function shares(title: string, rows: readonly ShareRow[], width: number): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ name, changes: count, assisted, lines }) => [
      displayText(name, 40),
      plural(count, "change"),
      `${formatShare(assisted, count)} with AI`,
      `${formatAiLines(lines)} of ${plural(lines.added, "line")}`,
    ]);
  return [`  ${title}`, ...formatColumns(cells, width - 4).map((line) => `    ${line}`)];
}

function which({ report, palette, width }: Page): readonly string[] {
  const rows = (all: readonly ShareRow[]) =>
    formatColumns(
      all
        .slice(0, MOST_ROWS)
        .map(({ name, changes: count, lines }) => [
          displayText(name, 60),
          plural(count, "change"),
          plural(lines.ai, "recorded line"),
        ]),
      width - 4,
    ).map((line) => `    ${line}`);
  const { byTool, byModel } = report.totals;
  if (byTool.length === 0) return [palette.strong(QUESTIONS.which), "  No tool is named."];
  return [palette.strong(QUESTIONS.which), "  tools", ...rows(byTool), "  models", ...rows(byModel)];
}

function reviewed({ report, palette, width }: Page): readonly string[] {
  const { reviewers, signedOff, assisted } = report.totals;
  const rows = reviewers
    .slice(0, MOST_ROWS)
    .map(({ person, approvals, rejections, overrides, busiest }) => [
      displayText(person, 60),
      plural(approvals, "approval"),
      plural(rejections, "rejection"),
      plural(overrides, "override"),
      `at most ${formatCount(busiest)} within 5 min`,
    ]);
  return [
    palette.strong(QUESTIONS.reviewed),
    `  ${formatCount(signedOff)} of ${plural(assisted, "AI-assisted change")} (${formatShare(signedOff, assisted)}) have a counted sign-off.`,
    ...formatColumns(rows, width - 4).map((line) => `    ${line}`),
  ];
}

function asked({ sums, palette, width }: Page): readonly string[] {
  const text = `${plural(sums.conversations, "conversation")} named. ${NOT_KEPT}`;
  return [palette.strong(QUESTIONS.asked), ...wrapText(text, width - 2).map((line) => `  ${line}`)];
}

function after({ report, sums, palette, width }: Page): readonly string[] {
  const { surviving } = report;
  const left =
    surviving === null || surviving.filesLeft === 0
      ? ""
      : ` ${plural(surviving.filesLeft, "file")} not looked into; --blame-seconds allows more time.`;
  const lines = [
    `${plural(sums.editedLines, "AI line")} edited before landing, ${plural(sums.reverted, "change")} taken back later.`,
    ...(surviving === null
      ? []
      : [
          `In ${plural(surviving.files, "file")} that an AI worked on, ${formatCount(surviving.ai)} of ${plural(surviving.lines, "line")} (${formatShare(surviving.ai, surviving.lines)}) are an AI's today.${left}`,
        ]),
  ];
  return [
    palette.strong(QUESTIONS.after),
    ...lines.flatMap((line) => wrapText(line, width - 2)).map((l) => `  ${l}`),
  ];
}

function isAssisted(change: ShippedChange): boolean {
  return change.isAssisted;
}

function* changes({
  report,
  sums,
  palette,
  width,
  isWhole = false,
}: Page): Generator<string, void, undefined> {
  if (sums.wanted === 0) return;
  const most = isWhole ? sums.wanted : Math.min(sums.wanted, MOST_CHANGES);
  yield `${palette.strong("AI-assisted changes, newest first")}\n`;
  for (const change of firstShown(report, isAssisted, most))
    yield `${changeLines(change, palette, width).join("\n")}\n`;
  const rest = sums.wanted - most;
  if (rest > 0)
    yield `${palette.faint(`  … and ${formatCount(rest)} more (--all, --json, --csv or --html)`)}\n`;
  yield "\n";
}

function changeLines(change: ShippedChange, palette: Palette, width: number): readonly string[] {
  const day = formatDay(change.seen?.at ?? change.committedAt);
  const title = displayText(change.title === "" ? "(no title)" : change.title, 200);
  const tools = change.tools.map((tool) => displayText(formatTool(tool), 60)).join(", ");
  const ai = `${tools}; wrote ${formatAiLines(change.lines)} of ${plural(change.lines.added, "added line")}`;
  const review = describeReview(change);
  const rest = review.length - MOST_LINES;
  return [
    palette.strong(fitText(`  ${shortId(change.head)}  ${day}  ${title}`, width).trimEnd()),
    ...wrapText(ai, width - 4).map((line) => palette.faint(`    ${line}`)),
    ...review.slice(0, MOST_LINES).flatMap((line) => reviewLines(line, palette, width)),
    ...(rest > 0 ? [palette.faint(`    … and ${formatCount(rest)} more (--json)`)] : []),
  ];
}

function reviewLines({ tone, text }: ReviewLine, palette: Palette, width: number): readonly string[] {
  const paint = { good: palette.good, bad: palette.bad, wait: palette.wait, quiet: palette.faint }[tone];
  const [first = "", ...more] = wrapText(displayText(text, 600), width - 6);
  return [`    ${paint(REVIEW_MARKS[tone])} ${first}`, ...more.map((line) => `      ${line}`)];
}

function proof({ report: { ledger, generatedAt }, sums, palette, width }: Page): readonly string[] {
  if (ledger === null)
    return wrapText(
      "There is no log here, so when evidence came is its authors' word alone; countersign ledger init begins one.",
      width,
    ).map(palette.faint);
  const { origin, treeSize, rootHash } = ledger;
  const text = `Log ${displayText(origin)}, ${plural(treeSize, "entry", "entries")}, root ${rootHash.slice(0, 16)}…, report made ${formatTime(generatedAt)} UTC.`;
  const how = sums.wanted === 0 ? [] : wrapText(HOW_TO_CHECK, width);
  return [...wrapText(text, width), ...how].map(palette.faint);
}
