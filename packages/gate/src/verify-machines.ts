// SPDX-License-Identifier: Apache-2.0
import { type MachineTrust, type RawStatement, verifyMachineEnvelope } from "@countersign/core/attestation";
import { CoreError, type Sha256 } from "@countersign/core/ids";
import {
  type EvidenceProblem,
  findMachine,
  listMachineKeys,
  type Machine,
  type Policy,
} from "@countersign/core/policy";
import { verifyRawSignature } from "@countersign/signing";
import type { MachineStatement } from "./read-statements.ts";

/** A statement of a machine that the policy knows. What it may say is in `machine.may`. */
export interface VerifiedMachineStatement {
  readonly envelope: Sha256;
  readonly statement: RawStatement;
  readonly machine: Machine;
}

export interface MachineEvidence {
  readonly statements: readonly VerifiedMachineStatement[];
  readonly problems: readonly EvidenceProblem[];
}

/** Verifies machines' envelopes by the keys and identities of a policy; those of machines that it does not know are problems. */
export function verifyMachines(
  policy: Policy,
  machines: readonly MachineStatement[],
  verifyBundle?: MachineTrust["verifyBundle"],
): MachineEvidence {
  const trust: MachineTrust = {
    keys: listMachineKeys(policy),
    verifySignature: verifyRawSignature,
    ...(verifyBundle && { verifyBundle }),
  };
  const statements: VerifiedMachineStatement[] = [];
  const problems: EvidenceProblem[] = [];
  for (const { envelope, bytes } of machines) {
    try {
      const { statement, signer } = verifyMachineEnvelope(bytes, trust);
      const machine = findMachine(policy, signer);
      if (machine === undefined)
        throw new CoreError("SIGNER_UNKNOWN", "no machine of the policy has this identity");
      statements.push({ envelope, statement, machine });
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      problems.push({ envelope, code: error.code, message: error.message });
    }
  }
  return { statements, problems };
}
