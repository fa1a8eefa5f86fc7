// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import {
  type Evaluation,
  evaluatePolicy,
  type Finding,
  type PolicyQuestion,
  worstDecision,
} from "@countersign/core/policy";
import type { GateReport } from "@countersign/core/render";
import { snapshotRefs } from "@countersign/git";
import { RECORDING_REFS } from "@countersign/recorder";
import type { GateRequest } from "./gate-request.ts";
import { type Denial, type GatheredQuestions, gatherQuestions } from "./gather-questions.ts";
import { readHistory } from "./read-history.ts";
import { type PolicyReading, readPolicy } from "./read-policy.ts";

/** Everything that a verdict can depend on; read once, so that one decision sees one state of it. */
export const DECIDING_REFS: readonly string[] = [
  "refs/heads",
  "refs/remotes",
  "refs/countersign",
  "refs/countersign-remotes",
  ...RECORDING_REFS,
];

/** Gathers the facts, evaluates the policy of the target, and returns the one value that every door renders. */
export async function runGate(asked: GateRequest): Promise<GateReport> {
  const { repository: given } = asked;
  const repository = given.snapshot === undefined ? await snapshotRefs(given, DECIDING_REFS) : given;
  const request = { ...asked, repository };
  // History does not depend on the policy; most of a small gate's time is waiting for Git.
  const history = readHistory(request.repository, request.base, request.head);
  history.catch(() => undefined);
  const reading = await readPolicy(request.repository, request);
  const gathered = await gatherQuestions(request, reading, history);
  if ("denial" in gathered) return toDenialReport(request, reading, gathered.denial);
  const results = gathered.questions.map((question) => ({ ...question, ...evaluatePolicy(question) }));
  return toReport(request, reading, gathered, results);
}

function toReport(
  request: GateRequest,
  reading: PolicyReading,
  gathered: GatheredQuestions,
  results: readonly (PolicyQuestion & Evaluation)[],
): GateReport {
  const [first] = results;
  return {
    ...toHeader(request, reading, gathered.mergeBase),
    verdict: worstDecision(results.map((result) => result.verdict)),
    change:
      results.length === 1 ? (first?.change ?? {}) : { landings: results.map((result) => result.change) },
    findings: results.length === 0 ? [NOTHING_TO_LAND] : results.flatMap((result) => result.findings),
    policyDigest: gathered.policy.digest,
    repository: gathered.policy.repository,
    signOffs: results.flatMap((result) => result.signOffs),
    commits: results.flatMap(({ facts }) =>
      facts.commits.map(({ id, title, state, assistance }) => ({ id, title, state, tools: assistance })),
    ),
    notes: toNotes(gathered),
    impact: {
      resources: results.flatMap(({ facts }) => facts.impact?.resources ?? []),
      unparsed: results.flatMap(({ facts }) => facts.impact?.unparsed ?? []),
    },
  };
}

const NOTHING_TO_LAND: Finding = {
  rule: "no-changes",
  status: "pass",
  reason: "the target already contains this head; nothing would land",
  commits: [],
  files: [],
  missing: null,
};

function toNotes({ policy, evidenceProblems, notes }: GatheredQuestions): GateReport["notes"] {
  const unusable = evidenceProblems.map(({ envelope, code, message }) => ({
    code: "evidence-unusable",
    message: `envelope ${envelope.slice(0, 12)} was not used (${code}): ${message}`,
  }));
  const evidence = [...unusable, ...notes];
  if (policy.repository !== "") return evidence;
  const message =
    "the policy does not name its repository, so a sign-off could be replayed on a fork with the same policy; " +
    "add for example `repository: https://git.example/team/project` to .countersign/policy.yml";
  return [...evidence, { code: "repository-unnamed", message }];
}

function toHeader(request: GateRequest, reading: PolicyReading, mergeBase: ObjectId | null) {
  const { base, head, target, evaluatedAt } = request;
  return {
    base,
    head,
    target,
    mergeBase,
    evaluatedAt: formatInstant(evaluatedAt),
    policySource: reading.source,
  };
}

function toDenialReport(
  request: GateRequest,
  reading: PolicyReading,
  { rule, status, reason }: Denial,
): GateReport {
  return {
    ...toHeader(request, reading, null),
    verdict: status === "fail" ? "denied" : "error",
    change: {},
    findings: toReasons(reason).map((each) => ({
      rule,
      status,
      reason: each,
      commits: [request.head],
      files: [],
      missing: null,
    })),
    policyDigest: reading.policy?.digest ?? null,
    repository: reading.policy?.repository ?? "",
    signOffs: [],
    commits: [],
    notes: [],
  };
}

/** Mistakes shown of one policy file; whoever mends these finds the others with `countersign policy check`. */
const MOST_REASONS = 20;

/** A policy's mistakes come as lines below a first one: a finding for each, since a reason is one line in every medium. */
function toReasons(reason: string): readonly string[] {
  const [first = "", ...lines] = reason.split("\n");
  if (lines.length === 0) return [first];
  return lines.slice(0, MOST_REASONS).map((line) => `${first} ${line}`);
}
