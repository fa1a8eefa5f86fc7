// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, CategoryRow, ShippedChange } from "../../../audit/index.ts";
import { shortId } from "../../report-words.ts";
import { formatCount, plural } from "../audit-words.ts";
import {
  categoryTitle,
  countDangers,
  describeDanger,
  formatAiShare,
  INFRASTRUCTURE_TITLE,
} from "../infrastructure-words.ts";
import type { ChangeSums } from "../sum-changes.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

/** What AI-assisted changes touched, by category, with the dangers of the newest. */
export function infrastructure({ totals: { byCategory } }: AuditReport, { dangers }: ChangeSums): Markup {
  if (byCategory.length === 0) return NOTHING;
  const blocks = byCategory.flatMap((row) => categoryRows(row, dangers));
  return html`<section id="infrastructure"><header><h2>${INFRASTRUCTURE_TITLE}</h2></header><div class="wide"><table class="shares"><thead><tr><th></th><th class="num">changes</th><th class="num">resources</th><th class="num">with AI lines</th><th class="num">AI lines</th><th>dangers</th></tr></thead>${blocks}</table></div></section>
`;
}

function categoryRows(row: CategoryRow, dangers: ChangeSums["dangers"]): readonly Markup[] {
  const found = dangers.get(row.category) ?? [];
  const rest = row.dangers - found.length;
  const lines = found.map(
    ({ head, danger, isUnsigned }) =>
      html`<tr class="why"><td class="id"><a href="#c-${shortId(head)}">${shortId(head)}</a></td><td colspan="5"><b>${danger.resource}</b> <span class="${isUnsigned ? "no" : "quiet"}">${describeDanger(danger)}${isUnsigned ? " · not signed off" : ""}</span></td></tr>`,
  );
  const more =
    rest > 0
      ? html`<tr class="why"><td></td><td colspan="5">and ${formatCount(rest)} more, in the JSON and CSV reports</td></tr>`
      : NOTHING;
  const tone = row.unsigned > 0 ? "no" : row.dangers > 0 ? "wait" : "quiet";
  return [
    html`<tbody><tr><th scope="row">${categoryTitle(row.category)}</th><td class="num">${formatCount(row.changes)}</td><td class="num">${formatCount(row.resources)}</td><td class="num">${formatCount(row.byAi)}</td><td class="num">${formatAiShare(row.lines)}</td><td class="${tone}">${countDangers(row)}</td></tr>${lines}${more}</tbody>`,
  ];
}

/** The same of one change. */
export function touched({ infrastructure: groups }: ShippedChange): Markup {
  return html`${groups.map(
    ({ category, resources, lines, dangers, moreDangers }) =>
      html`<div><b>${categoryTitle(category)}</b> · ${plural(resources, "resource")} · AI ${formatAiShare(lines)} lines</div>${dangers.map((danger) => html`<div class="wait">${danger.resource}: ${describeDanger(danger)}</div>`)}${moreDangers === 0 ? NOTHING : html`<div class="wait">and ${formatCount(moreDangers)} more</div>`}`,
  )}`;
}
