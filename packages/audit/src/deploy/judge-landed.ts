// SPDX-License-Identifier: Apache-2.0
import { formatInstant, parseInstant } from "@countersign/core/attestation";
import type { DeployedChange, DeployFinding } from "@countersign/core/audit";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { type Finding, judgeSignOffs, type OpenOverride, type Policy } from "@countersign/core/policy";
import { type LandedChange, type LandedMoment, readLanded } from "@countersign/gate";
import type { Repository } from "@countersign/git";
import type { Coverage } from "./cover-landings.ts";

export interface LandedQuestion {
  readonly repository: Repository;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly target: RefName;
  readonly evidence: readonly ObjectId[];
  readonly ledgerDir?: string | undefined;
  readonly coverage: Coverage;
  /** Seconds since the epoch. */
  readonly now: number;
  /** When it was approved before, for what is deployed again; null for what is new. */
  readonly approvedAt: number | null;
}

export interface LandedAnswer {
  readonly changes: readonly DeployedChange[];
  readonly findings: readonly DeployFinding[];
  readonly isOverridden: boolean;
}

/**
 * Judges everything that would ship by the gate's own evaluation, each change under the policy under which it landed, at the
 * moment when it was let through: a sign-off that expired since is none the worse for it. What was said since counts all the same:
 * revocations, rejections, and reviews that are overdue (T56, T57, T58).
 */
export async function judgeLanded(question: LandedQuestion): Promise<LandedAnswer> {
  const { repository, base, head, target, evidence, ledgerDir, now } = question;
  const history = await readLanded({
    repository,
    base,
    head,
    target,
    evidence,
    ledgerDir,
    now,
    judgedAt: (moment) => toJudgedAt(question, moment),
  });
  const changes: DeployedChange[] = [];
  const findings: DeployFinding[] = history.statements.losses.map(({ code, message, objects }) => {
    return { rule: code, status: "error", reason: message, commits: objects };
  });
  for (const { message } of history.ledgerNotes)
    findings.push({ rule: "ledger", status: "warning", reason: message, commits: [] });
  let isOverridden = false;
  for await (const batch of history.changes) {
    for (const landed of batch) {
      changes.push(toChange(question, landed));
      findings.push(...toFindings(landed), ...findLaterRejections(landed, now));
      isOverridden ||= isByOverride(landed);
    }
  }
  const isAssisted = changes.some(({ assisted }) => assisted);
  return {
    changes,
    findings: [...findings, ...findOverdue(history.openOverrides, isAssisted, now)],
    isOverridden,
  };
}

/** A server's own record of the push is best, then the verdict; without either it is judged as if it landed now. */
function toJudgedAt({ coverage, now, approvedAt }: LandedQuestion, { head, pushedAt }: LandedMoment): number {
  const verdict = coverage.byLink.get(head);
  const at = pushedAt ?? (verdict && parseInstant(verdict.predicate.evaluatedAt)) ?? approvedAt ?? now;
  // Nothing was let through later than now, whatever a machine's clock said.
  return Math.min(at, now);
}

function toChange({ coverage }: LandedQuestion, landed: LandedChange): DeployedChange {
  const { evaluation, commits } = landed;
  const own = commits.filter((commit) => !commit.viaSignOff);
  return {
    base: landed.base,
    head: landed.head,
    title: own.at(-1)?.title ?? "",
    verdict: evaluation?.verdict ?? "error",
    judgedAt: formatInstant(landed.evaluatedAt),
    attested: coverage.byLink.get(landed.head)?.envelope ?? null,
    // Unknown is not human: what nobody could judge counts as if AI had taken part.
    assisted: evaluation?.change.ai.assisted ?? true,
    tools: evaluation?.change.ai.tools ?? [],
    signOffs: (evaluation?.signOffs ?? []).map(({ principal, decision, counted, reason }) => {
      return { principal, decision, counted, reason };
    }),
  };
}

const STATUS: Readonly<Partial<Record<Finding["status"], DeployFinding["status"]>>> = {
  error: "error",
  fail: "fail",
  pending: "pending",
  warning: "warning",
};

function toFindings({ head, evaluation, unjudged }: LandedChange): readonly DeployFinding[] {
  if (evaluation === null) {
    const reason = `${head.slice(0, 12)} landed where no policy could be read: ${unjudged ?? "unknown"}`;
    return [{ rule: "policy", status: "fail", reason, commits: [head] }];
  }
  // What the gate's verdict let pass passes here: `enforcement: warn` and `soft` are the policy's to choose.
  const isLetThrough = evaluation.verdict === "pass";
  const found = evaluation.findings.flatMap(({ rule, status, reason, commits }): readonly DeployFinding[] => {
    const own = STATUS[status];
    if (own === undefined) return [];
    return [
      {
        rule,
        status: isLetThrough ? "warning" : own,
        reason,
        commits: commits.length > 0 ? commits : [head],
      },
    ];
  });
  return isLetThrough ? found : [...found, ...toRevocations(head, evaluation)];
}

/** Says by name what a count of missing sign-offs only implies (T58). */
function toRevocations(
  head: ObjectId,
  { signOffs }: NonNullable<LandedChange["evaluation"]>,
): readonly DeployFinding[] {
  return signOffs
    .filter(
      ({ decision, counted, reason }) =>
        decision === "approve" && !counted && reason.startsWith("revoked at "),
    )
    .map(({ principal, reason }) => ({
      rule: "revoked",
      status: "fail",
      reason: `the sign-off of ${principal} under which ${head.slice(0, 12)} landed was ${reason}`,
      commits: [head],
    }));
}

/** Somebody who may sign off said no after it landed: the evaluation, made as of then, cannot know of it. */
function findLaterRejections(landed: LandedChange, now: number): readonly DeployFinding[] {
  const { policy, statements, evaluatedAt, head } = landed;
  if (policy === null) return [];
  const judged = judgeSignOffs(policy, { contributors: [] }, statements, now);
  return judged
    .filter(({ answer: { predicate }, isValid, person }) => {
      const isLater = parseInstant(predicate.issuedAt) > evaluatedAt;
      return (
        predicate.decision === "reject" &&
        isLater &&
        isValid &&
        person !== null &&
        isMember(policy, person.id)
      );
    })
    .map(({ answer, person }) => ({
      rule: "rejected",
      status: "fail",
      reason: `${person?.id} rejected ${head.slice(0, 12)} at ${answer.predicate.issuedAt}, after it had landed${answer.predicate.reason === null ? "" : `: ${answer.predicate.reason}`}`,
      commits: [head],
    }));
}

function isMember({ roles }: Policy, person: string): boolean {
  return [...roles.values()].some(({ members }) => members.some((member) => member.person === person));
}

function isByOverride({ evaluation }: LandedChange): boolean {
  return (
    evaluation?.verdict === "pass" &&
    evaluation.signOffs.some((one) => one.decision === "override" && one.counted)
  );
}

/** Asked now and of the tip, so that a break-glass that is part of what ships is seen too (T57). */
function findOverdue(
  overrides: readonly OpenOverride[],
  isAssisted: boolean,
  now: number,
): readonly DeployFinding[] {
  return overrides
    .filter(({ dueAt }) => dueAt <= now)
    .map(({ head, principals, issuedAt, dueAt }) => ({
      rule: "post-review",
      status: isAssisted ? "fail" : "warning",
      reason: `break-glass of ${issuedAt} by ${principals.join(" and ")} landed as ${head.slice(0, 12)} and was never reviewed; the review was due ${formatInstant(dueAt)}`,
      commits: [head],
    }));
}
