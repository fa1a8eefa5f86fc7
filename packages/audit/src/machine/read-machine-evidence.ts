// SPDX-License-Identifier: Apache-2.0
import {
  type GateVerdictPredicate,
  type MachineTrust,
  parseInstant,
  parseMachineStatement,
} from "@countersign/core/attestation";
import type { KnownDeployment } from "@countersign/core/audit";
import { CoreError, type ObjectId, type Sha256 } from "@countersign/core/ids";
import { CLOCK_TOLERANCE_SECONDS, type EvidenceProblem, type Policy } from "@countersign/core/policy";
import {
  type Inclusion,
  type MachineStatement,
  readStatements,
  type VerifiedMachineStatement,
  verifyMachines,
} from "@countersign/gate";
import { EVIDENCE_REF, type Repository, readRef } from "@countersign/git";

/** A verdict of a machine that the policy believes in it. */
export interface KnownVerdict {
  readonly envelope: Sha256;
  readonly predicate: GateVerdictPredicate;
}

/** A deployment that a machine signed which the policy knows, and does not let deploy. */
export interface RefusedDeployment extends KnownDeployment {
  readonly reason: string;
}

/** What machines said that may say it; nothing else of theirs is looked at. */
export interface KnownMachineEvidence {
  readonly verdicts: readonly KnownVerdict[];
  readonly deployments: readonly KnownDeployment[];
  readonly refused: readonly RefusedDeployment[];
  /** Commits of assistance records that a machine stands for, by the envelope's name. */
  readonly assistance: ReadonlyMap<Sha256, ObjectId>;
  /** Envelopes that say nothing here: forged, of machines nobody names, not logged where they have to be, or verdicts of a machine that may not give any. */
  readonly problems: readonly EvidenceProblem[];
  /** Deployments that the log has and that are nowhere to be read any more. */
  readonly missing: readonly MissingDeployment[];
}

export interface MissingDeployment {
  readonly index: number;
  readonly envelope: Sha256;
  /** `redacted`: removed, as the log itself says; `lost`: nobody can tell what it said. */
  readonly why: "redacted" | "lost";
}

export interface MachineEvidenceRequest {
  readonly repository: Repository;
  /** Says whose keys are machines', what each may say, and what has to be logged. */
  readonly policy: Policy;
  /** Commits of evidence sets to read besides the repository's own ref. */
  readonly evidence: readonly ObjectId[];
  /** The policy's ledger. */
  readonly inclusion: Inclusion;
  readonly verifyBundle?: MachineTrust["verifyBundle"];
}

/** Reads what machines signed, in the evidence and in the ledger: a deployment that was deleted from the one still stands in the other (T36). */
export async function readMachineEvidence(request: MachineEvidenceRequest): Promise<KnownMachineEvidence> {
  const { repository, policy, evidence, inclusion, verifyBundle } = request;
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...evidence];
  // People's statements are not verified here: nothing about them is asked.
  const { machines } = await readStatements(repository, tips, () => false);
  const logged = await readLoggedStatements(inclusion, machines);
  const verified = verifyMachines(policy, [...machines, ...logged.machines], verifyBundle);
  const known = createCollector(policy);
  for (const statement of verified.statements)
    known.add(statement, await inclusion.loggedAt(statement.envelope));
  const { problems, ...rest } = known.found;
  return { ...rest, problems: [...verified.problems, ...problems], missing: logged.missing };
}

/** An assistance statement that the log lost is a problem of its commit, which the gate's evaluation names. */
async function readLoggedStatements(inclusion: Inclusion, machines: readonly MachineStatement[]) {
  const here = new Set(machines.map(({ envelope }) => envelope));
  const { deployments, assistance } = await inclusion.statements(here);
  const readable = [...deployments, ...assistance].flatMap(({ envelope, bytes }) =>
    bytes instanceof Uint8Array ? [{ envelope, bytes }] : [],
  );
  const missing = deployments.flatMap(({ index, envelope, bytes }): readonly MissingDeployment[] =>
    bytes instanceof Uint8Array ? [] : [{ index, envelope, why: bytes }],
  );
  return { machines: readable, missing };
}

function createCollector(policy: Policy) {
  const verdicts: KnownVerdict[] = [];
  const deployments: KnownDeployment[] = [];
  const refused: RefusedDeployment[] = [];
  const assistance = new Map<Sha256, ObjectId>();
  const problems: EvidenceProblem[] = [];
  const addChecked = (
    { envelope, statement, machine }: VerifiedMachineStatement,
    loggedAt: number | null | undefined,
  ): void => {
    const said = parseMachineStatement(statement);
    if (said.kind === "assistance" && machine.may.includes("assistance"))
      assistance.set(envelope, said.record.commit);
    // A fork has the same commits, and may have the same machines.
    if (
      (said.kind !== "verdict" && said.kind !== "deployment") ||
      said.predicate.repository !== policy.repository
    )
      return;
    if (said.kind === "verdict") {
      if (!machine.may.includes("verdict")) throw notAllowed(machine.id, "verdict");
      const message = findLogFault(said.predicate.evaluatedAt, loggedAt);
      if (message === undefined) verdicts.push({ envelope, predicate: said.predicate });
      else problems.push({ envelope, code: "NOT_LOGGED", message });
      return;
    }
    const deployment = { envelope, predicate: said.predicate, loggedAt };
    if (machine.may.includes("deployment")) deployments.push(deployment);
    else
      refused.push({
        ...deployment,
        reason: `${machine.id} signed it, and the policy does not let it deploy`,
      });
  };
  return {
    found: { verdicts, deployments, refused, assistance, problems },
    add: (statement: VerifiedMachineStatement, loggedAt: number | null | undefined): void => {
      try {
        addChecked(statement, loggedAt);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        problems.push({ envelope: statement.envelope, code: error.code, message: error.message });
      }
    },
  };
}

/** A verdict lets something through, so it has to be in the log where the policy says so, as a sign-off has to. */
function findLogFault(evaluatedAt: string, loggedAt: number | null | undefined): string | undefined {
  if (loggedAt === null)
    return "not in the ledger, which the policy requires; log it with: countersign ledger append";
  if (loggedAt === undefined || parseInstant(evaluatedAt) <= loggedAt + CLOCK_TOLERANCE_SECONDS)
    return undefined;
  return `it claims to be of ${evaluatedAt}, after the ledger took it in`;
}

function notAllowed(id: string, power: string): CoreError {
  return new CoreError("SIGNER_UNKNOWN", `the machine ${id} may not say a ${power} (machines.${id}.may)`);
}
