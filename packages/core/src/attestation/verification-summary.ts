// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Json, ObjectId, Sha256 } from "../ids/index.ts";
import { instantField, lineField, objectIdField, repositoryField, sha256Field } from "./predicate-fields.ts";
import { readShape, refuse } from "./read-shape.ts";
import { type RawStatement, verifySubjects } from "./statement.ts";
import { AI_SIGN_OFF, GATE_VERIFIER_ID } from "./verdict-statement.ts";

/** SLSA's Verification Summary Attestation, in the form that its source track asks for. */
export const VSA_PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1";

/** What a consumer without any knowledge of us reads: this commit was signed off as the organisation asks. */
export interface VerificationSummary {
  readonly commit: ObjectId;
  /** URI of the repository. */
  readonly repository: string;
  readonly verifiedAt: string;
  readonly policyDigest: Sha256;
  /** Version of the verifier. */
  readonly version: string;
}

export interface SummaryStatement extends VerificationSummary {
  readonly kind: "summary";
  readonly predicateType: typeof VSA_PREDICATE_TYPE;
}

const POLICY_URI = ".countersign/policy.yml";

// Strict, although SLSA lets readers ignore what they do not know: what we did not write is no summary of ours.
const predicateSchema = z.strictObject({
  verifier: z.strictObject({
    id: z.literal(GATE_VERIFIER_ID),
    version: z.strictObject({ countersign: lineField(64) }),
  }),
  timeVerified: instantField,
  resourceUri: repositoryField.min(1),
  policy: z.strictObject({ uri: z.literal(POLICY_URI), digest: z.strictObject({ sha256: sha256Field }) }),
  verificationResult: z.literal("PASSED"),
  verifiedLevels: z.tuple([z.literal(AI_SIGN_OFF)]),
});

/** Throws CoreError STATEMENT_MALFORMED, also for a repository without a name: a summary must say of what it is one. */
export function toSummaryStatement(summary: VerificationSummary): RawStatement {
  const { commit, repository, verifiedAt, policyDigest, version } = summary;
  const predicate = readShape(
    predicateSchema,
    {
      verifier: { id: GATE_VERIFIER_ID, version: { countersign: version } },
      timeVerified: verifiedAt,
      resourceUri: repository,
      policy: { uri: POLICY_URI, digest: { sha256: policyDigest } },
      verificationResult: "PASSED",
      verifiedLevels: [AI_SIGN_OFF],
    },
    "verification summary",
  );
  return {
    subject: toSubjects(commit),
    predicateType: VSA_PREDICATE_TYPE,
    predicate: predicate as unknown as Json,
  };
}

/** Throws CoreError STATEMENT_MALFORMED. */
export function parseSummary(statement: RawStatement): SummaryStatement {
  const predicate = readShape(predicateSchema, statement.predicate, "verification summary");
  const commit = statement.subject[0]?.digest.gitCommit;
  if (commit === undefined) throw refuse("verification summary", "subject: expected a gitCommit");
  verifySubjects(statement.subject, toSubjects(commit));
  return {
    kind: "summary",
    predicateType: VSA_PREDICATE_TYPE,
    commit,
    repository: predicate.resourceUri,
    verifiedAt: predicate.timeVerified,
    policyDigest: predicate.policy.digest.sha256,
    version: predicate.verifier.version.countersign,
  };
}

function toSubjects(commit: ObjectId) {
  readShape(objectIdField, commit, "verification summary");
  return [{ name: "commit", digest: { gitCommit: commit } }];
}
