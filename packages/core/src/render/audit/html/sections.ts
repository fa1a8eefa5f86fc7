// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, GapGroup, ReportedDeployment } from "../../../audit/index.ts";
import { shortId } from "../../report-words.ts";
import {
  describeAnswer,
  describeScope,
  describeUnknown,
  formatAiLines,
  formatCount,
  formatShare,
  formatTime,
  GAP_TITLES,
  NOT_KEPT,
  plural,
  QUESTIONS,
  STATE_WORDS,
} from "../audit-words.ts";
import type { ChangeSums } from "../sum-changes.ts";
import { lineSegments, monthChart, shareTable, stackedBar, toolTable } from "./charts.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

export function head(report: AuditReport): Markup {
  const { totals, repository, target, generatedAt, isPseudonymous } = report;
  const high = countGaps(report, "high");
  const facts = [
    repository === "" ? "repository not named" : repository,
    target,
    describeScope(report.scope),
    `made ${formatTime(generatedAt)} UTC`,
    ...(isPseudonymous ? ["people are pseudonyms"] : []),
  ];
  const signed = formatShare(totals.signedOff, totals.assisted);
  return html`<header class="top"><div class="eyebrow">Countersign audit report</div><h1>What shipped, and who reviewed it</h1><div class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</div><p class="lead">${describeAnswer(report).join(" ")}</p>
<div class="tiles">${[
    tile(formatCount(totals.changes), `changes shipped, ${plural(totals.commits, "commit")}`, ""),
    tile(
      formatShare(totals.assisted, totals.changes),
      "of changes are known to have had help from an AI",
      "ai",
    ),
    tile(formatAiLines(totals.lines), "of added lines are known as an AI's", "ai"),
    tile(
      formatShare(totals.byState.unknown, totals.changes),
      "of changes are of unknown origin",
      totals.byState.unknown > 0 ? "mid" : "good",
    ),
    tile(
      signed,
      "of AI-assisted changes signed off",
      totals.assisted > 0 && totals.signedOff < totals.assisted ? "bad" : "good",
    ),
    tile(formatCount(high), high === 1 ? "serious gap" : "serious gaps", high > 0 ? "bad" : "good"),
  ]}</div>
<nav><a href="#gaps">Gaps</a><a href="#used">AI</a>${totals.byCategory.length === 0 ? NOTHING : html`<a href="#infrastructure">Infrastructure</a>`}<a href="#which">Tools</a><a href="#reviewed">Reviews</a><a href="#asked">Asked</a><a href="#after">Afterwards</a><a href="#changes">Changes</a><a href="#proofs">Proofs</a></nav></header><main>
`;
}

function tile(value: string, text: string, tone: string): Markup {
  return html`<div class="tile ${tone}"><b class="${value.length > 9 ? "long" : ""}">${value}</b><span>${text}</span></div>`;
}

function countGaps({ gaps: groups }: AuditReport, severity: GapGroup["severity"]): number {
  return groups.filter((group) => group.severity === severity).reduce((sum, { count }) => sum + count, 0);
}

const MOST_ITEMS = { high: 12, medium: 6, low: 4 } as const;

export function gaps({ gaps: groups }: AuditReport): Markup {
  const body =
    groups.length === 0 ? [html`<p class="yes">None found.</p>`] : groups.map((group) => gapBlock(group));
  return html`<section id="gaps"><header><h2>Gaps in the record</h2></header><p class="quiet">What is missing, worst first. Everything below is to be read with this in mind.</p>${body}</section>
`;
}

function gapBlock({ code, severity, meaning, count, items }: GapGroup): Markup {
  const rows = items
    .slice(0, MOST_ITEMS[severity])
    .map(
      ({ change, title, reason }) =>
        html`<tr><td class="id">${change === null ? NOTHING : html`<a href="#c-${shortId(change)}">${shortId(change)}</a>`}</td><td>${title}</td><td class="quiet">${reason}</td></tr>`,
    );
  const rest = count - rows.length;
  return html`<div class="gap ${severity}"><h3><b>${formatCount(count)}</b>${GAP_TITLES[code]}</h3><p class="quiet">${meaning}</p><div class="wide"><table><tbody>${rows}</tbody></table></div>${rest > 0 ? html`<p class="quiet">… and ${formatCount(rest)} more below, or in the JSON and CSV reports.</p>` : NOTHING}</div>`;
}

