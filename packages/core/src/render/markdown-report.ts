// SPDX-License-Identifier: Apache-2.0
import { toUtf8 } from "../ids/index.ts";
import type { Decision, Finding } from "../policy/verdict.ts";
import type { GateReport } from "./gate-report.ts";
import { impactRows } from "./impact-rows.ts";
import { markdownCode, markdownSpan, markdownText } from "./markup-text.ts";
import { nextCommand } from "./next-command.ts";
import {
  countTools,
  describeCommits,
  describeMissing,
  describeVerdict,
  firstOf,
  orderFindings,
  shortId,
} from "./report-words.ts";

/** What a GitHub check run's summary and text may hold; a job summary takes more, a comment takes this much too. */
export const MARKDOWN_LIMIT = 65_535;

const MAX_ITEMS = 10;

/** A Markdown summary of at most {@link MARKDOWN_LIMIT} bytes of UTF-8; where rows had to go, it says how many. */
export function formatMarkdownReport(report: GateReport, limit: number = MARKDOWN_LIMIT): string {
  const blocks = [
    heading(report),
    ...table(["", "rule", "why", "missing"], orderFindings(report.findings).map(findingCells)),
    ...titled("AI in this change", table(["tool", "model", "commits"], toolRows(report))),
    ...titled(
      "Infrastructure",
      table(["", "resource", "AI lines", "why it is dangerous"], impactRows(report.impact)),
    ),
    ...titled("Sign-offs", table(["", "who", "decision", "why"], report.signOffs.map(signOffCells))),
    ...titled(
      "Notes",
      report.notes.map(({ code, message }) => `- ${markdownCode(code, 80)} ${markdownText(message, 1000)}`),
    ),
    ...nextBlock(report),
    ...titled("Commits", table(["commit", "state", "tools", "title"], report.commits.map(commitCells))),
  ];
  return cutToBytes(blocks, provenance(report), limit);
}

/** Keeps whole lines while they fit, then the statement of what is missing, then the provenance line. */
function cutToBytes(lines: readonly string[], last: string, limit: number): string {
  const spare = limit - toUtf8(`\n\n${last}\n`).length - 200;
  let used = 0;
  let kept = 0;
  for (const line of lines) {
    used += toUtf8(line).length + 1;
    if (used > spare) break;
    kept++;
  }
  const rest = lines.length - kept;
  const note =
    rest === 0 ? "" : `\n\n**Truncated:** ${rest} more lines did not fit; the JSON report has all of them.`;
  return `${lines.slice(0, kept).join("\n")}${note}\n\n${last}\n`;
}

function heading(report: GateReport): string {
  const mark = { pass: "✅", pending: "🟡", denied: "❌", error: "❔" } satisfies Record<Decision, string>;
  return [
    `## ${mark[report.verdict]} ${report.verdict}: ${describeVerdict(report.verdict)}`,
    "",
    `${markdownCode(shortId(report.head))} → ${markdownCode(report.target)}, ${describeCommits(report)}`,
  ].join("\n");
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `### ${title}`, ...lines];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return ["", line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function findingCells(finding: Finding): string[] {
  const mark = { pass: "✅", pending: "🟡", fail: "❌", error: "❔", warning: "⚠️", skipped: "➖" };
  const isOpen = finding.status !== "pass" && finding.status !== "skipped";
  const where = isOpen
    ? [list(finding.commits.map(shortId)), list(finding.files)].filter((part) => part !== "")
    : [];
  return [
    mark[finding.status],
    markdownCode(finding.rule, 80),
    [markdownText(finding.reason, 1000), ...where].join("<br>"),
    describeMissing(finding, (text) => markdownText(text, 60)) ?? "",
  ];
}

function list(items: readonly string[]): string {
  const { shown, rest } = firstOf(items, MAX_ITEMS);
  return shown.map((text) => markdownCode(text, 200)).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function toolRows(report: GateReport): string[][] {
  return countTools(report.commits).map(({ tool, model, commits }) => [
    markdownText(tool, 60),
    markdownText(model ?? "model not named", 60),
    `${commits}`,
  ]);
}

function signOffCells(signOff: GateReport["signOffs"][number]): string[] {
  return [
    signOff.counted ? "✅" : "❌",
    signOff.principal === null ? "a key of nobody in the policy" : markdownText(signOff.principal, 60),
    `${signOff.decision}, ${signOff.counted ? "counted" : "not counted"}`,
    markdownText(signOff.reason, 1000),
  ];
}

function commitCells(commit: GateReport["commits"][number]): string[] {
  const tools = commit.tools.map(({ tool }) => markdownText(tool, 40));
  return [markdownCode(shortId(commit.id)), commit.state, tools.join(", "), markdownText(commit.title, 200)];
}

function nextBlock(report: GateReport): string[] {
  const command = nextCommand(report);
  return command === null
    ? []
    : titled("Next", ["", `A reviewer of the role signs with ${markdownSpan(command)}`]);
}

function provenance(report: GateReport): string {
  const { policySource, policyDigest, evaluatedAt } = report;
  const policy =
    policySource === null
      ? "No policy could be read"
      : `Policy ${markdownCode(policySource.path)} at ${markdownCode(shortId(policySource.commit))}`;
  const digest = policyDigest === null ? "" : `, sha256 ${markdownCode(policyDigest)}`;
  return `<sub>${policy}${digest}, evaluated ${markdownText(evaluatedAt, 40)}</sub>`;
}
