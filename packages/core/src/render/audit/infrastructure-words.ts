// SPDX-License-Identifier: Apache-2.0
import type { CategoryRow, ShippedCategory, ShippedChange, ShippedDanger } from "../../audit/index.ts";
import { formatCount, plural } from "./audit-words.ts";

export const INFRASTRUCTURE_TITLE = "What AI-assisted changes did to infrastructure";

export function categoryTitle(category: ShippedCategory): string {
  return category === "unparsed" ? "not understood" : category;
}

/** `12 of 14` lines, by the records and claims of the commits. */
export function formatAiShare({ ai, of }: CategoryRow["lines"]): string {
  return `${formatCount(ai)} of ${formatCount(of)}`;
}

export function countDangers({ dangers, unsigned }: CategoryRow): string {
  if (dangers === 0) return "no danger";
  const open = unsigned === 0 ? "all signed off" : `${formatCount(unsigned)} not signed off`;
  return `${plural(dangers, "danger")}, ${open}`;
}

/** `privilege-widened: newly allows s3:* on *`; not safe to print. */
export function describeDanger({ code, reason }: ShippedDanger): string {
  return code === "unparsed" ? reason : `${code}: ${reason}`;
}

/** For one cell: `iam 3/4 lines by AI in 2 resources`. */
export function listInfrastructure({ infrastructure }: ShippedChange): readonly string[] {
  return infrastructure.map(
    ({ category, resources, lines }) =>
      `${categoryTitle(category)} ${lines.ai}/${lines.of} lines by AI in ${plural(resources, "resource")}`,
  );
}

/** For one cell, in the order of the categories; not safe to print. */
export function listDangers({ infrastructure }: ShippedChange): readonly string[] {
  return infrastructure.flatMap(({ category, dangers, moreDangers }) => [
    ...dangers.map((danger) => `${danger.resource} (${categoryTitle(category)}) ${describeDanger(danger)}`),
    ...(moreDangers === 0 ? [] : [`${formatCount(moreDangers)} more of ${categoryTitle(category)}`]),
  ]);
}
