// SPDX-License-Identifier: Apache-2.0
import {
  type GateVerdictPredicate,
  isSignedOff,
  type RawStatement,
  toSummaryStatement,
  toVerdictStatement,
} from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import type { GateReport } from "@countersign/core/render";
import { EVIDENCE_REF, toVerdict } from "@countersign/gate";
import { addEvidence, type Repository } from "@countersign/git";
import { type MachineSigningKey, newNonce, signMachineStatement } from "@countersign/signing";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import { readMachineKeyFlag } from "../sign-off/read-machine-key-flag.ts";
import { VERSION } from "../version.ts";

/** The key to attest with; undefined where nobody asked. */
export async function readAttestKey(
  context: CliContext,
  flags: { readonly attest: boolean; readonly machineKey?: string; readonly vsa: boolean },
): Promise<MachineSigningKey | undefined> {
  if (flags.attest) return await readMachineKeyFlag(context, flags.machineKey);
  if (flags.machineKey === undefined && !flags.vsa) return undefined;
  throw new UsageError("--machine-key and --vsa do nothing without --attest; give it too");
}

/** Signs what the gate said and adds it to the evidence; what could not be written ends the command as an error. */
export async function attestVerdict(
  context: CliContext,
  repository: Repository,
  report: GateReport,
  { key, withSummary }: { readonly key: MachineSigningKey; readonly withSummary: boolean },
): Promise<void> {
  const made = { program: { name: "countersign", version: VERSION }, nonce: newNonce() };
  const verdict = await toVerdict(repository, report, made);
  const summary = withSummary ? toSummary(context, verdict) : undefined;
  const statements = [toVerdictStatement(verdict), ...(summary === undefined ? [] : [summary])];
  const envelopes = statements.map((statement) => signMachineStatement(statement, key));
  await addEvidence(repository, envelopes);
  const names = envelopes.map((bytes) => sha256Hex(bytes).slice(0, 16));
  context.warn(`the verdict ${verdict.verdict} is attested: ${names.join(", ")} in ${EVIDENCE_REF}`);
}

/** For consumers who know SLSA and not us; says nothing where there was no AI to sign off. */
function toSummary(context: CliContext, verdict: GateVerdictPredicate): RawStatement | undefined {
  const { head: commit, repository, evaluatedAt: verifiedAt, policyDigest, program } = verdict;
  if (!isSignedOff(verdict) || policyDigest === null) {
    context.warn("no verification summary: it says that AI was signed off, and this verdict does not");
    return undefined;
  }
  if (repository === "") {
    context.warn(
      "no verification summary: the policy does not name its repository, so it could be about any",
    );
    return undefined;
  }
  return toSummaryStatement({ commit, repository, verifiedAt, policyDigest, version: program.version });
}
