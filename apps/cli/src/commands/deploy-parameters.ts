// SPDX-License-Identifier: Apache-2.0
import { COMMON_FLAGS, parseText } from "../common-flags.ts";

const text = { kind: "parsed", parse: parseText } as const;
const optional = { ...text, optional: true } as const;
const several = { ...optional, variadic: true } as const;

/** What every command about a deployment asks. */
export const DEPLOY_FLAGS = {
  repo: COMMON_FLAGS.repo,
  color: COMMON_FLAGS.color,
  environment: { ...text, placeholder: "NAME", brief: "Where it runs, such as production" },
  target: { ...text, placeholder: "REF", brief: "Branch that is deployed from, such as refs/heads/main" },
  commit: { ...optional, placeholder: "COMMIT", brief: "What is deployed; default: what the artifacts say" },
  artifact: {
    ...several,
    placeholder: "NAME@sha256:DIGEST",
    brief: "An artifact, by digest and never by tag; may be given again",
  },
  oci: { ...several, placeholder: "DIR", brief: "OCI image layout that holds the artifact's manifest" },
  blob: {
    ...several,
    placeholder: "FILE",
    brief: "A manifest's or configuration's JSON, instead of a layout",
  },
  provenance: { ...several, placeholder: "FILE", brief: "Signed SLSA provenance of an artifact" },
  ledger: {
    ...optional,
    placeholder: "DIR",
    brief:
      "Folder of the ledger that the policy names, or ref:NAME of its mirror (default: inside the Git directory)",
  },
  since: { ...optional, placeholder: "COMMIT", brief: "What runs there now, where nothing was recorded yet" },
} as const;

/** Who records it, and as what. */
export const RECORD_FLAGS = {
  machineKey: {
    ...optional,
    placeholder: "FILE",
    brief: "Ed25519 private key of a machine that may say a deployment",
  },
  issuer: {
    ...optional,
    placeholder: "URL",
    brief: "Who runs the pipeline (default: from the CI's variables)",
  },
  subject: { ...optional, placeholder: "NAME", brief: "Which pipeline it is" },
  run: { ...optional, placeholder: "URL", brief: "Which run of it" },
} as const;
