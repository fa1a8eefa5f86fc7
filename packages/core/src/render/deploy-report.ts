// SPDX-License-Identifier: Apache-2.0
import type { DeployedChange, DeployFinding, DeployReport, RecordedDeployment } from "../audit/index.ts";
import type { Sha256 } from "../ids/index.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { formatSafeJson } from "./safe-json.ts";
import type { TerminalOptions } from "./terminal-report.ts";
import { fitText, wrapText } from "./text-layout.ts";

/** What `deploy record` adds to the report. */
export interface DeployRecorded {
  readonly recorded?: { readonly envelope: Sha256; readonly verdict: string };
}

/** The document of `deploy check --json` and `deploy record --json` (specs/deploy-report.schema.json), one line. */
export function formatDeployJson(report: DeployReport & DeployRecorded): string {
  return `${formatSafeJson(report)}\n`;
}

const WORDS: Readonly<Record<DeployReport["verdict"], string>> = {
  pass: "may be deployed",
  override: "may be deployed: some of it by break-glass",
  pending: "has to wait",
  denied: "must not be deployed",
  error: "cannot be told",
};

const KINDS: Readonly<Record<DeployReport["kind"], string>> = {
  first: "the first that is looked at",
  forward: "forward",
  again: "the same again",
  rollback: "a rollback",
  sideways: "beside what runs there",
};

/** The verdict, what would ship, and every reason, for a terminal or a build log. */
export function formatDeployReport(report: DeployReport, { palette, width }: TerminalOptions): string {
  const { verdict, environment, commit } = report;
  const paint = toPaint(palette, verdict);
  const what = commit === null ? "what was named" : commit.slice(0, 12);
  const lines = [
    paint(`${verdict.toUpperCase()}  ${what} ${WORDS[verdict]}: ${displayText(environment, 100)}`),
    ...toFrame(report).map((line) => palette.faint(line)),
    ...section(
      "what would ship",
      report.changes.map((change) => formatChange(change, palette, width)),
    ),
    ...section(
      "why",
      report.findings.flatMap((finding) => formatFinding(finding, palette, width)),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function toPaint(palette: Palette, verdict: DeployReport["verdict"]): (text: string) => string {
  if (verdict === "pass") return (text) => palette.strong(palette.good(text));
  if (verdict === "pending" || verdict === "override") return (text) => palette.strong(palette.wait(text));
  return (text) => palette.strong(palette.bad(text));
}

function toFrame(report: DeployReport): readonly string[] {
  const { target, commit, base, kind, artifacts, previous, after } = report;
  const from = base === null || base === commit ? "" : `, everything after ${base.slice(0, 12)}`;
  return [
    `  from ${displayText(target, 200)}${from} (${KINDS[kind]})`,
    ...artifacts.map(({ name, digest }) => `  artifact ${displayText(name, 200)}@sha256:${digest.sha256}`),
    ...formatRecorded(previous, "runs"),
    ...formatRecorded(after, "has had"),
  ];
}

function formatRecorded(recorded: RecordedDeployment | null, verb: string): readonly string[] {
  if (recorded === null) return [];
  const { environment, commit, at, verdict } = recorded;
  return [
    `  ${displayText(environment, 100)} ${verb} ${commit.slice(0, 12)} since ${at} (${displayText(verdict, 20)})`,
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function formatChange(change: DeployedChange, palette: Palette, width: number): string {
  const mark = change.verdict === "pass" ? palette.good("✔") : palette.bad("✘");
  const who = change.signOffs.filter(({ counted, decision }) => counted && decision !== "revoke");
  const names = [...new Set(who.map(({ principal }) => principal ?? "somebody"))].join(", ");
  const ai = change.assisted ? `AI: ${change.tools.join(", ") || "yes"}` : "no AI known";
  const signed = names === "" ? "" : `; signed by ${names}`;
  const tail = ` [${displayText(`${ai}${signed}`, 200)}]`;
  const room = Math.max(20, width - 17 - tail.length);
  return `  ${mark} ${change.head.slice(0, 12)} ${fitText(displayText(change.title, 200), room).trimEnd()}${palette.faint(tail)}`;
}

function formatFinding(finding: DeployFinding, palette: Palette, width: number): readonly string[] {
  const { rule, status, reason } = finding;
  const marks = {
    pass: palette.good("ok     "),
    warning: palette.wait("note   "),
    pending: palette.wait("waits  "),
    fail: palette.bad("denied "),
    error: palette.bad("error  "),
  };
  const [first = "", ...rest] = wrapText(
    `${displayText(rule, 100)}: ${displayText(reason, 2000)}`,
    Math.max(40, width - 10),
  );
  return [`  ${marks[status]} ${first}`, ...rest.map((line) => `          ${line}`)];
}
