// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import {
  DEFAULT_LIMITS,
  type EvidenceProblem,
  judgeSignOffs,
  type Policy,
  type PolicyQuestion,
} from "@countersign/core/policy";
import { countCommits, GitError } from "@countersign/git";
import { divideLandings } from "./divide-landings.ts";
import { findIntroduction } from "./find-introduction.ts";
import type { GateRequest } from "./gate-request.ts";
import { gatherChange } from "./gather-change.ts";
import { gatherContext } from "./gather-context.ts";
import { findHistoryProblem, type History, readHistory } from "./read-history.ts";
import type { PolicyReading } from "./read-policy.ts";

/** Why there is nothing to ask a policy: it is not there, the facts are not, or they are too many to gather. */
export interface Denial {
  readonly rule: "policy" | "incomplete-history" | "too-large";
  readonly status: "fail" | "error";
  readonly reason: string;
}

/** What to ask: one question for each change that would land, oldest first; none where nothing would. */
export interface GatheredQuestions {
  readonly policy: Policy;
  readonly mergeBase: ObjectId;
  readonly questions: readonly PolicyQuestion[];
  readonly evidenceProblems: readonly EvidenceProblem[];
  /** What was left out of the looking, by code; each once. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** Gathers everything that the verdict depends on, and decides nothing. */
export async function gatherQuestions(
  request: GateRequest,
  reading: PolicyReading,
  history: Promise<History> = readHistory(request.repository, request.base, request.head),
): Promise<GatheredQuestions | { readonly denial: Denial }> {
  if (reading.policy === null) return { denial: { rule: "policy", status: "fail", reason: reading.reason } };
  const problem = findHistoryProblem(request.repository);
  if (problem !== undefined) return cannotTell(problem);
  try {
    return await gatherFrom(
      request,
      { policy: reading.policy, commit: reading.source.commit },
      await history,
    );
  } catch (error) {
    // What Git cannot read (a partial clone, a damaged object, a ref that names no set) are facts that nobody has: no
    // verdict, and no crash either (T36, T39).
    if (error instanceof GitError) return cannotTell(error.message);
    throw error;
  }
}

/**
 * A range that is past the policy's limit and past what is ever judged at once is denied before it is read, else one
 * push of a foreign history would keep a server busy for minutes (T45). Smaller ranges may be several changes, each
 * within the limit, and are counted when they are divided.
 */
async function findTooLarge(
  { repository, base, head }: GateRequest,
  policy: Policy,
): Promise<Denial | undefined> {
  const most = Math.max(policy.limits.commits, DEFAULT_LIMITS.commits);
  const count = await countCommits(repository, { include: [head], exclude: [base], maxCount: most + 1 });
  if (count <= most) return undefined;
  const reason = `more than ${most} commits, the policy's limits.commits is ${policy.limits.commits}; split the change`;
  return { rule: "too-large", status: "fail", reason };
}

function cannotTell(reason: string): { readonly denial: Denial } {
  return { denial: { rule: "incomplete-history", status: "error", reason } };
}

async function gatherFrom(
  request: GateRequest,
  inForce: { readonly policy: Policy; readonly commit: ObjectId },
  history: History,
): Promise<GatheredQuestions | { readonly denial: Denial }> {
  const { base, head, evaluatedAt } = request;
  const { policy } = inForce;
  if (history.mergeBase === undefined) {
    return cannotTell(
      `${base.slice(0, 12)} and ${head.slice(0, 12)} share no history; expected a change made from the target branch`,
    );
  }
  const [tooLarge, context] = await Promise.all([
    findTooLarge(request, policy),
    gatherContext(request, inForce, history),
  ]);
  if (tooLarge !== undefined) return { denial: tooLarge };
  const introduction = await findIntroduction(request.repository, request.mover ?? null, head);
  const questions: PolicyQuestion[] = [];
  const notes = new Map<string, GatheredQuestions["notes"][number]>(
    context.notes.map((note) => [note.code, note]),
  );
  for (const landing of await divideLandings(context, history)) {
    const mergeBase = landing.base.id === base ? history.mergeBase : landing.base;
    const {
      facts,
      answers,
      notes: own,
    } = await gatherChange({ ...context, introduction }, landing, mergeBase);
    for (const note of own) notes.set(note.code, note);
    questions.push({
      policy,
      facts,
      judged: judgeSignOffs(policy, facts, answers, evaluatedAt),
      evaluatedAt,
    });
  }
  const { evidenceProblems } = context;
  return { policy, mergeBase: history.mergeBase.id, questions, evidenceProblems, notes: [...notes.values()] };
}
