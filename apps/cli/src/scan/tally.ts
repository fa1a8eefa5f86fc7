// SPDX-License-Identifier: Apache-2.0
import type { ScanRecord, ScanSummary } from "@countersign/core/render";

/** Counts records as they stream by. */
export interface Tally {
  readonly add: (record: ScanRecord) => void;
  readonly summary: () => ScanSummary;
}

/** A hostile history could name a million models; memory must not follow. */
const MAX_KEYS = 10_000;
const OVERFLOW_KEY = "(others)";

export function createTally(): Tally {
  let commits = 0;
  const byState = { recorded: 0, declared: 0, signalled: 0, cleared: 0, unknown: 0 };
  const byCoverage = { whole: 0, partial: 0, none: 0 };
  const byTool = new Map<string, number>();
  const byModel = new Map<string, number>();
  const byMonth = new Map<string, MonthCount>();
  let month: Month | undefined;
  const byWarning = new Map<string, number>();
  return {
    add: (record) => {
      commits++;
      byState[record.state]++;
      byCoverage[record.coverage ?? "none"]++;
      const isAssisted = record.state === "recorded" || record.state === "declared";
      if (record.committedAt !== null) {
        // Neighbours in history are mostly of one month, whose name need not be cut out and looked up again.
        if (month === undefined || !record.committedAt.startsWith(month.name))
          month = openMonth(byMonth, record.committedAt);
        month.count.commits++;
        if (isAssisted) month.count.assisted++;
      }
      // Most commits have neither.
      if (record.assistance.length > 0) {
        for (const tool of unique(record.assistance.map((claim) => claim.tool))) count(byTool, tool);
        for (const model of unique(record.assistance.map((claim) => claim.model ?? "unnamed")))
          count(byModel, model);
      }
      if (record.warnings.length > 0)
        for (const code of unique(record.warnings.map((warning) => warning.code))) count(byWarning, code);
    },
    summary: () => ({ commits, byState, byTool, byModel, byMonth, byCoverage, byWarning }),
  };
}

function unique(items: readonly string[]): Iterable<string> {
  return items.length < 2 ? items : new Set(items);
}

function count(counts: Map<string, number>, key: string): void {
  const seen = counts.get(key);
  if (seen !== undefined) counts.set(key, seen + 1);
  // A key cut from a message would keep the whole message alive, however long; a copy keeps itself.
  else if (counts.size < MAX_KEYS) counts.set(` ${key}`.slice(1), 1);
  else counts.set(OVERFLOW_KEY, (counts.get(OVERFLOW_KEY) ?? 0) + 1);
}

interface MonthCount {
  commits: number;
  assisted: number;
}

interface Month {
  readonly name: string;
  readonly count: MonthCount;
}

/** The count of the month that a moment is in; one that leads nowhere once there are too many. */
function openMonth(months: Map<string, MonthCount>, at: string): Month {
  const name = at.slice(0, 7);
  const count = months.get(name) ?? { commits: 0, assisted: 0 };
  if (months.size < MAX_KEYS) months.set(name, count);
  return { name, count };
}
