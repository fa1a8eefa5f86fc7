// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Json, ObjectId, RefName, Sha256 } from "../ids/index.ts";
import {
  instantField,
  lineField,
  nonceField,
  objectIdField,
  refNameField,
  repositoryField,
  sha256Field,
  toLine,
} from "./predicate-fields.ts";
import { readShape } from "./read-shape.ts";
import { type RawStatement, type Subject, verifySubjects } from "./statement.ts";

export const DEPLOYMENT_PREDICATE_TYPE = "https://countersign.dev/deployment/v0.1";

/** What was shipped where, from which commits, and what was known of it then (specs/deployment.md). */
export interface DeploymentPredicate {
  readonly environment: string;
  /** `base` is what the environment was last approved for; null where nothing was recorded before. */
  readonly commits: { readonly base: ObjectId | null; readonly head: ObjectId };
  readonly artifacts: readonly DeployedArtifact[];
  readonly repository: string;
  readonly target: RefName;
  /** RFC 3339 UTC with seconds, by the pipeline's clock. */
  readonly at: string;
  readonly pipeline: DeploymentPipeline | null;
  /** What the check said at that moment. `baseline`: the first record of an environment, taken as it is. */
  readonly verdict: DeploymentVerdict;
  readonly kind: DeploymentKind;
  readonly policyDigest: Sha256 | null;
  /** Commits that landed without a verdict, oldest first. */
  readonly gaps: readonly ObjectId[];
  /** Why the verdict is none of pass, override and baseline. */
  readonly reasons: readonly DeploymentReason[];
  /** Envelope of the deployment before it in this environment. */
  readonly previous: Sha256 | null;
  readonly nonce: string;
}

export interface DeployedArtifact {
  readonly name: string;
  readonly digest: { readonly sha256: Sha256 };
}

/** Who ran it: as the pipeline says of itself, beside who signed. */
export interface DeploymentPipeline {
  readonly issuer: string;
  readonly subject: string;
  readonly run: string;
}

export type DeploymentVerdict = "pass" | "override" | "baseline" | "pending" | "denied" | "error";
export type DeploymentKind = "first" | "forward" | "again" | "rollback" | "sideways";

export interface DeploymentReason {
  readonly rule: string;
  readonly reason: string;
}

export interface DeploymentStatement {
  readonly kind: "deployment";
  readonly predicateType: typeof DEPLOYMENT_PREDICATE_TYPE;
  readonly predicate: DeploymentPredicate;
}

/** As {@link DeploymentPredicate.artifacts} takes; chosen, like all bounds here, so that everything fits into one statement. */
export const MOST_ARTIFACTS = 64;
const MOST_GAPS = 200;
const MOST_REASONS = 20;
const REASON = 200;
const RULE = 100;
const ARTIFACT_NAME = /^[\x21-\x7e]{1,200}$/;
const ENVIRONMENT = /^[a-z0-9][a-z0-9._-]{0,99}$/;

const predicateSchema = z.strictObject({
  environment: z.string().regex(ENVIRONMENT, "expected an environment's name such as production"),
  commits: z.strictObject({ base: objectIdField.nullable(), head: objectIdField }),
  artifacts: z
    .array(
      z.strictObject({
        name: z.string().regex(ARTIFACT_NAME, "expected a name of at most 200 ASCII characters"),
        digest: z.strictObject({ sha256: sha256Field }),
      }),
    )
    .max(MOST_ARTIFACTS),
  repository: repositoryField,
  target: refNameField,
  at: instantField,
  pipeline: z
    .strictObject({ issuer: lineField(500), subject: lineField(500), run: lineField(500) })
    .nullable(),
  verdict: z.enum(["pass", "override", "baseline", "pending", "denied", "error"]),
  kind: z.enum(["first", "forward", "again", "rollback", "sideways"]),
  policyDigest: sha256Field.nullable(),
  gaps: z.array(objectIdField).max(MOST_GAPS),
  reasons: z.array(z.strictObject({ rule: lineField(RULE), reason: lineField(REASON) })).max(MOST_REASONS),
  previous: sha256Field.nullable(),
  nonce: nonceField,
});

/** Throws CoreError STATEMENT_MALFORMED unless subjects and predicate agree about what was shipped. */
export function parseDeployment(statement: RawStatement): DeploymentStatement {
  const predicate = readShape(predicateSchema, statement.predicate, "deployment");
  verifySubjects(statement.subject, toSubjects(predicate));
  return { kind: "deployment", predicateType: DEPLOYMENT_PREDICATE_TYPE, predicate };
}

/** The statement to sign: lists cut to what it takes. Throws CoreError STATEMENT_MALFORMED. */
export function toDeploymentStatement(predicate: DeploymentPredicate): RawStatement {
  const cut = {
    ...predicate,
    gaps: predicate.gaps.slice(0, MOST_GAPS),
    reasons: predicate.reasons
      .slice(0, MOST_REASONS)
      .map(({ rule, reason }) => ({ rule: toLine(rule, RULE), reason: toLine(reason, REASON) })),
  };
  const checked = readShape(predicateSchema, cut, "deployment");
  return {
    subject: toSubjects(checked),
    predicateType: DEPLOYMENT_PREDICATE_TYPE,
    predicate: checked as unknown as Json,
  };
}

function toSubjects({
  commits,
  artifacts,
}: Pick<DeploymentPredicate, "commits" | "artifacts">): readonly Subject[] {
  return [
    { name: "commit", digest: { gitCommit: commits.head } },
    ...artifacts.map(({ digest }) => ({ name: "artifact", digest: { sha256: digest.sha256 } })),
  ];
}
