// SPDX-License-Identifier: Apache-2.0
import type {
  AuditReport,
  GapCode,
  LineShare,
  ReportScope,
  ReportTotals,
  ShippedChange,
  ShippedTool,
} from "../../audit/index.ts";
import type { CommitState } from "../../trailers/assistance.ts";

/** The auditor's questions, in the order in which they are asked; headings in every medium. */
export const QUESTIONS = {
  used: "Was AI used?",
  which: "Which tool and model?",
  reviewed: "Who reviewed it?",
  asked: "What was asked of it, as far as it was kept?",
  after: "What changed afterwards?",
} as const;

export const GAP_TITLES: Readonly<Record<GapCode, string>> = {
  "danger-unsigned": "dangerous AI change of infrastructure, not signed off",
  denied: "shipped against the policy",
  "no-sign-off": "AI-assisted without a sign-off",
  "sign-off-void": "the sign-off is for something else",
  "sign-off-revoked": "the sign-off was taken back",
  "override-overdue": "break-glass, review overdue",
  "deployment-unsound": "delivery cannot be trusted",
  "cannot-tell": "cannot tell",
  "evidence-lost": "evidence lost",
  override: "shipped by break-glass",
  "not-logged": "evidence not in the log",
  "no-verdict": "came past the gate",
  signalled: "signs of AI, undeclared",
  "no-policy": "no policy in force",
  "unknown-provenance": "unknown provenance",
  "recorder-gap": "the recorder missed something",
  "evidence-unusable": "evidence that proves nothing",
  redacted: "evidence redacted",
};

export const STATE_WORDS: Readonly<Record<CommitState, string>> = {
  recorded: "AI, recorded",
  declared: "AI, declared",
  signalled: "signs of AI",
  cleared: "no AI, as far as seen",
  unknown: "unknown",
};

/** One decimal, and never 0 for what is there, nor 100 where anything is missing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  if (part > 0 && share < 0.1) return "< 0.1 %";
  if (part < whole && share > 99.9) return "> 99.9 %";
  return `${share.toFixed(1).replace(/\.0$/, "")} %`;
}

/** The AI's share of lines: one number where all is recorded, else from what is certain to what may be. */
export function formatAiLines(lines: LineShare): string {
  const least = formatShare(lines.ai, lines.added);
  if (lines.claimed === 0) return least;
  return `${least.replace(/ %$/, "")} – ${formatShare(lines.ai + lines.claimed, lines.added)}`;
}

/** `12,345`, in every locale alike. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-03-01 12:00`, UTC. */
export function formatTime(at: string | null): string {
  return at === null ? "–" : `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

export function formatDay(at: string | null): string {
  return at === null ? "–" : at.slice(0, 10);
}

/** What a tool is called with its model. */
export function formatTool({ tool, model }: Pick<ShippedTool, "tool" | "model">): string {
  return model === null ? tool : `${tool} / ${model}`;
}

/** The answer to the one question, in a few sentences. What nobody knows belongs to it: a share of what is known is a least share. */
export function describeAnswer({ totals, gaps }: Pick<AuditReport, "totals" | "gaps">): readonly string[] {
  const { changes, assisted, lines, signedOff, byState } = totals;
  if (changes === 0) return ["Nothing shipped."];
  const isAllKnown = byState.unknown === 0 && lines.unknown === 0;
  const share = `${isAllKnown ? "" : "At least "}${formatCount(assisted)} of ${plural(changes, "change")} (${formatShare(assisted, changes)}) had help from an AI`;
  const written = `it is known to have written ${formatAiLines(lines)} of the ${plural(lines.added, "added line")}`;
  const review =
    assisted === 0
      ? "No change is known as AI-assisted."
      : `Of the AI-assisted, ${formatCount(signedOff)} (${formatShare(signedOff, assisted)}) ${signedOff === 1 ? "has" : "have"} a counted sign-off of a named person.`;
  const high = gaps.filter(({ severity }) => severity === "high").reduce((sum, { count }) => sum + count, 0);
  const open = high === 0 ? [] : [`${plural(high, "serious gap")} in the record.`];
  const unknown = `Who wrote ${plural(byState.unknown, "change")} (${formatShare(byState.unknown, changes)}) and ${plural(lines.unknown, "line")} (${formatShare(lines.unknown, lines.added)}), nobody can tell.`;
  return [`${share}; ${written}.`, ...(isAllKnown ? [] : [unknown]), review, ...open];
}

export function describeScope(scope: ReportScope): string {
  switch (scope.kind) {
    case "range":
      return `${scope.from} … ${scope.to}`;
    case "environment":
      return `${scope.environment}, ${scope.from === null ? "since the first delivery" : `from ${formatTime(scope.from)}`}${scope.until === null ? "" : ` until ${formatTime(scope.until)}`} UTC`;
    case "incident":
      return `${scope.environment}, ${formatHours(scope.windowSeconds)} before ${formatTime(scope.at)} UTC`;
  }
}

function formatHours(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}

/** `3 of 7 changes, …` for what is not known: unknown is a number too. */
export function describeUnknown({ byState, changes, lines }: ReportTotals): string {
  return `Of ${plural(byState.unknown, "change")} (${formatShare(byState.unknown, changes)}) and ${plural(lines.unknown, "line")} (${formatShare(lines.unknown, lines.added)}) nobody recorded or declared who wrote them. Unknown is not human.`;
}

/** Approvals that counted, as `senior, 2026-03-01 12:00`. */
export function listApprovals({
  signOffs,
}: ShippedChange): readonly { readonly person: string; readonly at: string }[] {
  return signOffs
    .filter(({ decision, counted }) => decision === "approve" && counted)
    .map(({ person, issuedAt }) => ({ person: person ?? "", at: issuedAt }));
}

export const NOT_KEPT =
  "Prompts and contents are never recorded. What is kept is which agent worked in which conversation, so that its owner can look it up where the agent keeps it.";
