// SPDX-License-Identifier: Apache-2.0
import {
  type AuditReport,
  lacksSignOff,
  type ShippedCategory,
  type ShippedChange,
  type ShippedDanger,
} from "../../audit/index.ts";

/** What a medium says of all changes beside the totals. */
export interface ChangeSums {
  readonly conversations: number;
  readonly byConversationTool: readonly {
    readonly tool: string;
    readonly sessions: number;
    readonly changes: number;
  }[];
  /** The newest of each category. */
  readonly dangers: ReadonlyMap<ShippedCategory, readonly FoundDanger[]>;
  readonly editedLines: number;
  readonly reverted: number;
  readonly revertedAssisted: number;
  /** Changes of which the medium would show a row. */
  readonly wanted: number;
}

/** Of which changes a medium shows a row. */
export type IsShown = (change: ShippedChange) => boolean;

export function hasAiOrGaps({ isAssisted, gaps }: ShippedChange): boolean {
  return isAssisted || gaps.length > 0;
}

export interface FoundDanger {
  readonly head: ShippedChange["head"];
  readonly danger: ShippedDanger;
  readonly isUnsigned: boolean;
}

/** The newest of those that are shown, row by row: all of them may be more than memory should hold. */
export function* firstShown(
  { changes }: AuditReport,
  isShown: IsShown,
  most: number,
): Generator<ShippedChange, void, undefined> {
  let left = most;
  for (const change of changes) {
    if (left === 0) return;
    if (!isShown(change)) continue;
    left--;
    yield change;
  }
}

/** In one pass, since rows may lie packed. */
export function sumChanges({ changes }: AuditReport, isShown: IsShown): ChangeSums {
  const tools = new Map<string, { sessions: number; changes: number }>();
  const dangers = new Map<ShippedCategory, FoundDanger[]>();
  let [conversations, editedLines, reverted, revertedAssisted, wanted] = [0, 0, 0, 0, 0];
  for (const change of changes) {
    conversations += change.sessions.length;
    addTools(tools, change);
    addDangers(dangers, change);
    editedLines += change.afterwards.editedLines;
    const isReverted = change.afterwards.revertedBy.length > 0;
    if (isReverted) reverted++;
    if (isReverted && change.isAssisted) revertedAssisted++;
    if (isShown(change)) wanted++;
  }
  const byConversationTool = [...tools]
    .map(([tool, row]) => ({ tool, ...row }))
    .sort((a, b) => b.changes - a.changes);
  return {
    conversations,
    byConversationTool,
    dangers,
    editedLines,
    reverted,
    revertedAssisted,
    wanted,
  };
}

/** More of one category are in the rows of their changes. */
export const MOST_DANGERS = 20;

function addDangers(found: Map<ShippedCategory, FoundDanger[]>, change: ShippedChange): void {
  for (const { category, dangers } of change.infrastructure) {
    const known = found.get(category) ?? [];
    found.set(category, known);
    for (const danger of dangers.slice(0, MOST_DANGERS - known.length))
      known.push({ head: change.head, danger, isUnsigned: lacksSignOff(change) });
  }
}

/** A hostile history could name a million tools; memory must not follow. */
const MOST_TOOLS = 1000;

function addTools(
  tools: Map<string, { sessions: number; changes: number }>,
  { sessions }: ShippedChange,
): void {
  const seen = new Set<string>();
  for (const { tool } of sessions) {
    if (tools.size >= MOST_TOOLS && !tools.has(tool)) continue;
    const row = tools.get(tool) ?? { sessions: 0, changes: 0 };
    tools.set(tool, row);
    row.sessions++;
    if (!seen.has(tool)) row.changes++;
    seen.add(tool);
  }
}
