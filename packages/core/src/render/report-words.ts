// SPDX-License-Identifier: Apache-2.0
import type { Decision, Finding } from "../policy/verdict.ts";
import type { GateReport, ReportCommit } from "./gate-report.ts";

/** The verdict in one sentence, the same at every door. */
export function describeVerdict(verdict: Decision): string {
  switch (verdict) {
    case "pass":
      return "the policy is satisfied";
    case "pending":
      return "sign-offs are missing";
    case "denied":
      return "the policy says no";
    case "error":
      return "cannot tell, so it does not pass";
  }
}

export interface ToolShare {
  readonly tool: string;
  readonly model: string | null;
  readonly commits: number;
}

/** How many commits each tool and model took part in, most first. */
export function countTools(commits: readonly ReportCommit[]): ToolShare[] {
  const shares = new Map<string, ToolShare>();
  for (const commit of commits) {
    const seen = new Map(
      commit.tools.map(({ tool, model }) => [JSON.stringify([tool, model]), { tool, model }]),
    );
    for (const [key, { tool, model }] of seen) {
      shares.set(key, { tool, model, commits: (shares.get(key)?.commits ?? 0) + 1 });
    }
  }
  return [...shares.values()].sort((a, b) => b.commits - a.commits || compareText(a.tool, b.tool));
}

/** Commits that name an AI: what "AI-assisted" means in a headline. */
export function countAssisted(commits: readonly ReportCommit[]): number {
  return commits.filter((commit) => commit.state === "recorded" || commit.state === "declared").length;
}

/** `3 commits, 2 of them AI-assisted`. Commits that nobody could read are not said to be without AI. */
export function describeCommits({ commits, verdict }: Pick<GateReport, "commits" | "verdict">): string {
  if (commits.length === 0) return verdict === "pass" ? "no commits" : "its commits were not judged";
  const assisted = countAssisted(commits);
  if (commits.length === 1) return assisted === 1 ? "1 commit, AI-assisted" : "1 commit, no AI declared";
  return `${commits.length} commits, ${assisted === 0 ? "no AI declared" : `${assisted} of them AI-assisted`}`;
}

const WEIGHT: Readonly<Record<Finding["status"], number>> = {
  error: 0,
  fail: 1,
  pending: 2,
  warning: 3,
  pass: 4,
  skipped: 5,
};

/** Findings with what stops the change first; findings of equal weight keep the policy's order. */
export function orderFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => WEIGHT[a.status] - WEIGHT[b.status]);
}

/** Findings that somebody has to act on or should know about. */
export function openFindings(findings: readonly Finding[]): Finding[] {
  return orderFindings(findings).filter(({ status }) => status !== "pass" && status !== "skipped");
}

/** `2 × senior` as a demand, followed by who could still give it. */
export function describeMissing(finding: Finding, show: (text: string) => string): string | null {
  const { missing } = finding;
  if (missing === null) return null;
  const who = missing.candidates.slice(0, MAX_NAMES).map(show).join(", ");
  const more =
    missing.candidates.length > MAX_NAMES ? ` and ${missing.candidates.length - MAX_NAMES} more` : "";
  const from = who === "" ? "nobody left in the policy could give it" : `could be given by ${who}${more}`;
  return `${missing.count} × ${show(missing.role)}: ${from}`;
}

const MAX_NAMES = 8;

/** The first items and how many were left out: a finding may name ten thousand files. */
export function firstOf<T>(
  items: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly rest: number } {
  return { shown: items.slice(0, limit), rest: Math.max(0, items.length - limit) };
}

export function shortId(id: string): string {
  return id.slice(0, 12);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
