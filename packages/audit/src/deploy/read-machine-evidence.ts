// SPDX-License-Identifier: Apache-2.0
import {
  type DeploymentPredicate,
  type GateVerdictPredicate,
  type MachineTrust,
  parseMachineStatement,
} from "@countersign/core/attestation";
import type { KnownDeployment } from "@countersign/core/audit";
import { CoreError, type ObjectId, type Sha256 } from "@countersign/core/ids";
import type { EvidenceProblem, Machine, Policy } from "@countersign/core/policy";
import { type MachineStatement, readStatements, verifyMachines } from "@countersign/gate";
import { EVIDENCE_REF, type Repository, readRef } from "@countersign/git";

/** A verdict of a machine that the policy believes in it. */
export interface KnownVerdict {
  readonly envelope: Sha256;
  readonly predicate: GateVerdictPredicate;
}

/** What machines said that may say it; nothing else of theirs is looked at. */
export interface KnownMachineEvidence {
  readonly verdicts: readonly KnownVerdict[];
  readonly deployments: readonly KnownDeployment[];
  /** Envelopes that say nothing here: forged, of machines nobody names, or of a machine that may not say it. */
  readonly problems: readonly EvidenceProblem[];
}

/** Reads the evidence of a repository and of the given commits of evidence sets. */
export async function readMachineEvidence(
  repository: Repository,
  policy: Policy,
  evidence: readonly ObjectId[],
  verifyBundle?: MachineTrust["verifyBundle"],
): Promise<KnownMachineEvidence> {
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...evidence];
  // People's statements are not verified here: nothing about them is asked.
  const { machines } = await readStatements(repository, tips, () => false);
  return toKnownMachineEvidence(policy, machines, verifyBundle);
}

/** The same of envelopes that were read already. */
export function toKnownMachineEvidence(
  policy: Policy,
  machines: readonly MachineStatement[],
  verifyBundle?: MachineTrust["verifyBundle"],
): KnownMachineEvidence {
  const verified = verifyMachines(policy, machines, verifyBundle);
  const verdicts: KnownVerdict[] = [];
  const deployments: KnownDeployment[] = [];
  const problems: EvidenceProblem[] = [...verified.problems];
  for (const { envelope, statement, machine } of verified.statements) {
    try {
      const said = parseMachineStatement(statement);
      if (said.kind === "verdict" && isOurs(policy, said.predicate)) {
        requirePower(machine, "verdict");
        verdicts.push({ envelope, predicate: said.predicate });
      }
      if (said.kind === "deployment" && isOurs(policy, said.predicate)) {
        requirePower(machine, "deployment");
        deployments.push({ envelope, predicate: said.predicate });
      }
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      problems.push({ envelope, code: error.code, message: error.message });
    }
  }
  return { verdicts, deployments, problems };
}

/** A fork has the same commits, and may have the same machines. */
function isOurs(policy: Policy, { repository }: GateVerdictPredicate | DeploymentPredicate): boolean {
  return repository === policy.repository;
}

function requirePower({ id, may }: Machine, power: "verdict" | "deployment"): void {
  if (may.includes(power)) return;
  throw new CoreError("SIGNER_UNKNOWN", `the machine ${id} may not say a ${power} (machines.${id}.may)`);
}
