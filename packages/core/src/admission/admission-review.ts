// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { CoreError } from "../ids/index.ts";

/** What an API server asks before it stores an object (admission.k8s.io/v1). Nothing in it is safe to print as it is. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: string;
  /** `Deployment`, or `Pod.ephemeralcontainers` for a subresource. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly username: string;
  readonly dryRun: boolean;
  /** The object as it would be; null where it is deleted. */
  readonly object: unknown;
  readonly oldObject: unknown;
}

const text = z.string().max(1000);
const schema = z.object({
  apiVersion: z.literal("admission.k8s.io/v1"),
  kind: z.literal("AdmissionReview"),
  request: z.object({
    uid: z.string().regex(/^[\x21-\x7e]{1,200}$/),
    operation: z.enum(["CREATE", "UPDATE", "DELETE", "CONNECT"]),
    kind: z.object({ group: text.optional(), version: text, kind: text.min(1) }),
    subResource: text.optional(),
    namespace: text.optional(),
    name: text.optional(),
    userInfo: z.object({ username: text.optional() }).optional(),
    dryRun: z.boolean().nullish(),
    object: z.unknown(),
    oldObject: z.unknown(),
  }),
});

/**
 * Throws CoreError ADMISSION_MALFORMED for whatever is no review of version v1. An API server takes an answer without a review for
 * a failure of the webhook, which `failurePolicy: Fail` turns into a refusal.
 */
export function parseAdmissionReview(body: string): AdmissionRequest {
  const result = schema.safeParse(readJson(body));
  if (!result.success) {
    const where = result.error.issues.slice(0, 5).map(({ path }) => path.join(".") || "(top)");
    throw refuse(`no AdmissionReview of admission.k8s.io/v1: ${where.join(", ")}`);
  }
  const { uid, operation, kind, subResource, namespace, name, userInfo, dryRun, object, oldObject } =
    result.data.request;
  return {
    uid,
    operation,
    kind: subResource === undefined || subResource === "" ? kind.kind : `${kind.kind}.${subResource}`,
    namespace: namespace ?? "",
    name: name ?? "",
    username: userInfo?.username ?? "",
    dryRun: dryRun === true,
    object: object ?? null,
    oldObject: oldObject ?? null,
  };
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw refuse("the body is no JSON");
  }
}

function refuse(message: string): CoreError {
  return new CoreError("ADMISSION_MALFORMED", message);
}
