// SPDX-License-Identifier: Apache-2.0
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { type AuditReport, parseAuditBundle } from "@countersign/core/audit";
import { toUtf8 } from "@countersign/core/ids";
import {
  type AuditHtmlOptions,
  formatAuditCsv,
  formatAuditHtml,
  formatAuditJson,
  formatAuditMarkdown,
  formatAuditTerminal,
} from "@countersign/core/render";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import { startOf } from "../ledger/ledger-place.ts";

const FORMATS = ["terminal", "markdown", "json", "csv", "html"] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** Where the report goes; `path` undefined for stdout. */
export interface ReportTarget {
  readonly format: ReportFormat;
  readonly path: string | undefined;
}

/** Stdout, and what `--write` names; checked before the work begins. */
export function readReportTargets(
  context: CliContext,
  flags: { readonly format?: ReportFormat; readonly json: boolean; readonly write?: readonly string[] },
): readonly ReportTarget[] {
  const own: ReportTarget = { format: flags.format ?? (flags.json ? "json" : "terminal"), path: undefined };
  return [own, ...(flags.write ?? []).map((text) => readTarget(context, text))];
}

function readTarget(context: CliContext, text: string): ReportTarget {
  const at = text.indexOf("=");
  const format = FORMATS.find((known) => known === text.slice(0, at));
  if (format === undefined || at === text.length - 1)
    throw new UsageError(
      `--write ${JSON.stringify(text)}: expected FORMAT=FILE with one of ${FORMATS.join(", ")}, for example --write html=report.html`,
    );
  return { format, path: resolve(startOf(context), text.slice(at + 1)) };
}

export interface WriteOptions {
  /** What an HTML page carries to be checked; null for nothing. */
  readonly proofs: AuditHtmlOptions["proofs"];
  readonly color: boolean | undefined;
  /** Every change in media that would show the newest. */
  readonly isWhole: boolean;
}

/** Piece by piece: a report about 100,000 changes never stands in memory as text. */
export async function writeReport(
  context: CliContext,
  report: AuditReport,
  options: WriteOptions,
  targets: readonly ReportTarget[],
): Promise<void> {
  for (const { format, path } of targets) {
    if (path === undefined) {
      for (const piece of render(context, report, options, format)) await context.output.write(piece);
      continue;
    }
    await writePieces(context, path, render(context, report, { ...options, color: false }, format));
  }
}

/** Writes a file, relative to where the person stands, without ever holding all of its text. */
export async function writePieces(
  context: CliContext,
  path: string,
  pieces: Iterable<string>,
): Promise<void> {
  const file = await open(resolve(startOf(context), path), "w");
  try {
    for (const piece of inChunks(pieces)) await file.write(piece);
  } finally {
    await file.close();
  }
}

const CHUNK = 1 << 18;

function* inChunks(pieces: Iterable<string>): Generator<string, void, undefined> {
  let pending = "";
  for (const piece of pieces) {
    pending += piece;
    if (pending.length < CHUNK) continue;
    yield pending;
    pending = "";
  }
  if (pending !== "") yield pending;
}

function render(
  context: CliContext,
  report: AuditReport,
  { proofs, color, isWhole }: WriteOptions,
  format: ReportFormat,
): Iterable<string> {
  switch (format) {
    case "json":
      return formatAuditJson(report);
    case "csv":
      return formatAuditCsv(report);
    case "markdown":
      return formatAuditMarkdown(report, { isWhole });
    case "html":
      // As a reader of the bundle has it: the page must be made again from what is inside it, and compared.
      return formatAuditHtml(proofs === null ? report : parseAuditBundle(toUtf8(proofs.bundle)).report, {
        proofs,
      });
    case "terminal":
      return formatAuditTerminal(report, {
        palette: paletteOf(context, color),
        width: widthOf(context),
        isWhole,
      });
  }
}
