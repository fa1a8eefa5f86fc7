// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import { GAP_CODES, type GapCode } from "./gap-codes.ts";
import { lacksSignOff } from "./lacks-sign-off.ts";
import type { ShippedChange, ShippedSignOff } from "./shipped-change.ts";

export type GapSeverity = "high" | "medium" | "low";

export interface GapItem {
  /** The change it is in; null for the report as a whole. */
  readonly change: ObjectId | null;
  readonly title: string;
  readonly reason: string;
}

/** All gaps of one kind. */
export interface GapGroup {
  readonly code: GapCode;
  readonly severity: GapSeverity;
  /** What it means, for people who read the report for the first time. */
  readonly meaning: string;
  readonly count: number;
  /** The newest first; at most {@link MOST_GAP_ITEMS}. */
  readonly items: readonly GapItem[];
}

/** More of one kind are counted, and stand in the rows of their changes. */
export const MOST_GAP_ITEMS = 1000;

const MEANING: Readonly<Record<GapCode, readonly [GapSeverity, string]>> = {
  "danger-unsigned": [
    "high",
    "An AI changed infrastructure in a dangerous way, or in one that nobody understands, and the sign-off that it needed is missing.",
  ],
  denied: ["high", "The policy in force says no, and it shipped all the same."],
  "no-sign-off": ["high", "An AI took part, and nobody's approval stands behind it."],
  "sign-off-void": ["high", "Somebody approved, but what shipped is not what was approved."],
  "sign-off-revoked": ["high", "An approval was taken back."],
  "override-overdue": ["high", "It shipped by break-glass, and the review that had to follow never came."],
  "deployment-unsound": ["high", "A delivery cannot be taken as it stands."],
  "cannot-tell": ["high", "The facts are incomplete, so nobody can tell whether the policy was kept."],
  "evidence-lost": ["high", "Evidence that was there is damaged or gone."],
  override: ["medium", "It shipped by break-glass: rules were set aside by name and with a reason."],
  "not-logged": ["medium", "Evidence that no log holds: when it came, only its author says."],
  "no-verdict": ["medium", "Other changes carry a gate's signed verdict; this one came past the gate."],
  signalled: ["medium", "There are signs of an AI, and nobody declared any."],
  "no-policy": ["medium", "No policy was in force, so nothing was asked of it."],
  "unknown-provenance": ["medium", "Nobody recorded or declared who wrote it. Unknown is not human."],
  "recorder-gap": ["low", "A recorder says itself that it lost or could not see something."],
  "evidence-unusable": ["low", "Something lies in the evidence that proves nothing."],
  redacted: ["low", "A piece of evidence was removed on purpose; the log still proves that it was there."],
};

export function severityOf(code: GapCode): GapSeverity {
  return MEANING[code][0];
}

/** What of the whole report is missing, beside its changes. */
export interface ReportFaults {
  readonly overdue: readonly GapItem[];
  readonly deployments: readonly GapItem[];
  readonly lost: readonly GapItem[];
  readonly unusable: readonly GapItem[];
}

export const NO_FAULTS: ReportFaults = { overdue: [], deployments: [], lost: [], unusable: [] };

/** Collects gaps as changes go by. */
export interface GapCollector {
  /** Returns the kinds that were found. */
  readonly add: (change: ShippedChange) => readonly GapCode[];
  readonly groups: (faults: ReportFaults) => readonly GapGroup[];
}

/** What is expected of every change beside what the policy asks. */
export interface GapExpectations {
  /** A log is there, so evidence that it does not hold is a gap. */
  readonly isLogged: boolean;
  /** Gates sign verdicts here, so a change without one came past them. */
  readonly isAttested: boolean;
}

export function createGapCollector(expected: GapExpectations): GapCollector {
  const found = new Map<GapCode, { count: number; readonly items: GapItem[] }>();
  const put = (code: GapCode, item: GapItem): void => {
    const group = found.get(code) ?? { count: 0, items: [] };
    found.set(code, group);
    group.count++;
    // Oldest come first and newest are shown: what a report is asked for happened lately.
    group.items.push(item);
    if (group.items.length > 2 * MOST_GAP_ITEMS) group.items.splice(0, group.items.length - MOST_GAP_ITEMS);
  };
  return {
    add: (change) => {
      const own = findGaps(change, expected);
      for (const { code, reason } of own) put(code, { change: change.head, title: change.title, reason });
      return [...new Set(own.map(({ code }) => code))];
    },
    groups: ({ overdue, deployments, lost, unusable }) => {
      for (const item of overdue) put("override-overdue", item);
      for (const item of deployments) put("deployment-unsound", item);
      for (const item of lost) put("evidence-lost", item);
      for (const item of unusable) put("evidence-unusable", item);
      return GAP_CODES.flatMap((code) => {
        const group = found.get(code);
        if (group === undefined) return [];
        const [severity, meaning] = MEANING[code];
        const items = group.items.slice(-MOST_GAP_ITEMS).reverse();
        return [{ code, severity, meaning, count: group.count, items }];
      });
    },
  };
}

interface FoundGap {
  readonly code: GapCode;
  readonly reason: string;
}

