// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { CoreError, isObjectId, parseStrictJson } from "../../ids/index.ts";
import { type AuditBundle, BUNDLE_FORMAT } from "./audit-bundle.ts";
import { reportSchema } from "./report-schema.ts";

/** One file of 10,000 changes has some 60 MB; what is larger than one string can be is no bundle. */
const LIMITS = { bytes: 500_000_000, depth: 10, code: "BUNDLE_MALFORMED" } as const;
const commit = z.string().refine(isObjectId, "expected 40 or 64 lower-case hex characters");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex characters");

const bundleSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT, `expected ${BUNDLE_FORMAT}`),
  report: reportSchema,
  log: z.strictObject({ checkpoint: z.string(), key: z.string(), witnesses: z.array(z.string()) }).nullable(),
  policies: z.array(
    z.strictObject({ digest: sha256, bytes: z.string(), at: commit, trees: z.array(z.string()).max(8) }),
  ),
  trustedRoot: z.string().nullable(),
  history: z.array(z.strictObject({ id: commit, bytes: z.string() })).nullable(),
  entries: z.array(
    z.strictObject({ index: z.int().min(0), leaf: z.string(), proof: z.array(z.string()).max(63) }),
  ),
  evidence: z.array(
    z
      .strictObject({
        object: sha256,
        bytes: z.string().nullable(),
        absent: z.enum(["redacted", "withheld"]).nullable(),
      })
      .refine(
        ({ bytes, absent }) => (bytes === null) === (absent !== null),
        "expected bytes, or why there are none",
      ),
  ),
});

/** Reads a bundle from its bytes; nothing in it is verified yet. Throws CoreError BUNDLE_MALFORMED. */
export function parseAuditBundle(bytes: Uint8Array): AuditBundle {
  const result = bundleSchema.safeParse(parseStrictJson(bytes, LIMITS));
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
  throw new CoreError("BUNDLE_MALFORMED", `audit bundle: ${reasons.slice(0, 8).join("; ")}`);
}
