// SPDX-License-Identifier: Apache-2.0

/** What people and tools take for a saved plan. */
export type PlanFileKind =
  | "saved plan"
  /** OpenTofu, with a block `encryption`. */
  | "encrypted"
  /** HCP Terraform, where the plan itself stays. */
  | "bookmark"
  | "json"
  | "pulumi"
  | "other";

/**
 * What a file is, by the form in which tools write it. Only the first is anything that can be read; the others are told apart so that a
 * message can say what to do.
 */
export function namePlanFile(bytes: Buffer): PlanFileKind {
  if (bytes.subarray(0, 2).toString("latin1") === "PK") return "saved plan";
  const members = readMembers(bytes);
  if (members.has("encryption_version")) return "encrypted";
  if (members.has("remote_plan_format")) return "bookmark";
  if (members.has("resourcePlans") || members.has("steps")) return "pulumi";
  return members.has("format_version") ? "json" : "other";
}

function readMembers(bytes: Buffer): ReadonlySet<string> {
  if (!/^\s*\{/.test(bytes.subarray(0, 100).toString("latin1"))) return new Set();
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return new Set(typeof value === "object" && value !== null ? Object.keys(value) : []);
  } catch {
    return new Set();
  }
}

/** Why such a file cannot be read, and what to do. */
export const UNREAD: Readonly<Record<Exclude<PlanFileKind, "saved plan">, string>> = {
  encrypted:
    "is a plan that OpenTofu encrypted, so that nobody without its keys can tell what it was made from; plan without a block `plan` in `encryption` (the state may stay encrypted), and keep the file where only the pipeline can read it",
  bookmark:
    "only names a run of HCP Terraform, which keeps the plan itself; let its run task ask: countersign serve --run-task",
  json: "is the JSON of a plan, which nothing binds to what is applied; give the file that terraform plan -out FILE wrote",
  pulumi:
    "is of Pulumi, whose plans hold neither its program nor the commit; only its digest can be checked: countersign exec --plan-digest-only",
  other: "is no saved plan; expected the file that terraform plan -out FILE wrote",
};
