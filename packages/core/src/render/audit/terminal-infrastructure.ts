// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from "../../audit/index.ts";
import { displayText } from "../display-text.ts";
import type { Palette } from "../palette.ts";
import { shortId } from "../report-words.ts";
import { formatColumns, wrapText } from "../text-layout.ts";
import { formatCount, plural } from "./audit-words.ts";
import {
  categoryTitle,
  countDangers,
  describeDanger,
  formatAiShare,
  INFRASTRUCTURE_TITLE,
} from "./infrastructure-words.ts";
import type { ChangeSums, FoundDanger } from "./sum-changes.ts";

export interface InfrastructurePage {
  readonly report: AuditReport;
  readonly sums: ChangeSums;
  readonly palette: Palette;
  readonly width: number;
}

/** The dangers of the newest changes under the category's numbers. */
export function infrastructureLines({ report, sums, palette, width }: InfrastructurePage): readonly string[] {
  const rows = report.totals.byCategory;
  const cells = rows.map((row) => [
    categoryTitle(row.category),
    plural(row.resources, "resource"),
    `AI wrote ${formatAiShare(row.lines)} lines`,
    countDangers(row),
  ]);
  const heads = formatColumns(cells, width - 2);
  return rows.length === 0
    ? []
    : [
        palette.strong(INFRASTRUCTURE_TITLE),
        ...rows.flatMap((row, i) => [
          `  ${heads[i] ?? ""}`,
          ...dangerLines(sums.dangers.get(row.category) ?? [], row.dangers, { palette, width }),
        ]),
      ];
}

const MOST_DANGERS = 5;

function dangerLines(
  found: readonly FoundDanger[],
  count: number,
  { palette, width }: Pick<InfrastructurePage, "palette" | "width">,
): readonly string[] {
  const shown = found.slice(0, MOST_DANGERS);
  const lines = shown.flatMap(({ head: id, danger, isUnsigned }) => {
    const text = `${displayText(danger.resource, 160)}: ${displayText(describeDanger(danger), 300)}`;
    const [first = "", ...rest] = wrapText(text, Math.max(40, width - 20));
    const mark = isUnsigned ? palette.bad("!") : palette.faint("·");
    return [`    ${mark} ${shortId(id)}  ${first}`, ...rest.map((line) => `${" ".repeat(20)}${line}`)];
  });
  const rest = count - shown.length;
  return rest > 0
    ? [...lines, palette.faint(`    … and ${formatCount(rest)} more (--json, --csv or --html)`)]
    : lines;
}
