// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from "../../../audit/index.ts";
import { parseHex, sha256Hex, toBase64, toUtf8 } from "../../../ids/index.ts";
import { formatCount, plural } from "../audit-words.ts";
import { type ChangeSums, firstShown, hasAiOrGaps, sumChanges } from "../sum-changes.ts";
import { changeDetails } from "./change-details.ts";
import { infrastructure } from "./infrastructure.ts";
import { html, NOTHING } from "./markup.ts";
import { after, asked, deliveries, gaps, head, proofs, reviewed, used, which } from "./sections.ts";
import { STYLE } from "./style.ts";

export interface AuditHtmlOptions {
  /** What the page carries to be checked; null for a page without proofs. */
  readonly proofs: {
    /** Text of the bundle (specs/audit-bundle.md). */
    readonly bundle: string;
    /** Script that checks it in the reader's browser; the only one that the page allows. */
    readonly script: string;
    /** Of the program: only the same one draws the same page again. */
    readonly version: string;
  } | null;
}

/** More would make a page that no browser opens from a mail; the other formats have all of them. */
const MOST_CHANGES = 1500;

/**
 * One file that holds everything: no network, no script but the one that checks the proofs inside, which the page's own security policy
 * names by its digest. In pieces, since the bundle may be long.
 */
export function* formatAuditHtml(
  report: AuditReport,
  { proofs: carried }: AuditHtmlOptions,
): Generator<string, void, undefined> {
  yield documentStart(carried);
  const sums = sumChanges(report, hasAiOrGaps);
  for (const section of [head, gaps, deliveries, used, infrastructure, which, reviewed, asked, after])
    yield section(report, sums).markup;
  yield* changeList(report, sums);
  yield proofs(report, carried !== null).markup;
  yield `</main><footer><p>${formatCount(report.totals.changes)} changes, made ${report.generatedAt.replace(/[^0-9TZ:-]/g, "")}. This file needs no network.</p></footer>`;
  if (carried !== null) {
    yield `<script type="application/json" id="countersign-bundle">`;
    // Nothing within may end the element or begin a comment.
    yield carried.bundle.replaceAll("<", "\\u003c");
    yield `</script><script>${carried.script}</script>`;
  }
  yield "</body></html>\n";
}

function documentStart(carried: AuditHtmlOptions["proofs"]): string {
  const digestOf = (source: string) => toBase64(parseHex(sha256Hex(toUtf8(source))));
  const script = carried === null ? "" : `; script-src 'sha256-${digestOf(carried.script)}'`;
  const made =
    carried === null ? NOTHING : html`<meta name="generator" content="countersign ${carried.version}">`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'${script}">
<meta name="referrer" content="no-referrer">${made.markup}<title>What shipped, and who reviewed it</title><style>${STYLE}</style></head><body>
`;
}

function* changeList(report: AuditReport, { wanted }: ChangeSums): Generator<string, void, undefined> {
  const others = report.changes.length - wanted;
  const shown = Math.min(wanted, MOST_CHANGES);
  yield html`<section id="changes"><header><h2>Every change with AI, or with a gap</h2></header><p class="quiet">${listNote(wanted, shown, others)}</p>`
    .markup;
  for (const change of firstShown(report, hasAiOrGaps, shown)) yield changeDetails(change).markup;
  yield "</section>\n";
}

function listNote(wanted: number, shown: number, others: number): string {
  const rest = others === 0 ? "" : ` ${plural(others, "other change")}: no AI known, and nothing missing.`;
  const cut =
    shown < wanted
      ? ` The newest ${formatCount(shown)} of ${formatCount(wanted)} are shown; the JSON and CSV reports have all of them.`
      : "";
  return `Newest first. Open a line for the answers to all five questions.${cut}${rest}`;
}
