// SPDX-License-Identifier: Apache-2.0
import { type DeployedArtifact, formatInstant } from "@countersign/core/attestation";
import {
  checkStage,
  type DeployFinding,
  type DeploymentChain,
  type DeployReport,
  type FindBlob,
  sortFindings,
  toDeploymentChain,
  toDeployVerdict,
  toRecorded,
} from "@countersign/core/audit";
import type { ObjectId, RefName } from "@countersign/core/ids";
import type { Environment, Policy } from "@countersign/core/policy";
import {
  findHistoryProblem,
  type Inclusion,
  POLICY_PATH,
  readInclusion,
  readPolicyAt,
  readTrustedRoot,
} from "@countersign/gate";
import type { Repository } from "@countersign/git";
import { type KnownMachineEvidence, readMachineEvidence } from "../machine/read-machine-evidence.ts";
import { checkOnTarget, checkTarget } from "./check-target.ts";
import { type Coverage, coverLandings } from "./cover-landings.ts";
import { findPlace } from "./find-place.ts";
import { findTargetTip } from "./find-target-tip.ts";
import { judgeLanded } from "./judge-landed.ts";
import { resolveArtifacts } from "./resolve-artifacts.ts";

/** One question: may this be deployed there? */
export interface DeployRequest {
  /** With a snapshot of its refs, so that one answer sees one state of them. */
  readonly repository: Repository;
  readonly environment: string;
  readonly target: RefName;
  /** Null where the artifacts say it. */
  readonly commit: ObjectId | null;
  readonly artifacts: readonly DeployedArtifact[];
  readonly findBlob: FindBlob;
  readonly provenance: readonly Uint8Array[];
  /** What runs there now, for an environment of which nothing was recorded; else null. */
  readonly since: ObjectId | null;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly evidence: readonly ObjectId[];
  /** Folder of the ledger that the policy names; default the one inside the Git directory. */
  readonly ledgerDir?: string | undefined;
}

/** Everything the report says, and what a record of the deployment needs beside it. */
export interface DeployAnswer {
  readonly report: DeployReport;
  readonly chain: DeploymentChain;
  readonly policy: Policy | null;
}

/** Gathers, asks the gate's own evaluation about everything since the last approved deployment, and decides. */
export async function checkDeployment(request: DeployRequest): Promise<DeployAnswer> {
  const { repository, target, commit } = request;
  const problem = findHistoryProblem(repository);
  if (problem !== undefined) return toRefusal(request, "incomplete-history", "error", problem);
  const tip = await findTargetTip(repository, target, commit);
  if (tip === undefined) {
    const reason = `${target} is not in this clone, so nothing says what may be deployed; fetch it: git fetch origin ${target}:${target}`;
    return toRefusal(request, "target", "error", reason);
  }
  const reading = await readPolicyAt(repository, { commit: tip, path: POLICY_PATH }, target);
  if (reading.policy === null) return toRefusal(request, "policy", "fail", reading.reason);
  return await checkByPolicy(request, tip, reading.policy);
}

async function checkByPolicy(request: DeployRequest, tip: ObjectId, policy: Policy): Promise<DeployAnswer> {
  const { repository, target, environment } = request;
  const trusted = await readTrustedRoot(repository, tip, policy);
  const { evidence, ledgerDir } = request;
  // What the log lost of the changes themselves is found where they are judged.
  const inclusion = await readInclusion({ repository, policy, ledgerDir, isOurs: () => false });
  const known = await readMachineEvidence({ repository, policy, evidence, inclusion, ...trusted });
  const chain = toDeploymentChain(known.deployments, environment);
  const resolved = resolveArtifacts({ ...request, policy, ...trusted });
  const findings = [
    ...resolved.findings,
    ...toProblems(known),
    ...toLedgerFindings(inclusion, known),
    ...chain.oddities.map((reason) => warning("deployments", reason)),
    ...(await checkTarget(repository, policy, target)),
  ];
  const commits = [...new Set([...(request.commit === null ? [] : [request.commit]), ...resolved.commits])];
  const [commit] = commits;
  const report = toEmptyReport(request, policy, chain);
  if (commit === undefined) return finish(report, findings, { chain, policy });
  if (commits.length > 1)
    return finish({ ...report, commit }, [...findings, toMismatch(request.commit, commits)], {
      chain,
      policy,
    });
  const looked = await lookAt({ request, tip, policy, known, chain }, commit);
  const all = [...findings, ...looked.findings];
  return finish({ ...report, commit, ...looked.found }, all, {
    chain,
    policy,
    isOverridden: looked.isOverridden,
  });
}

interface Looking {
  readonly request: DeployRequest;
  readonly tip: ObjectId;
  readonly policy: Policy;
  readonly known: KnownMachineEvidence;
  readonly chain: DeploymentChain;
}

interface Looked {
  readonly found: Partial<Pick<DeployReport, "base" | "kind" | "after" | "changes" | "gaps">>;
  readonly findings: readonly DeployFinding[];
  readonly isOverridden: boolean;
}

/** One commit: where it lies, whether it was tried before, and everything that it brings. */
async function lookAt({ request, tip, policy, known, chain }: Looking, commit: ObjectId): Promise<Looked> {
  const { environment, artifacts, now } = request;
  const isOnTarget = await checkOnTarget(request, tip, commit);
  if (isOnTarget.length > 0) return { found: {}, findings: isOnTarget, isOverridden: false };
  const own = toEnvironment(policy, environment);
  const { base, kind, ...place } = await findPlace({ ...request, rollback: own.rollback }, chain, commit);
  const stage = checkStage({ environment: own, deployments: known.deployments, commit, artifacts, now });
  const landed = place.isUnknown
    ? NOTHING
    : await judgeRange(request, known, { policy, base, commit, approvedAt: place.approvedAt });
  const after = stage?.stage === undefined ? null : toRecorded(stage.stage);
  return {
    found: { base, kind, after, changes: landed.changes, gaps: landed.gaps },
    findings: [...place.findings, ...(stage === undefined ? [] : [stage.finding]), ...landed.findings],
    isOverridden: landed.isOverridden,
  };
}

