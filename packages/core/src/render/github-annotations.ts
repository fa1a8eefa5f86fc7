// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { Finding } from "../policy/verdict.ts";
import { displayText } from "./display-text.ts";
import type { GateReport } from "./gate-report.ts";
import { isAnnotatablePath } from "./repo-uri.ts";
import { describeMissing, openFindings } from "./report-words.ts";

type Level = "error" | "warning" | "notice";

/** GitHub shows this many annotations per level and step, and drops the rest without a word. */
export const ANNOTATIONS_PER_LEVEL = 10;

/**
 * GitHub workflow commands, one per line, for the log of an Actions job. Where a level has more annotations than GitHub
 * shows, the last one counts what was left out.
 */
export function formatGithubAnnotations(report: GateReport): string {
  const findings = openFindings(report.findings);
  return (["error", "warning", "notice"] as const)
    .flatMap((level) =>
      levelLines(level, spread(findings.filter((finding) => levelOf(finding) === level)), report),
    )
    .map((line) => `${line}\n`)
    .join("");
}

interface Spot {
  readonly finding: Finding;
  readonly file: RepoPath | undefined;
}

/** The first file of every finding before the second of any: no finding hides behind another's many files. */
function spread(findings: readonly Finding[]): Spot[] {
  return findings
    .flatMap((finding) => {
      const files = finding.files.filter(isAnnotatablePath);
      const spots = files.length === 0 ? [undefined] : files;
      return spots.map((file, rank) => ({ finding, file, rank }));
    })
    .sort((a, b) => a.rank - b.rank);
}

function levelOf({ status }: Finding): Level {
  return status === "warning" ? "warning" : status === "pending" ? "notice" : "error";
}

function levelLines(level: Level, spots: readonly Spot[], report: GateReport): string[] {
  if (spots.length <= ANNOTATIONS_PER_LEVEL) return spots.map((spot) => command(level, spot));
  const shown = spots.slice(0, ANNOTATIONS_PER_LEVEL - 1);
  const rest = `${spots.length - shown.length} more annotations of this kind; the job summary and the JSON report have all of them`;
  return [
    ...shown.map((spot) => command(level, spot)),
    format(level, { title: `countersign: ${report.verdict}` }, rest),
  ];
}

function command(level: Level, { finding, file }: Spot): string {
  const missing = describeMissing(finding, (text) => displayText(text, 60));
  const message = [
    displayText(finding.reason, 2000),
    ...(missing === null ? [] : [`missing ${missing}`]),
  ].join("\n");
  const place: Record<string, string> = file === undefined ? {} : { file, line: "1" };
  return format(level, { title: displayText(`countersign: ${finding.rule}`, 120), ...place }, message);
}

function format(level: Level, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${list.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
