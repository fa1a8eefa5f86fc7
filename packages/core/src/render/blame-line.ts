// SPDX-License-Identifier: Apache-2.0
import type { Origin } from "../attribution/origin.ts";
import type { ObjectId } from "../ids/index.ts";
import { toModelName } from "../trailers/model-name.ts";
import { displayCode, displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { shortId } from "./report-words.ts";
import { formatSafeJsonLine } from "./safe-json.ts";
import { fitText } from "./text-layout.ts";

/** What `blame` says of one line (specs/blame-record.schema.json). */
export interface BlameRecord {
  /** 1-based, in the file as it was asked about. */
  readonly line: number;
  /** Null id for a line that is not committed. */
  readonly commit: ObjectId;
  readonly origin: Origin["kind"];
  /** Null unless the origin is `ai`. */
  readonly tool: string | null;
  readonly model: string | null;
  readonly extent: "generated" | "edited" | null;
  /** How it is known; null for `unknown`. */
  readonly evidence: string | null;
  readonly session: string | null;
}

export function toBlameRecord(line: number, commit: ObjectId, origin: Origin): BlameRecord {
  const place = { line, commit, origin: origin.kind };
  if (origin.kind !== "ai") {
    const evidence = origin.kind === "human" ? origin.evidence : null;
    return { ...place, tool: null, model: null, extent: null, evidence, session: null };
  }
  const { tool, model, session } = origin.agent;
  return {
    ...place,
    tool,
    model: model === null ? null : toModelName(model),
    extent: origin.extent,
    evidence: origin.evidence,
    session: session === "" ? null : session,
  };
}

/** One line of NDJSON, keys in the documented order. */
export function formatBlameRecord(record: BlameRecord): string {
  return `${formatSafeJsonLine(record)}\n`;
}

/**
 * Lines for Git's line-porcelain format, between its own header and the content. Whoever reads that format takes a word and a value, and passes
 * over words that it does not know.
 */
export function formatBlameHeaders({ origin, tool, model, extent, evidence, session }: BlameRecord): string {
  const fields = { origin, tool, model, extent, evidence, session };
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `countersign-${name} ${displayText(value ?? "", 400)}\n`)
    .join("");
}

/** A line for people, within no width: code is never cut. */
export interface BlameRow extends BlameRecord {
  readonly author: string;
  /** `2026-03-01`, empty where the commit has no usable date. */
  readonly day: string;
  readonly content: string;
}

const AUTHOR_WIDTH = 14;
const WHO_WIDTH = 30;

/** `a1b2c3d4e5f6  author  2026-03-01  ai claude-code/claude-opus-4-8 …  12| text`, tinted by origin. */
export function formatBlameRow(row: BlameRow, digits: number, palette: Palette): string {
  const { commit, author, day, line, content } = row;
  const place = `${/^0+$/.test(commit) ? "not committed" : shortId(commit)}`.padEnd(13);
  const who = fitText(displayText(describeOrigin(row), 200), WHO_WIDTH);
  const paint = paintOf(row, palette);
  const left = `${place} ${fitText(displayText(author, 60), AUTHOR_WIDTH)} ${day.padEnd(10)}`;
  return `${palette.faint(left)} ${paint(who)} ${`${line}`.padStart(digits)}| ${paint(displayCode(content, MOST_SHOWN))}\n`;
}

/** A minified file is one line of a megabyte. */
const MOST_SHOWN = 2000;

function describeOrigin({ origin, tool, model, extent }: BlameRecord): string {
  if (origin !== "ai") return origin;
  return `${extent === "edited" ? "ai, edited" : "ai"} ${tool}${model === null ? "" : `/${model}`}`;
}

function paintOf({ origin, extent }: BlameRecord, palette: Palette): (text: string) => string {
  if (origin === "unknown") return palette.faint;
  if (origin === "human") return (text) => text;
  return extent === "edited" ? palette.wait : palette.note;
}
