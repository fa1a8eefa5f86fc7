// SPDX-License-Identifier: Apache-2.0
import type { LineShare, ShareRow } from "../../../audit/index.ts";
import { formatAiLines, formatCount, formatShare, plural } from "../audit-words.ts";
import { html, type Markup } from "./markup.ts";

/** One part of a whole, with the class that gives it its colour. */
export interface Segment {
  readonly name: string;
  readonly count: number;
  readonly tone: "ai" | "claimed" | "signal" | "human" | "unknown" | "good" | "bad";
}

export function lineSegments({ ai, claimed, human, unknown }: LineShare): readonly Segment[] {
  return [
    { name: "AI, recorded line by line", count: ai, tone: "ai" },
    { name: "in commits that name an AI, lines not recorded", count: claimed, tone: "claimed" },
    { name: "human, recorded", count: human, tone: "human" },
    { name: "unknown", count: unknown, tone: "unknown" },
  ];
}

/** A bar cut into its parts, with a legend that says the same in numbers. */
export function stackedBar(title: string, unit: string, segments: readonly Segment[]): Markup {
  const shown = segments.filter(({ count }) => count > 0);
  const whole = shown.reduce((sum, { count }) => sum + count, 0);
  let at = 0;
  const rects = shown.map(({ name, count, tone }) => {
    const x = at;
    const width = (1000 * count) / Math.max(whole, 1);
    at += width;
    return html`<rect class="tone-${tone}" x="${x.toFixed(2)}" y="0" width="${Math.max(width - 2, 1).toFixed(2)}" height="26"><title>${name}: ${formatCount(count)} (${formatShare(count, whole)})</title></rect>`;
  });
  const legend = shown.map(
    ({ name, count, tone }) =>
      html`<li><span class="dot tone-${tone}"></span><span>${name}</span><b>${formatCount(count)}</b><i>${formatShare(count, whole)}</i></li>`,
  );
  const parts = shown.map(({ name, count }) => `${name} ${formatShare(count, whole)}`).join(", ");
  return html`<figure class="chart"><figcaption>${title} <small>${plural(whole, unit)}</small></figcaption>
<svg class="stack" viewBox="0 0 1000 26" preserveAspectRatio="none" role="img" aria-label="${title}: ${parts}">${rects}</svg>
<ul class="legend">${legend}</ul></figure>
`;
}

const HEIGHT = 120;
const MOST_MONTHS = 36;
const WIDTH = 1000;
const WIDEST_COLUMN = 84;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Changes by month, those with AI at the foot of each column. */
export function monthChart(rows: readonly ShareRow[]): Markup {
  const months = rows.slice(-MOST_MONTHS);
  if (months.length < 2) return html``;
  const most = Math.max(...months.map((row) => row.changes));
  const column = Math.min(WIDEST_COLUMN, Math.floor(WIDTH / months.length));
  const gap = Math.ceil(column / 8);
  const columns = months.map((row, i) => {
    const height = (count: number) => (HEIGHT * count) / most;
    const [all, ai] = [height(row.changes), height(row.assisted)];
    const x = i * column + gap;
    const year = row.name.endsWith("-01") || i === 0;
    return html`<g><title>${row.name}: ${plural(row.changes, "change")}, ${formatCount(row.assisted)} with AI (${formatShare(row.assisted, row.changes)})</title><rect class="tone-rest" x="${x}" y="${(HEIGHT - all).toFixed(1)}" width="${column - 2 * gap}" height="${Math.max(0, all - ai).toFixed(1)}" rx="2"/><rect class="tone-ai" x="${x}" y="${(HEIGHT - ai).toFixed(1)}" width="${column - 2 * gap}" height="${ai.toFixed(1)}" rx="2"/><text x="${i * column + column / 2}" y="${HEIGHT + 16}">${MONTHS[Number(row.name.slice(5)) - 1] ?? row.name.slice(5)}</text>${year ? html`<text class="year" x="${i * column + column / 2}" y="${HEIGHT + 30}">${row.name.slice(0, 4)}</text>` : html``}</g>`;
  });
  const width = months.length * column;
  const from = months[0]?.name ?? "";
  const to = months.at(-1)?.name ?? "";
  return html`<figure class="chart"><figcaption>Changes by month <small><span class="dot tone-ai"></span> with AI <span class="dot tone-rest"></span> others; months as commits claim them</small></figcaption>
<div class="wide"><svg class="months" viewBox="0 0 ${width} ${HEIGHT + 36}" width="${width}" height="${HEIGHT + 36}" role="img" aria-label="Changes by month from ${from} to ${to}, with and without AI"><line x1="0" x2="${width}" y1="${HEIGHT}" y2="${HEIGHT}"/>${columns}</svg></div></figure>
`;
}

const MOST_BARS = 12;

/** A table with a bar in each row: how much of the row's lines an AI wrote, or how many changes it is in. */
export function shareTable(title: string, rows: readonly ShareRow[]): Markup {
  if (rows.length === 0) return html``;
  const most = Math.max(...rows.map((row) => row.changes));
  const body = rows
    .slice(0, MOST_BARS)
    .map(
      (row) =>
        html`<tr><th scope="row">${row.name}</th><td class="num">${formatCount(row.changes)}</td><td class="num">${formatShare(row.assisted, row.changes)}</td><td class="num">${formatAiLines(row.lines)}</td><td class="meter">${meter(row.assisted, row.changes, most)}</td></tr>`,
    );
  return html`<figure class="chart"><figcaption>${title}</figcaption><div class="wide"><table class="shares"><thead><tr><th></th><th class="num">changes</th><th class="num">with AI</th><th class="num">lines by AI</th><th><span class="quiet">with AI, of all changes</span></th></tr></thead><tbody>${body}</tbody></table></div>${restNote(rows.length)}</figure>
`;
}

function meter(part: number, whole: number, most: number): Markup {
  const width = (count: number) => ((200 * count) / Math.max(most, 1)).toFixed(1);
  return html`<svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true"><rect class="tone-rest" x="0" y="0" width="${width(whole)}" height="10" rx="2"/><rect class="tone-ai" x="0" y="0" width="${width(part)}" height="10" rx="2"/></svg>`;
}

/** Tools or models: in how many changes, and how many lines are recorded as theirs. */
export function toolTable(title: string, rows: readonly ShareRow[], assisted: number): Markup {
  if (rows.length === 0) return html``;
  const body = rows
    .slice(0, MOST_BARS)
    .map(
      (row) =>
        html`<tr><th scope="row">${row.name}</th><td class="num">${formatCount(row.changes)}</td><td class="num">${formatShare(row.changes, assisted)}</td><td class="num">${formatCount(row.lines.ai)}</td><td class="meter">${meter(row.changes, row.changes, Math.max(assisted, 1))}</td></tr>`,
    );
  return html`<figure class="chart"><figcaption>${title}</figcaption><div class="wide"><table class="shares"><thead><tr><th></th><th class="num">changes</th><th class="num">of all with AI</th><th class="num">recorded lines</th><th></th></tr></thead><tbody>${body}</tbody></table></div>${restNote(rows.length)}</figure>
`;
}

function restNote(count: number): Markup {
  return count > MOST_BARS
    ? html`<p class="quiet">… and ${formatCount(count - MOST_BARS)} more; the JSON report has all of them.</p>`
    : html``;
}
