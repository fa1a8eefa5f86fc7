// SPDX-License-Identifier: Apache-2.0
import type { JournalLine } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";

/**
 * The journal up to the first end of a call that began when HEAD's log was longer than `log` bytes: what such a call wrote is in no commit from before.
 * All of it where a call from before ended only afterwards, since what that one wrote may be. `open`: calls that began before these lines.
 */
export function begunBefore(
  lines: readonly JournalLine[],
  log: number,
  open: readonly JournalEntry[] = [],
): readonly JournalLine[] {
  const entries = lines.map(({ entry }) => (entry.phase === "start" ? undefined : entry));
  const beginnings = indexBeginnings([...open, ...entries]);
  const isEarly = entries.map(
    (entry) => entry !== undefined && ((beginnings.get(keyOf(entry)) ?? entry).log ?? 0) <= log,
  );
  const end = entries.findIndex((entry, index) => entry !== undefined && isEnd(entry) && !isEarly[index]);
  if (end < 0) return lines;
  const isLeft = entries.some(
    (entry, index) => index > end && entry !== undefined && isEnd(entry) && isEarly[index],
  );
  return isLeft ? lines : lines.slice(0, end);
}

/** The first of each call; of one whose beginning nobody saw there is none. */
function indexBeginnings(entries: readonly (JournalEntry | undefined)[]): ReadonlyMap<string, JournalEntry> {
  const beginnings = new Map<string, JournalEntry>();
  for (const entry of entries)
    if (entry?.phase === "before" && entry.callKey !== "" && !beginnings.has(keyOf(entry)))
      beginnings.set(keyOf(entry), entry);
  return beginnings;
}

/** The same for both ends of a call, as `isSameCall` has it. */
function keyOf({ callKey, tool, session }: JournalEntry): string {
  return JSON.stringify([callKey, tool, session]);
}

/** An agent's text is known from here on. */
function isEnd({ phase, callKey }: JournalEntry): boolean {
  return phase === "after" || phase === "failed" || (phase === "commit" && callKey !== "");
}
