// SPDX-License-Identifier: Apache-2.0
import {
  CATEGORIES,
  type Impact,
  type ImpactResource,
  type ImpactUnparsed,
} from "../../infrastructure/index.ts";
import type { ShippedCategory, ShippedDanger, ShippedInfrastructure } from "./shipped-change.ts";

/** A row must stay small, whatever a change touches; the rest is counted. */
const MOST_DANGERS = 16;
const LONGEST = 300;

/** Categories in the order in which every medium lists them. */
export const SHIPPED_CATEGORIES: readonly ShippedCategory[] = [...CATEGORIES, "unparsed"];

/** What a change did to infrastructure, by category; empty for one that touches none. */
export function toShippedInfrastructure({ resources, unparsed }: Impact): readonly ShippedInfrastructure[] {
  const groups = new Map<ShippedCategory, Piece[]>();
  const put = (category: ShippedCategory, piece: Piece): void => {
    const known = groups.get(category);
    if (known === undefined) groups.set(category, [piece]);
    else known.push(piece);
  };
  for (const resource of resources) put(resource.category, toPiece(resource));
  // Files of which nobody can say what they hold count as infrastructure, and why is their danger.
  for (const file of unparsed) put("unparsed", toUnparsedPiece(file));
  return SHIPPED_CATEGORIES.flatMap((category) => {
    const pieces = groups.get(category);
    return pieces === undefined ? [] : [toGroup(category, pieces)];
  });
}

interface Piece {
  readonly ai: ImpactResource["ai"];
  readonly dangers: readonly ShippedDanger[];
}

function toPiece({ type, name, path, dangers, ai }: ImpactResource): Piece {
  const place = { resource: cut([type, name].filter(Boolean).join(".")), path: cut(path) };
  return { ai, dangers: dangers.map(({ code, reason }) => ({ ...place, code, reason: cut(reason) })) };
}

function toUnparsedPiece({ path, reason, ai }: ImpactUnparsed): Piece {
  return { ai, dangers: [{ code: "unparsed", resource: cut(path), path: cut(path), reason: cut(reason) }] };
}

/** Where the change has no lines to tell by, as with a mode, it is the AI's that took part in it. */
function isByAi({ ai: { lines, of } }: Piece): boolean {
  return lines > 0 || of === 0;
}

function toGroup(category: ShippedCategory, pieces: readonly Piece[]): ShippedInfrastructure {
  const sum = (of: (piece: Piece) => number) => pieces.reduce((total, piece) => total + of(piece), 0);
  const own = pieces.filter(isByAi);
  const dangers = own.flatMap((piece) => piece.dangers);
  return {
    category,
    resources: pieces.length,
    byAi: own.length,
    lines: { ai: sum(({ ai }) => ai.lines), of: sum(({ ai }) => ai.of) },
    dangers: dangers.slice(0, MOST_DANGERS),
    moreDangers: Math.max(0, dangers.length - MOST_DANGERS),
  };
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).toWellFormed()}…`;
}