function toEmptyReport(
  request: DeployRequest,
  policy: Policy | null,
  { last }: DeploymentChain,
): DeployReport {
  const { environment, target, commit, artifacts, now } = request;
  return {
    verdict: "error",
    environment,
    target,
    repository: policy?.repository ?? "",
    commit,
    base: null,
    kind: "first",
    artifacts,
    policyDigest: policy?.digest ?? null,
    evaluatedAt: formatInstant(now),
    previous: last === undefined ? null : toRecorded(last),
    after: null,
    changes: [],
    findings: [],
    gaps: [],
  };
}

/** An environment that the policy does not name waits for nothing. */
function toEnvironment(policy: Policy, id: string): Environment {
  return policy.environments.get(id) ?? { id, after: null, minimum: 0, rollback: "allow" };
}

const NOTHING = { changes: [], gaps: [], findings: [], isOverridden: false } as const;

function finish(
  report: DeployReport,
  findings: readonly DeployFinding[],
  {
    chain,
    policy,
    isOverridden = false,
  }: Pick<DeployAnswer, "chain" | "policy"> & { isOverridden?: boolean },
): DeployAnswer {
  const unique = [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()];
  // Nothing to judge is no yes: whatever left the commit unknown has its own finding, and if it had not, this is one.
  const verdict =
    report.commit === null && unique.length === 0 ? "error" : toDeployVerdict(unique, isOverridden);
  return { report: { ...report, verdict, findings: sortFindings(unique) }, chain, policy };
}

interface Range {
  readonly policy: Policy;
  readonly base: ObjectId | null;
  readonly commit: ObjectId;
  readonly approvedAt: number | null;
}

async function judgeRange(
  { repository, target, now, evidence, ledgerDir }: DeployRequest,
  { verdicts }: KnownMachineEvidence,
  { policy, base, commit, approvedAt }: Range,
) {
  const coverage: Coverage =
    base === commit
      ? { byLink: new Map(), gaps: [] }
      : await coverLandings({ repository, base, head: commit, target, verdicts });
  const landed = await judgeLanded({
    repository,
    base,
    head: commit,
    target,
    evidence,
    ledgerDir,
    coverage,
    now,
    approvedAt,
  });
  const areVerdictsGiven = [...policy.machines.values()].some(({ may }) => may.includes("verdict"));
  const gaps = areVerdictsGiven ? coverage.gaps : [];
  return { ...landed, gaps, findings: [...landed.findings, ...toGapFindings(gaps)] };
}

/** Whoever pushed past the gate left no verdict, whatever was pushed (T48). */
function toGapFindings(gaps: readonly ObjectId[]): readonly DeployFinding[] {
  if (gaps.length === 0) return [];
  const shown = gaps.slice(0, 5).map((id) => id.slice(0, 12));
  const more = gaps.length > shown.length ? `, … (${gaps.length} in all)` : "";
  const reason =
    `${gaps.length} commit(s) landed without a verdict of a machine that the policy believes: ${shown.join(", ")}${more}; ` +
    "they were pushed past the gate, or the gate did not attest. Have it judge them: countersign gate --base PARENT --head COMMIT --target REF --attest --machine-key FILE";
  return [{ rule: "no-verdict", status: "fail", reason, commits: gaps }];
}

function toProblems({ problems, refused }: KnownMachineEvidence): readonly DeployFinding[] {
  const own = refused.map(({ envelope, reason }) => ({ envelope, code: "SIGNER_UNKNOWN", message: reason }));
  return [...problems, ...own].map(({ envelope, code, message }) =>
    warning("evidence-unusable", `envelope ${envelope.slice(0, 12)} was not used (${code}): ${message}`),
  );
}

/** A log that the policy requires and that cannot be relied on denies, even where nothing new would ship (T37). */
function toLedgerFindings(
  { problems, notes }: Inclusion,
  { missing }: KnownMachineEvidence,
): readonly DeployFinding[] {
  return [
    ...problems.map(({ message }) => error("ledger", message)),
    ...notes.map(({ message }) => warning("ledger", message)),
    ...missing.map(({ index, why }) => {
      const what = `the deployment that the ledger holds as entry ${index}`;
      return why === "redacted"
        ? warning("ledger", `${what} was redacted; the record of deployments has a hole`)
        : error("ledger", `${what} is nowhere any more, so nobody can tell what was deployed`);
    }),
  ];
}

function toMismatch(asked: ObjectId | null, commits: readonly ObjectId[]): DeployFinding {
  const shown = commits.map((id) => id.slice(0, 12)).join(", ");
  const reason =
    asked === null
      ? `the artifacts were built from different commits: ${shown}`
      : `the artifact was built from another commit than the one that is asked about: ${shown}`;
  return { rule: "artifact", status: "fail", reason, commits };
}

function toRefusal(
  request: DeployRequest,
  rule: string,
  status: "fail" | "error",
  reason: string,
): DeployAnswer {
  const { environment, commit } = request;
  const chain = toDeploymentChain([], environment);
  const findings = [{ rule, status, reason, commits: commit === null ? [] : [commit] }];
  return finish(toEmptyReport(request, null, chain), findings, { chain, policy: null });
}

function error(rule: string, reason: string): DeployFinding {
  return { rule, status: "error", reason, commits: [] };
}

function warning(rule: string, reason: string): DeployFinding {
  return { rule, status: "warning", reason, commits: [] };
}
