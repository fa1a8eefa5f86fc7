// SPDX-License-Identifier: Apache-2.0
import {
  CODE_REVIEW_PREDICATE_TYPE,
  type CodeReviewStatement,
  isMachineEnvelope,
  type MachineSigner,
  parseRawStatement,
  parseStoredMachineEnvelope,
  type RawStatement,
  type Signer,
  type Statement,
  type VerifiedEnvelope,
  verifyEnvelope,
  verifyMachineEnvelope,
} from "@countersign/core/attestation";
import { CoreError, type ObjectId, type Sha256 } from "@countersign/core/ids";
import { findMachine, findPrincipalByKey, listMachineKeys, type Policy } from "@countersign/core/policy";
import { verifyRawSignature } from "@countersign/signing";

/** One envelope of the evidence set, as far as it can be told without a change to compare it with. */
export interface EvidenceRow {
  readonly envelope: Sha256;
  readonly kind: "code-review" | "assistance-amendment" | "machine" | "unusable";
  /** Of a machine's statement; null for others. */
  readonly predicateType: string | null;
  /** Whose key signed, by the policy in force here; null where it is nobody's, or there is no policy. */
  readonly principal: string | null;
  readonly claimedPrincipal: string | null;
  readonly fingerprint: string | null;
  readonly isTouched: boolean;
  readonly decision: CodeReviewStatement["predicate"]["decision"] | "declare" | null;
  readonly target: string | null;
  /** Signed head, or the labelled commit. */
  readonly commit: ObjectId | null;
  readonly tree: ObjectId | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly reason: string | null;
  readonly assistance: readonly {
    readonly tool: string;
    readonly model: string | null;
    readonly extent: string | null;
  }[];
  /** Why the envelope proves nothing; null where its signature holds. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

const NOTHING = {
  predicateType: null,
  principal: null,
  claimedPrincipal: null,
  fingerprint: null,
  isTouched: false,
  decision: null,
  target: null,
  commit: null,
  tree: null,
  issuedAt: null,
  expiresAt: null,
  reason: null,
  assistance: [],
} as const;

/** Verifies one envelope and says whose it is. */
export function toEvidenceRow(envelope: Sha256, bytes: Uint8Array, policy: Policy | null): EvidenceRow {
  if (isMachineEnvelope(bytes)) return toMachineRow(envelope, bytes, policy);
  const verified = tryVerify(bytes);
  if ("problem" in verified) return { envelope, kind: "unusable", ...NOTHING, ...verified };
  const { statement, signer } = verified;
  return {
    envelope,
    ...NOTHING,
    ...toStatementPart(statement),
    ...toSignerPart(signer, policy),
    problem: null,
  };
}

function tryVerify(
  bytes: Uint8Array,
): VerifiedEnvelope | { readonly problem: { code: string; message: string } } {
  try {
    return verifyEnvelope(bytes, verifyRawSignature);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { problem: { code: error.code, message: error.message } };
  }
}

/** A machine's statement. That no machine is known by its key is no fault of the envelope: it may only be counted nowhere. */
function toMachineRow(envelope: Sha256, bytes: Uint8Array, policy: Policy | null): EvidenceRow {
  try {
    const statement = parseRawStatement(parseStoredMachineEnvelope(bytes).payload);
    const signer = tryVerifyMachine(bytes, policy);
    const principal = signer && policy ? (findMachine(policy, signer)?.id ?? null) : null;
    const fingerprint = signer?.kind === "ed25519" ? signer.keyid : (signer?.subject ?? null);
    return {
      envelope,
      kind: "machine",
      ...NOTHING,
      ...toMachinePart(statement),
      principal,
      fingerprint,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { envelope, kind: "unusable", ...NOTHING, problem: { code: error.code, message: error.message } };
  }
}

function tryVerifyMachine(bytes: Uint8Array, policy: Policy | null): MachineSigner | undefined {
  const keys = policy === null ? [] : listMachineKeys(policy);
  try {
    return verifyMachineEnvelope(bytes, { keys, verifySignature: verifyRawSignature }).signer;
  } catch (error) {
    if (error instanceof CoreError && error.code === "SIGNER_UNKNOWN") return undefined;
    throw error;
  }
}

function toMachinePart({ predicateType, subject }: RawStatement) {
  const commit = subject.find(({ digest }) => digest.gitCommit !== undefined)?.digest.gitCommit ?? null;
  const tree = subject.find(({ digest }) => digest.gitTree !== undefined)?.digest.gitTree ?? null;
  return { predicateType, commit, tree };
}

function toSignerPart({ publicKey, fingerprint, isTouched }: Signer, policy: Policy | null) {
  const person = policy === null ? undefined : findPrincipalByKey(policy, publicKey)?.person.id;
  return { principal: person ?? null, fingerprint, isTouched };
}

function toStatementPart(statement: Statement) {
  const { principal: claimedPrincipal, issuedAt, reason } = statement.predicate;
  if (statement.predicateType === CODE_REVIEW_PREDICATE_TYPE) {
    const { decision, change, expiresAt } = statement.predicate;
    const { target, head: commit, headTree: tree } = change;
    return {
      kind: "code-review",
      claimedPrincipal,
      issuedAt,
      reason,
      decision,
      target,
      commit,
      tree,
      expiresAt,
    } as const;
  }
  const { commit, tree } = statement;
  const { assistance } = statement.predicate;
  return {
    kind: "assistance-amendment",
    decision: "declare",
    claimedPrincipal,
    issuedAt,
    reason,
    commit,
    tree,
    assistance,
  } as const;
}
