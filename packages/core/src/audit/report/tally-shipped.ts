// SPDX-License-Identifier: Apache-2.0
import { parseInstant } from "../../attestation/index.ts";
import type { CommitState } from "../../trailers/assistance.ts";
import type { CategoryRow, ReportTotals, ReviewerRow, ShareRow } from "./audit-report.ts";
import { isSignedOff, lacksSignOff } from "./lacks-sign-off.ts";
import type { LineShare, ShippedCategory, ShippedChange, ShippedInfrastructure } from "./shipped-change.ts";
import { SHIPPED_CATEGORIES } from "./to-shipped-infrastructure.ts";

/** Adds up changes as they go by. */
export interface ShippedTally {
  readonly add: (change: ShippedChange) => void;
  readonly totals: () => ReportTotals;
}

/** A hostile history could name a million models; memory must not follow. */
const MOST_KEYS = 10_000;
const OTHERS = "(others)";
export const NO_LINES: LineShare = { added: 0, ai: 0, claimed: 0, human: 0, unknown: 0 };

export function createShippedTally(): ShippedTally {
  const counts = { changes: 0, commits: 0, assisted: 0, signedOff: 0 };
  const byState: Record<CommitState, number> = {
    recorded: 0,
    declared: 0,
    signalled: 0,
    cleared: 0,
    unknown: 0,
  };
  const byVerdict = { pass: 0, pending: 0, denied: 0, error: 0, unjudged: 0 };
  let lines = NO_LINES;
  const [tools, models, paths, teams, classes, months] = [0, 0, 0, 0, 0, 0].map(createRows) as [
    Rows,
    Rows,
    Rows,
    Rows,
    Rows,
    Rows,
  ];
  const reviewers = createReviewers();
  const categories = createCategories();
  return {
    add: (change) => {
      counts.changes++;
      counts.commits += change.commits;
      if (change.isAssisted) counts.assisted++;
      if (change.isAssisted && isSignedOff(change)) counts.signedOff++;
      byState[change.state]++;
      byVerdict[change.verdict ?? "unjudged"]++;
      lines = addLines(lines, change.lines);
      for (const [name, own] of groupTools(change, ({ tool }) => tool)) tools.add(name, true, own);
      for (const [name, own] of groupTools(change, ({ model }) => model ?? "model not named"))
        models.add(name, true, own);
      for (const path of change.paths) paths.add(path, change.isAssisted, change.lines);
      for (const name of change.teams) teams.add(name, change.isAssisted, change.lines);
      for (const name of change.classes) classes.add(name, change.isAssisted, change.lines);
      if (change.committedAt !== null)
        months.add(change.committedAt.slice(0, 7), change.isAssisted, change.lines);
      categories.add(change);
      reviewers.add(change);
    },
    totals: () => ({
      ...counts,
      byState,
      byVerdict,
      lines,
      byTool: tools.list(compareSize),
      byModel: models.list(compareSize),
      byPath: paths.list(compareSize),
      byTeam: teams.list(compareSize),
      byClass: classes.list(compareSize),
      byMonth: months.list(compareName),
      byCategory: categories.list(),
      reviewers: reviewers.list(),
    }),
  };
}

export function addLines(a: LineShare, b: LineShare): LineShare {
  return {
    added: a.added + b.added,
    ai: a.ai + b.ai,
    claimed: a.claimed + b.claimed,
    human: a.human + b.human,
    unknown: a.unknown + b.unknown,
  };
}

function groupTools(
  { tools }: ShippedChange,
  nameOf: (tool: ShippedChange["tools"][number]) => string,
): ReadonlyMap<string, LineShare> {
  const groups = new Map<string, LineShare>();
  for (const tool of tools) {
    const own = { ...NO_LINES, added: tool.lines, ai: tool.lines };
    groups.set(nameOf(tool), addLines(groups.get(nameOf(tool)) ?? NO_LINES, own));
  }
  return groups;
}

interface Rows {
  readonly add: (name: string, isAssisted: boolean, lines: LineShare) => void;
  readonly list: (compare: (a: ShareRow, b: ShareRow) => number) => readonly ShareRow[];
}

function createRows(): Rows {
  const rows = new Map<string, ShareRow>();
  return {
    add: (name, isAssisted, lines) => {
      const key = rows.has(name) || rows.size < MOST_KEYS ? name : OTHERS;
      const known = rows.get(key) ?? { name: key, changes: 0, assisted: 0, lines: NO_LINES };
      rows.set(key, {
        name: key,
        changes: known.changes + 1,
        assisted: known.assisted + (isAssisted ? 1 : 0),
        lines: addLines(known.lines, lines),
      });
    },
    list: (compare) => [...rows.values()].sort(compare),
  };
}

function createCategories() {
  const rows = new Map<ShippedCategory, CategoryRow>();
  return {
    add: (change: ShippedChange): void => {
      for (const group of change.infrastructure) {
        const { category } = group;
        rows.set(category, addCategory(rows.get(category), group, lacksSignOff(change)));
      }
    },
    list: (): readonly CategoryRow[] => SHIPPED_CATEGORIES.flatMap((category) => rows.get(category) ?? []),
  };
}

function addCategory(
  known: CategoryRow | undefined,
  { category, resources, byAi, lines, dangers, moreDangers }: ShippedInfrastructure,
  isUnsigned: boolean,
): CategoryRow {
  const row = known ?? { ...NO_CATEGORY, category };
  const count = dangers.length + moreDangers;
  return {
    category,
    changes: row.changes + 1,
    resources: row.resources + resources,
    byAi: row.byAi + byAi,
    lines: { ai: row.lines.ai + lines.ai, of: row.lines.of + lines.of },
    dangers: row.dangers + count,
    unsigned: row.unsigned + (isUnsigned ? count : 0),
  };
}

const NO_CATEGORY = { changes: 0, resources: 0, byAi: 0, lines: { ai: 0, of: 0 }, dangers: 0, unsigned: 0 };

function compareSize(a: ShareRow, b: ShareRow): number {
  return b.changes - a.changes || compareName(a, b);
}

function compareName(a: ShareRow, b: ShareRow): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

const BURST_SECONDS = 300;

function createReviewers() {
  const people = new Map<
    string,
    { approvals: number; rejections: number; overrides: number; times: number[] }
  >();
  return {
    add: ({ signOffs }: ShippedChange): void => {
      for (const { person, decision, counted, issuedAt } of signOffs) {
        if (person === null || !counted || (people.size >= MOST_KEYS && !people.has(person))) continue;
        const row = people.get(person) ?? { approvals: 0, rejections: 0, overrides: 0, times: [] };
        people.set(person, row);
        if (decision === "approve") {
          row.approvals++;
          row.times.push(parseInstant(issuedAt));
        } else if (decision === "reject") row.rejections++;
        else if (decision === "override") row.overrides++;
      }
    },
    list: (): readonly ReviewerRow[] =>
      [...people]
        .map(([person, { times, ...row }]) => ({ person, ...row, busiest: countBurst(times) }))
        .sort((a, b) => b.approvals - a.approvals || (a.person < b.person ? -1 : 1)),
  };
}

/** Most times that lie within five minutes of one another. */
function countBurst(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) > BURST_SECONDS) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
