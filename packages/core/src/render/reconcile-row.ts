// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, CoverageGap } from "../attribution/assistance-record.ts";
import type { ObjectId, RawText } from "../ids/index.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { shortId } from "./report-words.ts";
import { formatSafeJsonLine } from "./safe-json.ts";
import { fitText } from "./text-layout.ts";

/** One line of `reconcile --json`. */
export interface ReconcileRecord {
  readonly commit: ObjectId;
  readonly title: RawText;
  /** `known`: has a record of its own; `derived`: found again in others'; `open`: nothing was found. */
  readonly outcome: "known" | "derived" | "open";
  readonly grade: AssistanceRecord["grade"] | null;
  /** Lines by writer, as far as they were found. */
  readonly ai: number;
  readonly human: number;
  readonly agents: AssistanceRecord["agents"];
  readonly derivedFrom: readonly ObjectId[];
  /** What could not be looked into. */
  readonly gaps: readonly CoverageGap[];
  /** Stored by this run. */
  readonly isWritten: boolean;
}

export function countRecorded(record: AssistanceRecord | undefined, origin: "ai" | "human"): number {
  const ranges = record?.files.flatMap((file) => file.ranges) ?? [];
  return ranges
    .filter((range) => range.origin === origin)
    .reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

export function formatReconcileRecord(record: ReconcileRecord): string {
  return `${formatSafeJsonLine(record)}\n`;
}

/** `a1b2c3d4e5f6  derived  12 AI, 3 human from 1a2b3c4d5e6f, …  title`, and a line for each gap below. */
export function formatReconcileRow(record: ReconcileRecord, width: number, palette: Palette): string {
  const { commit, title, outcome, gaps } = record;
  const paint = { known: palette.faint, derived: palette.good, open: palette.faint }[outcome];
  const left = `${shortId(commit)}  ${paint(outcome.padEnd(7))}  ${fitText(describe(record), WHAT_WIDTH)}`;
  const room = Math.max(10, width - 12 - 2 - 7 - 2 - WHAT_WIDTH - 2);
  const row = `${left}  ${fitText(displayText(title, 400), room).trimEnd()}\n`;
  return row + gaps.map((gap) => `              ${palette.wait(displayText(gap.message, 300))}\n`).join("");
}

const WHAT_WIDTH = 52;
const MOST_SOURCES = 2;

function describe({ outcome, ai, human, derivedFrom }: ReconcileRecord): string {
  if (outcome !== "derived") return outcome === "known" ? "has a record" : "nothing found";
  const sources = derivedFrom.slice(0, MOST_SOURCES).map(shortId).join(", ");
  const more = derivedFrom.length > MOST_SOURCES ? ` and ${derivedFrom.length - MOST_SOURCES} more` : "";
  return `${ai} AI, ${human} human from ${sources}${more}`;
}
