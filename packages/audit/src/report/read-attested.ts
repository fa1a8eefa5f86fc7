// SPDX-License-Identifier: Apache-2.0
import { type DeploymentPredicate, parseMachineStatement } from "@countersign/core/attestation";
import type { AttestedVerdict, ReportedDeployment } from "@countersign/core/audit";
import { CoreError, type ObjectId, type RefName, type Sha256 } from "@countersign/core/ids";
import type { EvidenceProblem, Policy } from "@countersign/core/policy";
import { readStatements, type VerifiedMachineStatement, verifyMachines } from "@countersign/gate";
import { EVIDENCE_REF, type Repository, readRef } from "@countersign/git";
import { timeOf } from "./find-delivered.ts";
import type { LoggedEvidence } from "./read-logged.ts";

/** What machines signed about a branch and the environments it goes to. */
export interface Attested {
  readonly verdicts: ReadonlyMap<ObjectId, readonly AttestedVerdict[]>;
  /** Oldest first. */
  readonly deployments: readonly ReportedDeployment[];
  readonly problems: readonly EvidenceProblem[];
}

export interface AttestedRequest {
  readonly repository: Repository;
  readonly evidence: readonly ObjectId[];
  readonly target: RefName;
  /** Says whose keys are machines', and what each may say; null where there is none, and then nobody's are. */
  readonly policy: Policy | null;
  readonly logged: LoggedEvidence;
}

export async function readAttested(request: AttestedRequest): Promise<Attested> {
  const { repository, evidence, policy } = request;
  if (policy === null) return { verdicts: new Map(), deployments: [], problems: [] };
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...evidence];
  // Reviews are read where they are judged.
  const { machines } = await readStatements(repository, tips, () => false);
  const { statements, problems } = verifyMachines(policy, machines);
  const verdicts = new Map<ObjectId, readonly AttestedVerdict[]>();
  const deployed: Deployed[] = [];
  const unusable: EvidenceProblem[] = [...problems];
  for (const statement of statements) {
    try {
      addStatement({ ...request, policy }, statement, verdicts, deployed);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      unusable.push({ envelope: statement.envelope, code: error.code, message: error.message });
    }
  }
  return { verdicts, deployments: chain(deployed), problems: unusable };
}

function addStatement(
  { policy, target, logged }: AttestedRequest & { readonly policy: Policy },
  { envelope, statement, machine }: VerifiedMachineStatement,
  verdicts: Map<ObjectId, readonly AttestedVerdict[]>,
  deployed: Deployed[],
): void {
  const body = parseMachineStatement(statement);
  if (body.kind !== "verdict" && body.kind !== "deployment") return;
  if (body.predicate.target !== target || body.predicate.repository !== policy.repository) return;
  const proof = logged.proofOf(envelope);
  if (body.kind === "verdict" && machine.may.includes("verdict")) {
    const { verdict, head, evaluatedAt } = body.predicate;
    verdicts.set(head, [...(verdicts.get(head) ?? []), { verdict, at: evaluatedAt, envelope, proof }]);
  } else if (body.kind === "deployment") {
    const isAllowed = machine.may.includes("deployment");
    const problem = isAllowed ? null : `${machine.id} signed it, and the policy does not let it deploy`;
    const report = toReported(body.predicate, envelope, proof, problem);
    deployed.push({ predicate: body.predicate, report, isAllowed });
  }
}

interface Deployed {
  readonly predicate: DeploymentPredicate;
  readonly report: ReportedDeployment;
  readonly isAllowed: boolean;
}

function toReported(
  predicate: DeploymentPredicate,
  envelope: Sha256,
  proof: ReportedDeployment["proof"],
  problem: string | null,
): ReportedDeployment {
  const { environment, at, commits, verdict, pipeline, artifacts, reasons } = predicate;
  const refused = reasons.map(({ rule, reason }) => `${rule}: ${reason}`).join("; ");
  return {
    environment,
    at,
    base: commits.base,
    head: commits.head,
    verdict,
    pipeline: pipeline === null ? null : `${pipeline.subject} (${pipeline.run})`,
    artifacts: artifacts.map(({ name, digest }) => ({ name, digest: digest.sha256 })),
    envelope,
    proof,
    problem: problem ?? (refused === "" ? null : `it was recorded as ${verdict}: ${refused}`),
  };
}

/** Every delivery names the one before it in its environment; where that is not so, one was lost, hidden or made up. */
function chain(deployed: readonly Deployed[]): readonly ReportedDeployment[] {
  const ordered = [...deployed].sort((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
  const last = new Map<string, Sha256>();
  return ordered.map(({ predicate, report, isAllowed }) => {
    const { environment, envelope, problem } = report;
    const before = last.get(environment) ?? null;
    // Whoever may not deliver breaks nobody's chain.
    if (isAllowed) last.set(environment, envelope);
    if (problem !== null || predicate.previous === before) return report;
    const said = predicate.previous === null ? "none" : predicate.previous.slice(0, 12);
    const found = before === null ? "none is known" : `that was ${before.slice(0, 12)}`;
    return { ...report, problem: `it names ${said} as the delivery before it, and ${found}` };
  });
}

function toKey({ report }: Deployed): string {
  const { proof, at, envelope } = report;
  return `${timeOf(report)} ${String(proof?.index ?? 0).padStart(16, "0")} ${at} ${envelope}`;
}
