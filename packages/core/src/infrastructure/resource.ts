// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { ConfigurationValue, LineRange } from "./configuration-value.ts";

export const INFRASTRUCTURE_KINDS = [
  "terraform",
  "cloudformation",
  "pulumi",
  "kubernetes",
  "helm",
  "kustomize",
  "iam-policy",
  "mesh",
  "dockerfile",
  "workflow",
  "ansible",
  "unknown",
] as const;
export type InfrastructureKind = (typeof INFRASTRUCTURE_KINDS)[number];

/** What kind of trouble a resource can make. */
export const CATEGORIES = [
  "iam",
  "network",
  "routing",
  "failover",
  "data",
  "secrets",
  "compute",
  "pipeline",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

export const RESOURCE_ACTIONS = ["create", "update", "delete", "replace", "rename"] as const;
export type ResourceAction = (typeof RESOURCE_ACTIONS)[number];

export const DANGER_CODES = [
  "privilege-widened",
  "wildcard-action",
  "wildcard-principal",
  "cidr-opened",
  "rule-order-changed",
  "route-changed",
  "failover-changed",
  "protection-off",
  "capacity-removed",
  "data-store-replaced",
  "secret-exposed",
  "isolation-lost",
  "untrusted-code",
  "audit-off",
] as const;
export type DangerCode = (typeof DANGER_CODES)[number];

/** Why a person should look twice, in one line. */
export interface Danger {
  readonly code: DangerCode;
  readonly reason: string;
}

/** One thing that a file declares, such as a Terraform resource or a Kubernetes object. */
export interface DeclaredResource {
  readonly kind: InfrastructureKind;
  /** `aws_iam_policy`, `data.aws_iam_policy_document`, `module`, `Deployment`, `AWS::IAM::Role`, … */
  readonly type: string;
  readonly name: string;
  readonly lines: LineRange;
  readonly body: ConfigurationValue;
}

/** What was found in one version of a file; `problems` say in a line each why not all of it is understood. */
export interface ParsedConfiguration {
  readonly resources: readonly DeclaredResource[];
  readonly problems: readonly string[];
}

/** A resource before and after; at least one of them is there. */
export interface ResourcePair {
  readonly before: DeclaredResource | null;
  readonly after: DeclaredResource | null;
}

/** A resource that a change touches. */
export interface TouchedResource {
  /** Where it stands after the change; where it stood, for one that is deleted. */
  readonly path: RepoPath;
  /** Where it stood before, where that is another file; null elsewhere. */
  readonly oldPath: RepoPath | null;
  readonly kind: InfrastructureKind;
  readonly type: string;
  readonly name: string;
  readonly category: Category;
  readonly action: ResourceAction;
  /** Names of the top-level attributes and blocks that differ, sorted; all of them for one created or deleted. */
  readonly attributes: readonly string[];
  /** Changed lines in the new version, the place of what was taken out included; in the old one for a deletion. */
  readonly lines: readonly LineRange[];
  readonly dangers: readonly Danger[];
  /** Lines of the new version that the change wrote; who wrote them decides whose the change of this resource is. */
  readonly addedLines: readonly number[];
  /** Lines taken out beyond what was put in their place: nobody's record names them. */
  readonly removedLines: number;
}

/** A file that counts as infrastructure since nobody can say what it holds. */
export interface UnparsedFile {
  readonly path: RepoPath;
  /** One line, for people. */
  readonly reason: string;
}
