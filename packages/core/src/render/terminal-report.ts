// SPDX-License-Identifier: Apache-2.0
import type { Decision, Finding, SignOffOutcome } from "../policy/verdict.ts";
import { displayText } from "./display-text.ts";
import type { GateReport, ReportCommit } from "./gate-report.ts";
import { impactLines } from "./impact-lines.ts";
import { nextCommand } from "./next-command.ts";
import type { Palette } from "./palette.ts";
import {
  countTools,
  describeCommits,
  describeMissing,
  describeVerdict,
  firstOf,
  orderFindings,
  shortId,
} from "./report-words.ts";
import { fitText, formatColumns, wrapText } from "./text-layout.ts";

export interface TerminalOptions {
  readonly palette: Palette;
  /** Columns of the terminal; 80 where nobody knows. */
  readonly width: number;
}

const MIN_WIDTH = 48;
const MAX_COMMITS = 20;
const MAX_ITEMS = 5;
const INDENT = "  ";

/** The verdict with its reasons for a person at a terminal; ends with a newline. */
export function formatTerminalReport(report: GateReport, options: TerminalOptions): string {
  const { palette } = options;
  // A rule that does not apply says nothing about the verdict; `policy explain` shows why it does not.
  const findings = report.findings.filter(({ status }) => status !== "skipped");
  const width = Math.max(MIN_WIDTH, options.width);
  const lines = [
    headline(report, palette),
    ...section(
      "why",
      findings.length === 0 ? ["no rule applies"] : findingLines(findings, palette, width),
      palette,
    ),
    ...section("AI in this change", toolLines(report.commits, width), palette),
    ...section("infrastructure", impactLines(report.impact, options), palette),
    ...section("commits", commitLines(report.commits, palette, width), palette),
    ...section(
      "sign-offs",
      report.signOffs.flatMap((signOff) => signOffLines(signOff, palette, width)),
      palette,
    ),
    ...section(
      "notes",
      report.notes.flatMap(({ code, message }) =>
        item("!", `${displayText(code)}: ${displayText(message, 2000)}`, width, palette.note),
      ),
      palette,
    ),
    ...section("next", nextLines(report), palette),
    "",
    ...provenanceLines(report)
      .flatMap((line) => wrapText(line, width))
      .map(palette.faint),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(report: GateReport, palette: Palette): string {
  const paint = verdictPaint(report.verdict, palette);
  const target = displayText(report.target);
  return [
    `${paint(`${verdictMark(report.verdict)} ${report.verdict.toUpperCase()}`)}  ${describeVerdict(report.verdict)}`,
    `${INDENT}${palette.strong(`${shortId(report.head)} → ${target}`)}  ${describeCommits(report)}`,
  ].join("\n");
}

function verdictMark(verdict: Decision): string {
  return { pass: "✔", pending: "●", denied: "✘", error: "?" }[verdict];
}

function verdictPaint(verdict: Decision, palette: Palette): (text: string) => string {
  return { pass: palette.good, pending: palette.wait, denied: palette.bad, error: palette.bad }[verdict];
}

function section(title: string, lines: readonly string[], palette: Palette): string[] {
  return lines.length === 0 ? [] : ["", palette.strong(title), ...lines.map((line) => INDENT + line)];
}

/** A marked paragraph whose further lines hang under the first. */
function item(mark: string, text: string, width: number, paint: (text: string) => string): string[] {
  const [first = "", ...rest] = wrapText(text, width - INDENT.length - 2);
  return [`${paint(mark)} ${first}`, ...rest.map((line) => `  ${line}`)];
}

function findingLines(findings: readonly Finding[], palette: Palette, width: number): string[] {
  return orderFindings(findings).flatMap((finding) => {
    const paint = findingPaint(finding.status, palette);
    const text = `${displayText(finding.rule, 80)}: ${displayText(finding.reason, 2000)}`;
    const lines = item(findingMark(finding.status), text, width, paint);
    return finding.status === "pass" || finding.status === "skipped"
      ? lines
      : [...lines, ...detailLines(finding, width)];
  });
}

function detailLines(finding: Finding, width: number): string[] {
  const missing = describeMissing(finding, (text) => displayText(text, 60));
  const details = [
    missing === null ? null : `missing ${missing}`,
    listLine("commits", finding.commits.map(shortId)),
    listLine(
      "files",
      finding.files.map((path) => displayText(path, 120)),
    ),
  ];
  return details
    .filter((line) => line !== null)
    .flatMap((line) => wrapText(line, width - 6).map((part) => `  · ${part}`.replace(/^ {2}· $/, "")));
}

function listLine(label: string, items: readonly string[]): string | null {
  if (items.length === 0) return null;
  const { shown, rest } = firstOf(items, MAX_ITEMS);
  return `${label} ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function findingMark(status: Finding["status"]): string {
  return { pass: "✔", pending: "●", fail: "✘", error: "?", warning: "!", skipped: "-" }[status];
}

function findingPaint(status: Finding["status"], palette: Palette): (text: string) => string {
  const { good, wait, bad, note, faint } = palette;
  return { pass: good, pending: wait, fail: bad, error: bad, warning: note, skipped: faint }[status];
}

function toolLines(commits: readonly ReportCommit[], width: number): string[] {
  const shares = countTools(commits);
  if (shares.length === 0) return [];
  const { shown, rest } = firstOf(shares, MAX_COMMITS);
  const rows = shown.map(({ tool, model, commits: count }) => [
    cellText(tool, (width - 16) >> 1),
    cellText(model ?? "model not named", (width - 16) >> 1),
    `${count}`,
  ]);
  return [
    ...formatColumns([["tool", "model", "commits"], ...rows], width - 2),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ];
}

function commitLines(commits: readonly ReportCommit[], palette: Palette, width: number): string[] {
  const { shown, rest } = firstOf(commits, MAX_COMMITS);
  const rows = shown.map(({ id, state, tools, title }) => [
    shortId(id),
    state,
    cellText(tools.map(({ tool }) => tool).join(", ") || "-", width < 60 ? 8 : 24),
    displayText(title, 200) || "(no title)",
  ]);
  const lines = formatColumns(rows, width - 2).map((line, i) => statePaint(shown[i]?.state, palette)(line));
  return [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])];
}

function cellText(text: string, width: number): string {
  return fitText(displayText(text, width), width).trimEnd();
}

function statePaint(state: ReportCommit["state"] | undefined, palette: Palette): (text: string) => string {
  return state === "signalled" ? palette.note : state === "unknown" ? palette.faint : (text) => text;
}

function signOffLines(signOff: SignOffOutcome, palette: Palette, width: number): string[] {
  const who =
    signOff.principal === null ? "a key of nobody in the policy" : displayText(signOff.principal, 60);
  const counted = signOff.counted ? "counted" : "not counted";
  const text = `${who} ${signOff.decision}, ${counted}: ${displayText(signOff.reason, 2000)}`;
  return item(signOff.counted ? "✔" : "✘", text, width, signOff.counted ? palette.good : palette.bad);
}

/** Never wrapped: a command is there to be copied. */
function nextLines(report: GateReport): string[] {
  const command = nextCommand(report);
  return command === null ? [] : [command];
}

function provenanceLines(report: GateReport): string[] {
  const { policySource, policyDigest } = report;
  const policy =
    policySource === null
      ? "no policy could be read"
      : `policy ${displayText(policySource.path)} at ${shortId(policySource.commit)}${policyDigest === null ? "" : `, sha256 ${policyDigest.slice(0, 16)}…`}`;
  const mergeBase = report.mergeBase === null ? "no merge base" : `merge base ${shortId(report.mergeBase)}`;
  return [
    `${policy} · base ${shortId(report.base)} · ${mergeBase} · evaluated ${displayText(report.evaluatedAt, 40)}`,
  ];
}
