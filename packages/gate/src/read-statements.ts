// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceAmendmentPredicate,
  CODE_REVIEW_PREDICATE_TYPE,
  type CodeReviewPredicate,
  isMachineEnvelope,
  parseRawStatement,
  parseStoredMachineEnvelope,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { CoreError, type ObjectId, type Sha256 } from "@countersign/core/ids";
import type { EvidenceProblem, FactsProblem } from "@countersign/core/policy";
import { type Repository, readEvidenceSet } from "@countersign/git";
import { verifyRawSignature } from "@countersign/signing";
import { type Peek, peekStatement } from "./peek-statement.ts";

/** A statement whose signature verified; whether the key means anything is the policy's to say. */
export interface VerifiedReview {
  readonly envelope: Sha256;
  readonly predicate: CodeReviewPredicate;
  readonly publicKey: string;
  readonly isTouched: boolean;
  /** See SignOffAnswer.loggedAt. */
  readonly loggedAt?: number | null | undefined;
}

export interface VerifiedAmendment {
  readonly envelope: Sha256;
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly predicate: AssistanceAmendmentPredicate;
  readonly publicKey: string;
}

/** What a machine signed, in sound form; not verified, since whose keys count is for a policy to say. Never a sign-off. */
export interface MachineStatement {
  readonly envelope: Sha256;
  readonly bytes: Uint8Array;
}

export interface Statements {
  readonly machines: readonly MachineStatement[];
  readonly reviews: readonly VerifiedReview[];
  readonly amendments: readonly VerifiedAmendment[];
  /** Envelopes that are no statement of ours: malformed, unknown, or with a signature that does not verify. */
  readonly problems: readonly EvidenceProblem[];
  /** Entries that are damaged or absent: what they said, perhaps a rejection, is lost, so nobody can tell. */
  readonly losses: readonly FactsProblem[];
}

/**
 * Reads the evidence sets at the given commits and verifies signatures in process. Verifying costs most of a
 * millisecond, and a busy repository keeps years of evidence: reviews that `isRelevant` says no to are left out unread.
 */
export async function readStatements(
  repository: Repository,
  tips: readonly ObjectId[],
  isRelevant: (peek: Peek, all: readonly Peek[]) => boolean = () => true,
  logged: ReadonlyMap<Sha256, Uint8Array> = new Map(),
): Promise<Statements> {
  const set = await readEvidenceSet(repository, tips);
  const envelopes = new Map([...logged, ...set.envelopes]);
  const peeks = new Map([...envelopes].map(([name, bytes]) => [name, peekStatement(bytes)]));
  const all = [...peeks.values()].filter((peek) => peek !== undefined);
  const reviews: VerifiedReview[] = [];
  const amendments: VerifiedAmendment[] = [];
  const machines: MachineStatement[] = [];
  const problems: EvidenceProblem[] = [];
  for (const [envelope, bytes] of envelopes) {
    const peek = peeks.get(envelope);
    if (peek !== undefined && !isRelevant(peek, all)) continue;
    try {
      if (peek === undefined && isMachineEnvelope(bytes)) {
        parseRawStatement(parseStoredMachineEnvelope(bytes).payload);
        machines.push({ envelope, bytes });
        continue;
      }
      const { statement, signer } = verifyEnvelope(bytes, verifyRawSignature);
      const { publicKey, isTouched } = signer;
      if (statement.predicateType === CODE_REVIEW_PREDICATE_TYPE) {
        reviews.push({ envelope, predicate: statement.predicate, publicKey, isTouched });
      } else {
        amendments.push({
          envelope,
          commit: statement.commit,
          tree: statement.tree,
          predicate: statement.predicate,
          publicKey,
        });
      }
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      problems.push({ envelope, code: error.code, message: error.message });
    }
  }
  // Files that are no entries decide nothing, but one of them may be an entry that somebody moved out of the way.
  const strays = set.problems.filter(({ code }) => code === "unexpected-path");
  problems.push(...strays.map(({ code, path, message }) => ({ envelope: path, code, message })));
  const losses = set.problems
    .filter(({ code }) => code !== "unexpected-path")
    .map(({ code, message, commit }) => ({ code: `evidence-${code}`, message, objects: [commit] }));
  return { reviews, amendments, machines, problems, losses };
}