/** Everything about one change that an auditor has to know first. */
export function findGaps(change: ShippedChange, expected: GapExpectations): readonly FoundGap[] {
  return [
    ...findDangerGaps(change),
    ...findPolicyGaps(change),
    ...findReviewGaps(change),
    ...findProvenanceGaps(change),
    ...findLogGaps(change, expected),
  ];
}

const MOST_DANGERS = 3;

function findDangerGaps(change: ShippedChange): readonly FoundGap[] {
  if (!change.isAssisted || !lacksSignOff(change)) return [];
  const all = change.infrastructure.flatMap(({ category, dangers }) =>
    dangers.map((danger) => ({ category, ...danger })),
  );
  if (all.length === 0) return [];
  const shown = all
    .slice(0, MOST_DANGERS)
    .map(({ category, code, resource, reason }) =>
      code === "unparsed"
        ? `${resource}: not understood, ${reason}`
        : `${category}, ${resource}: ${code}, ${reason}`,
    );
  const left = change.infrastructure.reduce((sum, { moreDangers }) => sum + moreDangers, 0);
  const rest = all.length + left - shown.length;
  return [
    { code: "danger-unsigned", reason: [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ") },
  ];
}

function findPolicyGaps(change: ShippedChange): readonly FoundGap[] {
  const reasons = (status: string) =>
    change.conditions.filter((one) => one.status === status).map(({ rule, reason }) => `${rule}: ${reason}`);
  const gaps: FoundGap[] = [];
  if (change.verdict === "denied") gaps.push({ code: "denied", reason: reasons("fail").join("; ") });
  if (change.verdict === "error") gaps.push({ code: "cannot-tell", reason: reasons("error").join("; ") });
  if (change.verdict === null) gaps.push({ code: "no-policy", reason: change.unjudged ?? "no policy" });
  const grant = change.conditions.find(
    ({ rule, reason }) => rule === "break-glass" && reason.startsWith("break-glass by"),
  );
  if (grant !== undefined) gaps.push({ code: "override", reason: grant.reason });
  return gaps;
}

/** An AI change that waits, or that no policy asked about, and that nobody approved. */
function findReviewGaps(change: ShippedChange): readonly FoundGap[] {
  const approvals = change.signOffs.filter(({ decision }) => decision === "approve");
  if (!lacksSignOff(change)) return [];
  const revoked = approvals.find(({ reason }) => reason.startsWith("revoked at"));
  if (revoked !== undefined) return [{ code: "sign-off-revoked", reason: describe(revoked) }];
  const voided = approvals.find((approval) => !approval.counted && approval.cover === "none");
  if (voided !== undefined) return [{ code: "sign-off-void", reason: describe(voided) }];
  const waiting = change.conditions.filter(({ status }) => status === "pending");
  const refused = approvals.map(describe);
  const reason = [...waiting.map(({ rule, reason: why }) => `${rule}: ${why}`), ...refused].join("; ");
  return [{ code: "no-sign-off", reason: reason === "" ? explainUnasked(change) : reason }];
}

function explainUnasked({ verdict }: ShippedChange): string {
  return verdict === null
    ? "no policy was in force, and nobody signed of their own accord"
    : "no rule of the policy asked for a sign-off, and nobody signed of their own accord";
}

function describe({ person, reason }: ShippedSignOff): string {
  return `${person ?? "a key of nobody in the policy"}: ${reason}`;
}

function findProvenanceGaps({ state, lines, recorderGaps }: ShippedChange): readonly FoundGap[] {
  const gaps: FoundGap[] = [];
  if (state === "signalled") gaps.push({ code: "signalled", reason: "signs of AI, nothing declared" });
  if (state === "unknown")
    gaps.push({
      code: "unknown-provenance",
      reason: lines.added === 0 ? "it adds no line" : `${lines.unknown} of ${lines.added} added lines`,
    });
  for (const { code, message } of recorderGaps)
    gaps.push({ code: "recorder-gap", reason: `${code}: ${message}` });
  return gaps;
}

function findLogGaps(change: ShippedChange, expected: GapExpectations): readonly FoundGap[] {
  const gaps: FoundGap[] = [];
  const pieces = [
    ...change.signOffs
      .filter(({ counted }) => counted)
      .map(({ envelope, proof }) => ({ name: envelope, proof })),
    ...change.records.map(({ object, proof }) => ({ name: object, proof })),
    ...change.verdicts.map(({ envelope, proof }) => ({ name: envelope, proof })),
  ];
  const open = pieces.filter(({ proof }) => proof === null);
  if (expected.isLogged && open.length > 0)
    gaps.push({
      code: "not-logged",
      reason: `${open.length} of ${pieces.length} pieces of evidence, such as ${open[0]?.name.slice(0, 12)}`,
    });
  const removed = pieces.find(({ proof }) => proof?.isRedacted === true);
  if (removed !== undefined)
    gaps.push({ code: "redacted", reason: `entry ${removed.proof?.index} of the log` });
  if (expected.isAttested && change.verdicts.length === 0)
    gaps.push({ code: "no-verdict", reason: "no gate signed a verdict about it" });
  return gaps;
}
