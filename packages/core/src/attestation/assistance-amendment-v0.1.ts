// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Json, ObjectId } from "../ids/index.ts";
import {
  instantField,
  modelField,
  nonceField,
  principalField,
  reasonField,
  toolField,
} from "./predicate-fields.ts";
import { readShape, refuse } from "./read-shape.ts";
import { type RawStatement, type Subject, verifySubjects } from "./statement.ts";

export const ASSISTANCE_AMENDMENT_PREDICATE_TYPE = "https://countersign.dev/assistance-amendment/v0.1";

/** AI help that a commit failed to declare. */
export interface AmendedAssistance {
  /** Registry name in kebab-case, or `unspecified`. */
  readonly tool: string;
  readonly model: string | null;
  readonly extent: "generated" | "edited" | "advised" | null;
}

/**
 * Labels one existing commit as AI-assisted (specs/assistance-amendment.md). There is no way to say "no AI" in it:
 * an amendment can only ever add, so a stolen key cannot clean a commit's record.
 */
export interface AssistanceAmendmentPredicate {
  readonly principal: string;
  readonly assistance: readonly AmendedAssistance[];
  readonly reason: string;
  readonly nonce: string;
  /** RFC 3339 UTC with seconds. */
  readonly issuedAt: string;
}

export interface AssistanceAmendmentStatement {
  readonly predicateType: typeof ASSISTANCE_AMENDMENT_PREDICATE_TYPE;
  /** The one commit that is meant, and its tree. */
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly predicate: AssistanceAmendmentPredicate;
}

const predicateSchema = z.strictObject({
  principal: principalField,
  assistance: z
    .array(
      z.strictObject({
        tool: toolField.refine((tool) => tool !== "none", "expected a tool: an amendment only ever adds AI"),
        model: modelField.nullable(),
        extent: z.enum(["generated", "edited", "advised"]).nullable(),
      }),
    )
    .min(1)
    .max(64),
  reason: reasonField,
  nonce: nonceField,
  issuedAt: instantField,
});

/** Throws CoreError STATEMENT_MALFORMED. */
export function parseAssistanceAmendment(statement: RawStatement): AssistanceAmendmentStatement {
  const predicate = readShape(predicateSchema, statement.predicate, "assistance-amendment");
  const commit = statement.subject[0]?.digest.gitCommit ?? "";
  const tree = statement.subject[1]?.digest.gitTree ?? "";
  verifySubjects(statement.subject, toSubjects(commit, tree));
  return { predicateType: ASSISTANCE_AMENDMENT_PREDICATE_TYPE, commit, tree, predicate };
}

/** The statement to sign; throws CoreError STATEMENT_MALFORMED on what {@link parseAssistanceAmendment} would refuse. */
export function toAssistanceAmendmentStatement(
  subject: { readonly commit: ObjectId; readonly tree: ObjectId },
  predicate: AssistanceAmendmentPredicate,
): RawStatement {
  const checked = readShape(predicateSchema, predicate, "assistance-amendment");
  return {
    subject: toSubjects(subject.commit, subject.tree),
    predicateType: ASSISTANCE_AMENDMENT_PREDICATE_TYPE,
    predicate: checked as unknown as Json,
  };
}

function toSubjects(commit: ObjectId, tree: ObjectId): readonly Subject[] {
  if (commit === "" || commit.length !== tree.length) {
    throw refuse(
      "assistance-amendment",
      "subject: expected a gitCommit, then a gitTree of the same object format",
    );
  }
  return [
    { name: "commit", digest: { gitCommit: commit } },
    { name: "tree", digest: { gitTree: tree } },
  ];
}
