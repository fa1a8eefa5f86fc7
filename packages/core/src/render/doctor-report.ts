// SPDX-License-Identifier: Apache-2.0
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { formatSafeJson } from "./safe-json.ts";
import { displayWidth, wrapText } from "./text-layout.ts";

/** What `doctor` found out about one thing. */
export interface DoctorFinding {
  readonly check: "program" | "hook" | "recorder" | "agent" | "remote";
  /** Which one: a hook's, agent's or remote's name. */
  readonly name: string;
  /** `problem`: does not work; `warning`: works, and something is odd; `unclear`: could not be told. */
  readonly level: "ok" | "warning" | "problem" | "unclear";
  readonly message: string;
  /** A command that mends it, or what a person has to do; null where nothing is to be done. */
  readonly fix: string | null;
}

/** `doctor --json`: specs/doctor-report.schema.json. */
export interface DoctorReport {
  readonly version: 1;
  /** `broken`: at least one problem; `unclear`: none is known, but not everything could be told. */
  readonly verdict: "well" | "broken" | "unclear";
  readonly findings: readonly DoctorFinding[];
}

export function toDoctorReport(findings: readonly DoctorFinding[]): DoctorReport {
  const has = (level: DoctorFinding["level"]) => findings.some((finding) => finding.level === level);
  const verdict = has("problem") ? "broken" : has("unclear") ? "unclear" : "well";
  return { version: 1, verdict, findings };
}

export function formatDoctorJson(report: DoctorReport): string {
  return `${formatSafeJson(report, 2)}\n`;
}

const MARKS = { ok: "ok", warning: "warning", problem: "PROBLEM", unclear: "unclear" } as const;
const MARK_WIDTH = 9;
const MOST_NAME = 24;

/** A row for each finding, its remedy below it, and one line that says it all. */
export function formatDoctorReport(report: DoctorReport, width: number, palette: Palette): string {
  const names = report.findings.map(({ name }) => displayWidth(displayText(name, 80)));
  const nameWidth = Math.min(MOST_NAME, Math.max(0, ...names)) + 2;
  const rows = report.findings.flatMap((finding) => formatFinding(finding, { width, nameWidth, palette }));
  return `${[...rows, "", summarise(report, palette)].join("\n")}\n`;
}

interface RowLayout {
  readonly width: number;
  readonly nameWidth: number;
  readonly palette: Palette;
}

function formatFinding(
  { name, level, message, fix }: DoctorFinding,
  { width, nameWidth, palette }: RowLayout,
): readonly string[] {
  const paint = { ok: palette.good, warning: palette.wait, problem: palette.bad, unclear: palette.wait }[
    level
  ];
  const margin = MARK_WIDTH + nameWidth;
  const shown = displayText(name, 80);
  const gap = " ".repeat(Math.max(1, nameWidth - displayWidth(shown)));
  const [first = "", ...rest] = wrapText(displayText(message, 2000), Math.max(30, width - margin));
  const below = " ".repeat(margin);
  return [
    `${paint(MARKS[level])}${" ".repeat(MARK_WIDTH - MARKS[level].length)}${shown}${gap}${first}`,
    ...rest.map((line) => below + line),
    // Never wrapped: a person copies it.
    ...(fix === null ? [] : [`${below}${palette.strong(`→ ${displayText(fix, 2000)}`)}`]),
  ];
}

function summarise({ verdict, findings }: DoctorReport, palette: Palette): string {
  const count = (level: DoctorFinding["level"]) => findings.filter((one) => one.level === level).length;
  const parts = [
    `${count("problem")} problem(s)`,
    `${count("warning")} warning(s)`,
    `${count("unclear")} unclear`,
  ].join(", ");
  if (verdict === "broken") return `${palette.bad("something does not work")}: ${parts}`;
  if (verdict === "unclear") return `${palette.wait("could not tell")}: ${parts}`;
  return `${palette.good("everything works")}${count("warning") > 0 ? `: ${parts}` : ""}`;
}
