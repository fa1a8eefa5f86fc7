// SPDX-License-Identifier: Apache-2.0
import type { SigstoreIdentity } from "../attestation/verify-machine-envelope.ts";
import type { RefName, Sha256 } from "../ids/index.ts";

/** Half-open validity in seconds since the epoch; null means unbounded on that side. */
export interface Interval {
  readonly from: number | null;
  readonly until: number | null;
}

export interface PersonKey extends Interval {
  /** `<type> <base64>` as in authorized_keys, without comment. */
  readonly publicKey: string;
}

/** One principal with everything that maps to it. */
export interface Person extends Interval {
  readonly id: string;
  readonly kind: "human" | "bot" | "agent";
  /** Compared after lower-casing and NFKC; never by mailmap. */
  readonly emails: readonly string[];
  /** Forge logins and transport users by system: github, gitlab, login. */
  readonly logins: readonly string[];
  readonly keys: readonly PersonKey[];
}

export interface RoleMember extends Interval {
  readonly person: string;
}

export interface Role {
  readonly id: string;
  readonly members: readonly RoleMember[];
}

export interface ClassDefinition {
  readonly id: string;
  readonly paths: readonly string[];
  /** Names of content detectors, such as terraform, iam, network, kubernetes. */
  readonly content: readonly string[];
}

export type CarryOver =
  | { readonly kind: "always" | "never" }
  | { readonly kind: "unless"; readonly className: string };

/** A demand for sign-offs. Durations in seconds. */
export interface SignOffRequirement {
  readonly kind: "sign-off";
  readonly role: string;
  readonly count: number;
  /** Longest age of a sign-off when the verdict is made; null means unbounded. */
  readonly maxAge: number | null;
  /** Shortest time between the newest commit's claimed date and the sign-off; null means none asked. */
  readonly minReviewTime: number | null;
  readonly carryOver: CarryOver;
  /** `sk`: only hardware-backed keys whose signature shows a touch count. */
  readonly keys: "any" | "sk";
}

export type RuleEffect =
  | SignOffRequirement
  | { readonly kind: "deny"; readonly message: string }
  | { readonly kind: "assert"; readonly expression: string; readonly message: string };

export interface RuleDefinition {
  readonly id: string;
  readonly description: string | null;
  /** CEL over `change`, and over `commit` too where `scope` is commit. */
  readonly when: string;
  readonly scope: "change" | "commit";
  readonly effect: RuleEffect;
  /** 1-based position in the policy file, for errors and explanations; null for a profile's rule. */
  readonly position: { readonly line: number; readonly column: number } | null;
}

export interface BreakGlass {
  readonly role: string;
  readonly count: number;
  readonly expires: number;
  readonly postReview: number;
}

/** A pipeline or server that signs; never a principal, so nothing of it is ever a sign-off. */
export interface Machine {
  readonly id: string;
  /** `ssh-ed25519 <base64>`. */
  readonly keys: readonly string[];
  readonly identities: readonly SigstoreIdentity[];
  readonly may: readonly MachinePower[];
}

export type MachinePower = "verdict" | "deployment" | "provenance" | "assistance";

/** A place where something runs. */
export interface Environment {
  readonly id: string;
  /** Environment where the very same must have run before; null for none. */
  readonly after: string | null;
  /** Seconds since it was deployed there. */
  readonly minimum: number;
  readonly rollback: "allow" | "deny";
}

export type Emission = "ai-assisted" | "assisted-by" | "generated-by" | "co-authored-by" | "none";

export interface PolicyTest {
  readonly name: string;
  /** Partial facts as written, laid over the defaults of an empty change. */
  readonly change: Readonly<Record<string, unknown>>;
  /** Counts of valid sign-offs by role that the test pretends, such as { senior: 1 }. */
  readonly signOffs: Readonly<Record<string, number>>;
  readonly expect: "pass" | "pending" | "denied";
}

/** The transparency log whose word counts, and how far. */
export interface LedgerPolicy {
  /** As written; opening the ledger parses it. */
  readonly verifierKey: string;
  /** A sign-off counts only once it is in the log, and keys and roles are judged at the time it came in. */
  readonly required: boolean;
  readonly witnesses: readonly string[];
  readonly quorum: number;
}

/** A policy that parsed and validated. */
export interface Policy {
  readonly version: 1;
  readonly digest: Sha256;
  /** URI that names this repository in sign-offs; empty where the policy names none. */
  readonly repository: string;
  /** Full refs or globs of full refs that the push doors gate; empty means the default branch. */
  readonly targets: readonly RefName[];
  readonly people: ReadonlyMap<string, Person>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly classes: ReadonlyMap<string, ClassDefinition>;
  readonly rules: readonly RuleDefinition[];
  readonly signalled: "deny" | "warn" | "allow";
  readonly unknown: "deny" | "warn" | "allow";
  /** Commits that are recorded as AI-assisted and do not say so. */
  readonly undeclared: "deny" | "warn" | "allow";
  /** What an author who maps to nobody does: deny, ask one sign-off more than the rule says, or nothing. */
  readonly unknownAuthor: "deny" | "extra" | "allow";
  readonly enforcement: "hard" | "soft" | "warn";
  readonly breakGlass: BreakGlass | null;
  /** Who signs a change of the policy itself; null means the default of docs/policy.md. */
  readonly policyChange: { readonly role: string; readonly count: number } | null;
  /** Empty where the policy names none: then no verdict and no deployment of any machine is believed. */
  readonly machines: ReadonlyMap<string, Machine>;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly ledger: LedgerPolicy | null;
  readonly emission: Emission;
  readonly limits: { readonly commits: number; readonly files: number; readonly bytes: number };
  readonly tests: readonly PolicyTest[];
}
