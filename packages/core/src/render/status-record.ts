// SPDX-License-Identifier: Apache-2.0
import type { CoverageGap } from "../attribution/assistance-record.ts";
import type { RawText } from "../ids/index.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { formatSafeJson } from "./safe-json.ts";
import { fitText } from "./text-layout.ts";

/** `status --json`: specs/status-record.schema.json. */
export interface StatusRecord {
  readonly version: 1;
  /** Since when the recorder is active in this work tree, seconds since the epoch; null: it is not. */
  readonly activeSince: number | null;
  readonly files: readonly StatusFile[];
  /** Files that differ from HEAD and were not looked into: there are too many. */
  readonly uncounted: number;
  readonly openCalls: readonly OpenCall[];
  readonly gaps: readonly (CoverageGap & { readonly at: number })[];
  /** What a commit of everything would carry. */
  readonly trailers: readonly string[];
}

/** Lines of one file that HEAD does not have. */
export interface StatusFile {
  readonly path: RawText;
  readonly ai: readonly AgentLines[];
  readonly human: number;
  /** Nobody saw them being written; never counted as human. */
  readonly unknown: number;
  readonly removed: number;
  /** Null; or why its lines were not counted. */
  readonly uncountedBecause: string | null;
}

export interface AgentLines {
  readonly tool: string;
  readonly model: string | null;
  readonly generated: number;
  readonly edited: number;
}

export interface OpenCall {
  readonly tool: string;
  readonly model: string | null;
  readonly action: "edit" | "shell" | "other";
  readonly since: number;
  readonly files: readonly RawText[];
}

export function formatStatusRecord(record: StatusRecord): string {
  return `${formatSafeJson(record, 2)}\n`;
}

export interface StatusLayout {
  readonly width: number;
  readonly palette: Palette;
}

const MOST_ROWS = 200;
const COUNT_WIDTH = 6;

/** For people: since when, lines by file, agents, open calls, gaps, trailers. What is empty is not mentioned. */
export function formatStatus(record: StatusRecord, { width, palette }: StatusLayout): string {
  const blocks = [
    [formatActive(record.activeSince, palette)],
    formatFiles(record, width, palette),
    formatAgents(record, palette),
    formatCalls(record, palette),
    record.gaps.map(
      ({ at, message }) => `${palette.wait("gap")}   ${toMinute(at)}  ${displayText(message, 300)}`,
    ),
    formatTrailerBlock(record, palette),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function formatActive(since: number | null, palette: Palette): string {
  if (since === null) return `${palette.wait("not recording")} in this work tree; to begin: countersign init`;
  return `${palette.good("recording")} since ${toMinute(since)}`;
}

function formatFiles({ files, uncounted }: StatusRecord, width: number, palette: Palette): readonly string[] {
  if (files.length === 0 && uncounted === 0) return ["nothing that is in no commit yet"];
  const room = Math.max(20, width - 5 * (COUNT_WIDTH + 2));
  const cells = (numbers: readonly string[]) => numbers.map((cell) => cell.padStart(COUNT_WIDTH)).join("  ");
  const head = palette.faint(
    `${cells(["AI", "edited", "human", "unknown".slice(0, 7), "removed"])}  in no commit yet`,
  );
  const rows = files.slice(0, MOST_ROWS).map((file) => formatFile(file, { room, palette, cells }));
  const left = Math.max(0, files.length - MOST_ROWS);
  return [
    head,
    ...rows,
    ...(left > 0 ? [palette.faint(`… and ${left} more file(s); --json has them all`)] : []),
    ...(uncounted > 0 ? [palette.faint(`… and ${uncounted} more file(s), not looked into`)] : []),
  ];
}

interface FileLayout {
  readonly room: number;
  readonly palette: Palette;
  readonly cells: (numbers: readonly string[]) => string;
}

function formatFile(file: StatusFile, { room, palette, cells }: FileLayout): string {
  const path = fitText(displayText(file.path, 1000), room).trimEnd();
  if (file.uncountedBecause !== null)
    return `${cells(["?", "?", "?", "?", "?"])}  ${path} ${palette.faint(`(${file.uncountedBecause})`)}`;
  const sum = (key: "generated" | "edited") => file.ai.reduce((total, one) => total + one[key], 0);
  const counts = [sum("generated"), sum("edited"), file.human, file.unknown, file.removed];
  const text = cells(counts.map((count) => (count === 0 ? "·" : String(count))));
  return `${file.ai.length > 0 ? palette.note(text) : text}  ${path}`;
}

/** The same lines by agent. */
function formatAgents({ files }: StatusRecord, palette: Palette): readonly string[] {
  const totals = new Map<string, AgentLines>();
  for (const lines of files.flatMap(({ ai }) => ai)) {
    const key = `${lines.tool}/${lines.model ?? "unknown"}`;
    const known = totals.get(key);
    totals.set(key, {
      ...lines,
      generated: (known?.generated ?? 0) + lines.generated,
      edited: (known?.edited ?? 0) + lines.edited,
    });
  }
  return [...totals].map(
    ([name, { generated, edited }]) =>
      `${palette.note("AI")}    ${displayText(name, 120)}: ${generated} line(s) as generated, ${edited} edited since`,
  );
}

function formatCalls({ openCalls }: StatusRecord, palette: Palette): readonly string[] {
  return openCalls.map(({ tool, action, since, files }) => {
    const what = files.length === 0 ? "" : `: ${displayText(files.slice(0, 5).join(", "), 300)}`;
    return `${palette.wait("open")}  ${toMinute(since)}  ${displayText(tool, 60)} has begun a call (${action}) that has not ended${what}`;
  });
}

function formatTrailerBlock({ trailers }: StatusRecord, palette: Palette): readonly string[] {
  if (trailers.length === 0) return [];
  return [
    palette.faint("a commit of all this would carry"),
    ...trailers.map((trailer) => `    ${displayText(trailer, 300)}`),
  ];
}

/** `2026-01-01 00:00Z`; a time that no calendar has is shown as such. */
export function toMinute(seconds: number): string {
  const isTime = Number.isFinite(seconds) && seconds > 0 && seconds < 253_402_300_800;
  if (!isTime) return "at an unknown time";
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")}Z`;
}
