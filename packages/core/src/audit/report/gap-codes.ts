// SPDX-License-Identifier: Apache-2.0

/** Kinds of holes in the record, worst first; the order is the order of the report. */
export const GAP_CODES = [
  "danger-unsigned",
  "denied",
  "no-sign-off",
  "sign-off-void",
  "sign-off-revoked",
  "override-overdue",
  "deployment-unsound",
  "cannot-tell",
  "evidence-lost",
  "override",
  "not-logged",
  "no-verdict",
  "signalled",
  "no-policy",
  "unknown-provenance",
  "recorder-gap",
  "evidence-unusable",
  "redacted",
] as const;

export type GapCode = (typeof GAP_CODES)[number];