export function deliveries({ deployments }: AuditReport): Markup {
  if (deployments.length === 0) return NOTHING;
  const rows = deployments.slice(-100).reverse().map(delivery);
  return html`<section id="deliveries"><header><h2>Deliveries</h2></header><div class="wide"><table class="deliveries"><thead><tr><th>time, UTC</th><th>environment</th><th>commit</th><th>verdict</th><th>log</th><th>pipeline</th></tr></thead>${rows}</table></div></section>
`;
}

function delivery({
  at,
  environment,
  head: id,
  verdict,
  pipeline,
  proof,
  problem,
}: ReportedDeployment): Markup {
  const isGood = problem === null;
  const why = isGood ? NOTHING : html`<tr class="why"><td colspan="6">${problem}</td></tr>`;
  return html`<tbody><tr><td>${formatTime(at)}</td><td>${environment}</td><td class="id">${shortId(id)}</td><td class="${isGood ? "yes" : "no"}">${verdict}</td><td>${proof === null ? "not in a log" : `entry ${proof.index}`}</td><td class="quiet">${pipeline ?? "–"}</td></tr>${why}</tbody>`;
}

function question(number: number, id: string, title: string, body: readonly Markup[]): Markup {
  return html`<section id="${id}"><header><span class="n">${number}</span><h2>${title}</h2></header>${body}</section>
`;
}

export function used({ totals }: AuditReport): Markup {
  const { byState } = totals;
  const states = stackedBar("Changes by what is known of them", "change", [
    { name: STATE_WORDS.recorded, count: byState.recorded, tone: "ai" },
    { name: STATE_WORDS.declared, count: byState.declared, tone: "claimed" },
    { name: STATE_WORDS.signalled, count: byState.signalled, tone: "signal" },
    { name: STATE_WORDS.cleared, count: byState.cleared, tone: "human" },
    { name: STATE_WORDS.unknown, count: byState.unknown, tone: "unknown" },
  ]);
  return question(1, "used", QUESTIONS.used, [
    html`<p class="quiet">${describeUnknown(totals)}</p>`,
    states,
    stackedBar("Added lines by who wrote them", "line", lineSegments(totals.lines)),
    monthChart(totals.byMonth),
    html`<div class="cols">${[shareTable("By class", totals.byClass), shareTable("By team", totals.byTeam), shareTable("By folder", totals.byPath)]}</div>`,
  ]);
}

export function which({ totals }: AuditReport): Markup {
  const tools = [
    toolTable("Tools", totals.byTool, totals.assisted),
    toolTable("Models", totals.byModel, totals.assisted),
  ];
  const body =
    totals.byTool.length === 0
      ? html`<p class="quiet">No tool is named.</p>`
      : html`<div class="cols">${tools}</div>`;
  return question(2, "which", QUESTIONS.which, [body]);
}

const MOST_REVIEWERS = 40;

export function reviewed({ totals }: AuditReport): Markup {
  const { assisted, signedOff, reviewers } = totals;
  const bar = stackedBar("AI-assisted changes", "change", [
    { name: "with a counted sign-off of a named person", count: signedOff, tone: "good" },
    { name: "without", count: assisted - signedOff, tone: "bad" },
  ]);
  const rows = reviewers
    .slice(0, MOST_REVIEWERS)
    .map(
      ({ person, approvals, rejections, overrides, busiest }) =>
        html`<tr><th scope="row">${person}</th>${[approvals, rejections, overrides, busiest].map((count) => html`<td class="num">${formatCount(count)}</td>`)}</tr>`,
    );
  const table =
    rows.length === 0
      ? html`<p class="quiet">Nobody's statement counted.</p>`
      : html`<figure class="chart"><figcaption>People</figcaption><div class="wide"><table><thead><tr><th></th><th class="num">approvals</th><th class="num">rejections</th><th class="num">overrides</th><th class="num">most approvals within 5 min</th></tr></thead><tbody>${rows}</tbody></table></div></figure>`;
  return question(3, "reviewed", QUESTIONS.reviewed, [assisted === 0 ? NOTHING : bar, table]);
}

