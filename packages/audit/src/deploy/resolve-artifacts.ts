// SPDX-License-Identifier: Apache-2.0
import {
  type DeployedArtifact,
  formatMachineEnvelope,
  isMachineEnvelope,
  type MachineTrust,
  parseMachineEnvelope,
  type RawStatement,
} from "@countersign/core/attestation";
import {
  type DeployFinding,
  type FindBlob,
  findImageRevision,
  findProvenanceRevision,
  isProvenanceOf,
  type RevisionAnswer,
} from "@countersign/core/audit";
import { CoreError, type ObjectId, sha256Hex } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import { verifyMachines } from "@countersign/gate";

export interface ArtifactQuestion {
  readonly policy: Policy;
  readonly artifacts: readonly DeployedArtifact[];
  readonly findBlob: FindBlob;
  /** Envelopes with SLSA provenance, as files hold them. */
  readonly provenance: readonly Uint8Array[];
  readonly verifyBundle?: MachineTrust["verifyBundle"];
}

export interface ArtifactAnswer {
  /** The commits that the artifacts were built from; one for a deployment that can be judged. */
  readonly commits: readonly ObjectId[];
  readonly findings: readonly DeployFinding[];
}

/** From which commits artifacts were built, as far as their own labels or signed provenance tell. */
export function resolveArtifacts(question: ArtifactQuestion): ArtifactAnswer {
  const { policy } = question;
  const signed = readProvenance(question);
  const findings: DeployFinding[] = [...signed.findings];
  const commits = new Set<ObjectId>();
  const hasBuilders = [...policy.machines.values()].some(({ may }) => may.includes("provenance"));
  for (const artifact of question.artifacts) {
    const { sha256 } = artifact.digest;
    const name = `${artifact.name}@sha256:${sha256.slice(0, 12)}…`;
    const statements = signed.statements.filter((statement) => isProvenanceOf(statement, sha256));
    const label = findImageRevision(sha256, question.findBlob);
    const own = judgeArtifact({ name, label, statements, hasBuilders, policy });
    findings.push(...own.findings);
    for (const commit of own.commits) commits.add(commit);
  }
  return { commits: [...commits], findings };
}

interface ArtifactEvidence {
  readonly name: string;
  readonly label: RevisionAnswer;
  readonly statements: readonly RawStatement[];
  readonly hasBuilders: boolean;
  readonly policy: Policy;
}

function judgeArtifact({ name, label, statements, hasBuilders, policy }: ArtifactEvidence): ArtifactAnswer {
  const proved = statements.map((statement) => findProvenanceRevision(statement, policy.repository));
  const bad = proved.find((answer) => answer.status !== "found");
  if (bad !== undefined) return no("artifact", "fail", `${name}: ${reasonOf(bad)}`);
  const found = [...proved, label].flatMap((answer) => (answer.status === "found" ? [answer.commit] : []));
  const commits = [...new Set(found)];
  if (commits.length > 1)
    return no(
      "artifact",
      "fail",
      `${name}: its label and its provenance name different commits: ${commits.join(", ")}`,
    );
  if (proved.length > 0) {
    // A label that says nothing takes nothing away; one that says "dirty" does.
    if (label.status === "unusable" && /nobody committed/.test(label.reason))
      return no("artifact", "fail", `${name}: ${label.reason}`);
    return { commits, findings: [] };
  }
  if (label.status === "unusable") return no("artifact", "fail", `${name}: ${label.reason}`);
  if (label.status === "missing")
    return no(
      "artifact",
      "error",
      `${name}: ${label.reason}, so nothing says from which commit it was built`,
    );
  const isWord = `${name} says itself that it was built from ${label.commit.slice(0, 12)}: a label is the word of whoever built it`;
  if (hasBuilders)
    return {
      commits,
      findings: [
        finding(
          "artifact",
          "fail",
          `${isWord}; the policy names builders, so give signed provenance with --provenance`,
        ),
      ],
    };
  return { commits, findings: [finding("artifact", "warning", isWord)] };
}

function reasonOf(answer: RevisionAnswer): string {
  return "reason" in answer ? answer.reason : "";
}

function no(rule: string, status: "fail" | "error", reason: string): ArtifactAnswer {
  return { commits: [], findings: [finding(rule, status, reason)] };
}

function finding(rule: string, status: DeployFinding["status"], reason: string): DeployFinding {
  return { rule, status, reason, commits: [] };
}

/** Provenance that a builder signed whom the policy believes in it; anything else is told, and proves nothing. */
function readProvenance({ policy, provenance, verifyBundle }: ArtifactQuestion): {
  readonly statements: readonly RawStatement[];
  readonly findings: readonly DeployFinding[];
} {
  const statements: RawStatement[] = [];
  const findings: DeployFinding[] = [];
  for (const file of provenance) {
    const read = readOne(policy, file, verifyBundle);
    if ("reason" in read) findings.push(finding("provenance", "fail", read.reason));
    else statements.push(read.statement);
  }
  return { statements, findings };
}

function readOne(
  policy: Policy,
  file: Uint8Array,
  verifyBundle: MachineTrust["verifyBundle"],
): { readonly statement: RawStatement } | { readonly reason: string } {
  if (!isMachineEnvelope(file))
    return {
      reason: "the provenance is not signed: expected an envelope of a machine, or a Sigstore bundle",
    };
  try {
    const bytes = formatMachineEnvelope(parseMachineEnvelope(file));
    const { statements, problems } = verifyMachines(
      policy,
      [{ envelope: sha256Hex(bytes), bytes }],
      verifyBundle,
    );
    const [only] = statements;
    if (only === undefined) return { reason: `the provenance proves nothing: ${problems[0]?.message}` };
    if (only.machine.may.includes("provenance")) return { statement: only.statement };
    return {
      reason: `the machine ${only.machine.id} may not say where something was built from (machines.${only.machine.id}.may)`,
    };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { reason: `the provenance cannot be read: ${error.message}` };
  }
}
