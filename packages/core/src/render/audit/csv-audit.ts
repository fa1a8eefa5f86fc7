// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, ShippedChange } from "../../audit/index.ts";
import { displayText } from "../display-text.ts";
import { formatTool, listApprovals } from "./audit-words.ts";
import { listDangers, listInfrastructure } from "./infrastructure-words.ts";

const COLUMNS = [
  "commit",
  "committed_at",
  "seen_at",
  "seen_by",
  "title",
  "author",
  "author_email",
  "state",
  "ai_assisted",
  "tools",
  "evidence",
  "commits",
  "files",
  "lines_added",
  "lines_ai",
  "lines_claimed",
  "lines_human",
  "lines_unknown",
  "classes",
  "paths",
  "teams",
  "infrastructure",
  "dangers",
  "verdict",
  "signed_off_by",
  "signed_off_at",
  "conditions",
  "log_entries",
  "reverted_by",
  "gaps",
] as const;

/** One row for each change, newest first, after RFC 4180 with a header; in pieces. */
export function* formatAuditCsv(report: AuditReport): Generator<string, void, undefined> {
  yield toRow(COLUMNS);
  for (const change of report.changes) yield toRow(toCells(change));
}

function toCells(change: ShippedChange): readonly (string | number)[] {
  const { lines, tools } = change;
  const approvals = listApprovals(change);
  const places = [...change.signOffs, ...change.records, ...change.verdicts].flatMap(
    ({ proof }) => proof?.index ?? [],
  );
  return [
    change.head,
    change.committedAt ?? "",
    change.seen?.at ?? "",
    change.seen?.by ?? "",
    change.title,
    change.author.name,
    change.author.email,
    change.state,
    change.isAssisted ? "yes" : "no",
    join(tools.map(formatTool)),
    join(tools.map(({ evidence }) => evidence)),
    change.commits,
    change.files,
    lines.added,
    lines.ai,
    lines.claimed,
    lines.human,
    lines.unknown,
    join(change.classes),
    join(change.paths),
    join(change.teams),
    join(listInfrastructure(change)),
    join(listDangers(change)),
    change.verdict ?? "unjudged",
    join(approvals.map(({ person }) => person)),
    join(approvals.map(({ at }) => at)),
    join(change.conditions.map(({ rule, status }) => `${rule} ${status}`)),
    join(places.map(String)),
    join(change.afterwards.revertedBy),
    join(change.gaps),
  ];
}

function join(parts: readonly string[]): string {
  return parts.join("; ");
}

function toRow(cells: readonly (string | number)[]): string {
  return `${cells.map(toCell).join(",")}\r\n`;
}

/** Spreadsheets run what begins like this, full-width forms included, also behind white space. */
const FORMULA = /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u;
const MOST = 2000;

/**
 * Text of outsiders as text: an apostrophe in front keeps a spreadsheet from taking it for a formula, line ends and controls are visible escapes.
 */
function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = displayText(value, MOST);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