const MOST_TOOLS = 20;

export function asked(_: AuditReport, { byConversationTool }: ChangeSums): Markup {
  const rows = byConversationTool
    .slice(0, MOST_TOOLS)
    .map(
      ({ tool, sessions, changes }) =>
        html`<tr><th scope="row">${tool}</th><td class="num">${formatCount(sessions)}</td><td class="num">${formatCount(changes)}</td></tr>`,
    );
  const table =
    rows.length === 0
      ? html`<p class="quiet">No conversation is named in any record.</p>`
      : html`<figure class="chart"><figcaption>Conversations that are named</figcaption><div class="wide"><table><thead><tr><th></th><th class="num">mentions</th><th class="num">changes</th></tr></thead><tbody>${rows}</tbody></table></div></figure>`;
  return question(4, "asked", QUESTIONS.asked, [html`<p>${NOT_KEPT}</p>`, table]);
}

export function after({ surviving }: AuditReport, sums: ChangeSums): Markup {
  const facts = html`<p>${plural(sums.editedLines, "AI line")} edited by somebody before landing; they stay AI-originated. ${plural(sums.reverted, "change")} taken back later, ${formatCount(sums.revertedAssisted)} of them AI-assisted.</p>`;
  if (surviving === null) return question(5, "after", QUESTIONS.after, [facts]);
  const title = `What is left today in ${plural(surviving.files, "file")} that an AI worked on`;
  const rest =
    surviving.filesLeft === 0
      ? NOTHING
      : html`<p class="quiet">There was no time for ${plural(surviving.filesLeft, "more file")}.</p>`;
  const bar = stackedBar(title, "line", lineSegments({ ...surviving, added: surviving.lines }));
  return question(5, "after", QUESTIONS.after, [facts, surviving.lines === 0 ? NOTHING : bar, rest]);
}

export function proofs({ ledger, base, head: tip, notes }: AuditReport, hasBundle: boolean): Markup {
  const log =
    ledger === null
      ? html`<p>There is no log here: when evidence came is its authors' word alone.</p>`
      : html`<dl><dt>Log</dt><dd>${ledger.origin}</dd><dt>Entries</dt><dd>${formatCount(ledger.treeSize)}</dd><dt>Root</dt><dd><code>${ledger.rootHash}</code></dd><dt>Key</dt><dd><code>${ledger.verifierKey}</code></dd><dt>Witnesses</dt><dd>${plural(ledger.cosignatures, "cosignature")}</dd></dl>`;
  const check = hasBundle
    ? html`<p id="check" class="quiet">Not checked: this browser runs no script.</p><p>The statements, their inclusion proofs and the log's signed checkpoint are inside this file. Whoever does not trust this page checks it with <code>countersign ledger verify --bundle FILE</code>, with no network and no repository, and with the log's key from somewhere else: <code>--log-key KEY</code>.</p>`
    : html`<p class="quiet">This page carries no proofs; <code>countersign report --write html=FILE</code> where a log exists makes one that does.</p>`;
  const rows = notes.map(({ code, message }) => html`<li><code>${code}</code> ${message}</li>`);
  return html`<section id="proofs" class="proofs"><header><h2>Proofs</h2></header><dl><dt>From</dt><dd><code>${base ?? "the first commit"}</code></dd><dt>To</dt><dd><code>${tip}</code></dd></dl>${log}${check}${rows.length === 0 ? NOTHING : html`<ul>${rows}</ul>`}</section>
`;
}
