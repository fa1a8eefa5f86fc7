// SPDX-License-Identifier: Apache-2.0
import { parseInstant } from "../../attestation/instant.ts";
import type { RuleContext } from "../rule.ts";
import { findRoleFault } from "../sign-offs/consider-sign-off.ts";
import type { JudgedSignOff } from "../sign-offs/judged-sign-off.ts";
import type { Finding } from "../verdict.ts";

/** Findings that no override lifts: they mean that the facts or the policy itself cannot be trusted. */
const NEVER_LIFTED: readonly string[] = ["incomplete-history", "policy-change", "too-large"];
const SHORTEST_REASON = 10;

/**
 * Lifts pending and failing findings where a break-glass holds, and says so in a finding of its own. Under
 * `enforcement: soft` one named person with a reason is enough; under `hard` the policy's break-glass seats are.
 */
export function applyOverride(context: RuleContext, findings: readonly Finding[]): readonly Finding[] {
  const attempts = context.judged.filter(({ answer }) => answer.predicate.decision === "override");
  if (attempts.length === 0) return findings;
  const seats = toSeats(context);
  if (seats === null)
    return [
      ...findings,
      toFinding(context, "warning", "the policy has no breakGlass; an override counts for nothing"),
    ];
  const faults = attempts.map((attempt) => ({ attempt, fault: findOverrideFault(context, attempt, seats) }));
  const granted = [
    ...new Set(
      faults.filter(({ fault }) => fault === undefined).map(({ attempt }) => attempt.person?.id ?? ""),
    ),
  ].sort();
  if (granted.length < seats.count) {
    const refused = faults.flatMap(({ attempt, fault }) =>
      fault === undefined ? [] : [`${attempt.person?.id ?? "an unknown key"}: ${fault}`],
    );
    const said = `${granted.length} of ${seats.count} break-glass seats${seats.role === null ? "" : ` by ${seats.role}`}${granted.length === 0 ? "" : ` (${granted.join(", ")})`}`;
    return [...findings, toFinding(context, "warning", [said, ...refused].join("; "))];
  }
  return [
    ...findings.map((finding) => lift(finding, granted)),
    toFinding(context, "warning", formatGrant(context, attempts, granted)),
  ];
}

interface Seats {
  readonly role: string | null;
  readonly count: number;
  readonly expires: number;
}

function toSeats(context: RuleContext): Seats | null {
  const { breakGlass, enforcement } = context.policy;
  if (enforcement === "soft") return { role: null, count: 1, expires: breakGlass?.expires ?? 86_400 };
  return breakGlass;
}

function findOverrideFault(context: RuleContext, attempt: JudgedSignOff, seats: Seats): string | undefined {
  const { predicate, cover } = attempt.answer;
  if (!attempt.isValid || attempt.person === null) return attempt.reason;
  if (cover === "carried") return "break-glass is bound to one exact change and is never carried over";
  const strangers = countUncovered(context, attempt);
  if (strangers > 0) return `${strangers} commit(s) were not part of what was signed`;
  if ((predicate.reason ?? "").trim().length < SHORTEST_REASON)
    return `no reason given (at least ${SHORTEST_REASON} characters)`;
  if (parseInstant(predicate.issuedAt) + seats.expires <= context.evaluatedAt) {
    return `expired: break-glass holds for ${seats.expires / 3600} h from ${predicate.issuedAt}`;
  }
  return seats.role === null ? undefined : findRoleFault(context, seats.role, attempt.person.id);
}

/** Commits slipped in between, whose net difference is empty, were in nobody's sight when the glass was broken (T27). */
function countUncovered({ facts }: RuleContext, { answer: { covers } }: JudgedSignOff): number {
  if (covers === "all") return 0;
  return facts.commits.filter((commit) => !commit.viaSignOff && !covers.has(commit.id)).length;
}

function lift(finding: Finding, granted: readonly string[]): Finding {
  const isLiftable =
    (finding.status === "pending" || finding.status === "fail") && !NEVER_LIFTED.includes(finding.rule);
  return isLiftable
    ? { ...finding, status: "warning", reason: `overridden by ${granted.join(" and ")}: ${finding.reason}` }
    : finding;
}

function formatGrant(
  context: RuleContext,
  attempts: readonly JudgedSignOff[],
  granted: readonly string[],
): string {
  const reasons = [
    ...new Set(attempts.filter(({ isValid }) => isValid).map(({ answer }) => answer.predicate.reason ?? "")),
  ];
  const postReview = context.policy.breakGlass?.postReview;
  const due =
    postReview === undefined
      ? ""
      : `; a review must follow within ${postReview / 3600} h or the next AI-assisted change waits for it`;
  return `break-glass by ${granted.join(" and ")}: ${reasons.join(" / ")}${due}`;
}

function toFinding(context: RuleContext, status: Finding["status"], reason: string): Finding {
  return { rule: "break-glass", status, reason, commits: [context.facts.head], files: [], missing: null };
}
