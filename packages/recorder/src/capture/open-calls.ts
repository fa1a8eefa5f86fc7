// SPDX-License-Identifier: Apache-2.0
import type { Fold } from "./fold-state.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** Nothing that an agent does takes longer; an older call was never ended by anybody. */
const LONGEST_CALL_S = 24 * 3600;

export function isSameCall(a: JournalEntry, b: JournalEntry): boolean {
  return a.callKey !== "" && a.callKey === b.callKey && a.tool === b.tool && a.session === b.session;
}

/** A hook that fires twice opens a call once. */
export function openCall(fold: Fold, entry: JournalEntry): void {
  expire(fold, (call) => isSupersededBy(call, entry) || entry.at - call.at > LONGEST_CALL_S, entry.at);
  if (!fold.open.some((call) => isSameCall(call, entry))) fold.open.push(entry);
}

/** Takes a call from the open ones; undefined where its beginning was never seen. */
export function closeCall(fold: Fold, entry: JournalEntry): JournalEntry | undefined {
  const call = [...fold.open, ...fold.suspects].find((known) => isSameCall(known, entry));
  fold.open = fold.open.filter((known) => known !== call);
  fold.suspects = fold.suspects.filter((known) => known !== call);
  return call;
}

/** A failed edit often has no `after`: the next call of the same agent on the same file says that it is over. */
function isSupersededBy(call: JournalEntry, entry: JournalEntry): boolean {
  if (isSameCall(call, entry) || call.action !== "edit" || entry.action !== "edit") return false;
  if (call.session !== entry.session || call.subAgent !== entry.subAgent || call.tool !== entry.tool)
    return false;
  const paths = new Set(entry.files.map(({ path }) => path));
  return call.files.some(({ path }) => paths.has(path));
}

/** End of a turn or of a conversation: what it had open is over, whether it said so or not. */
export function endSession(fold: Fold, { tool, session, subAgent, isFinal, at }: JournalEntry): void {
  const isOver = (call: JournalEntry): boolean =>
    call.session === session && call.tool === tool && (isFinal || call.subAgent === subAgent);
  expire(fold, isOver, at);
}

/**
 * Calls that ended without a word. What such an edit wanted to write stays its agent's where it shows up. A shell command
 * may have written anything: what changed up to the next look is nobody's.
 */
export function expire(fold: Fold, isOver: (call: JournalEntry) => boolean, at: number): void {
  const over = fold.open.filter(isOver);
  if (over.length === 0) return;
  fold.open = fold.open.filter((call) => !over.includes(call));
  fold.suspects.push(...over.filter(({ action }) => action === "edit"));
  const shells = over.filter(({ action }) => action === "shell");
  if (shells.length === 0) return;
  for (const { tool } of shells)
    fold.gaps.push({ code: "after-missing", message: `a command of ${tool} ended without a report`, at });
  fold.doubtAll();
}
