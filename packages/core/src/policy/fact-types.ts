// SPDX-License-Identifier: Apache-2.0
import {
  CATEGORIES,
  DANGER_CODES,
  INFRASTRUCTURE_KINDS,
  RESOURCE_ACTIONS,
  TESTED_STATES,
} from "../infrastructure/index.ts";
import { COMMIT_STATES } from "./policy-names.ts";

/** What an expression may see, with its type: the checker, the tests' defaults and docs/policy.md follow this one table. */
export type FactType =
  | { readonly kind: "bool" | "int" | "dyn" | "null" }
  /** `values` closes the set of strings that can ever occur; a comparison with any other is a mistake. */
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "list"; readonly of: FactType }
  | {
      readonly kind: "object";
      readonly name: string;
      readonly fields: { readonly [name: string]: FactType };
    };

export const BOOL: FactType = { kind: "bool" };
export const INT: FactType = { kind: "int" };
export const STRING: FactType = { kind: "string" };
export const DYN: FactType = { kind: "dyn" };
export const NULL: FactType = { kind: "null" };
const oneOf = (values: readonly string[]): FactType => ({ kind: "string", values });
const listOf = (of: FactType): FactType => ({ kind: "list", of });
const objectOf = (name: string, fields: { readonly [name: string]: FactType }): FactType => ({
  kind: "object",
  name,
  fields,
});

const AI = {
  assisted: BOOL,
  tools: listOf(STRING),
  models: listOf(STRING),
  vendors: listOf(STRING),
  extents: listOf(oneOf(["generated", "edited", "advised"])),
  conventions: listOf(STRING),
  evidence: listOf(oneOf(["observed", "derived", "inferred", "declared"])),
};
const AI_LINES = { lines: INT, share: INT };

/** Words that only the facts about lines have: whoever gathers facts counts lines for a policy that writes one of them. */
export const LINE_FACTS = /\b(?:lines|share|addedLines|coverage)\b/;

/** Words that only the facts about infrastructure have: whoever gathers facts reads it for a policy that writes one of them. */
export const IMPACT_FACTS = /\b(?:resources|unparsed)\b/;

/** The word of the fact for which the whole tree is looked through. */
export const TESTED_FACTS = /\btested\b/;

const AI_SHARE = objectOf("resource.ai", { lines: INT, of: INT });
const RESOURCE = objectOf("resource", {
  path: STRING,
  oldPath: STRING,
  kind: oneOf(INFRASTRUCTURE_KINDS),
  type: STRING,
  name: STRING,
  category: oneOf(CATEGORIES),
  action: oneOf(RESOURCE_ACTIONS),
  attributes: listOf(STRING),
  dangers: listOf(oneOf(DANGER_CODES)),
  reasons: listOf(STRING),
  tested: oneOf(TESTED_STATES),
  ai: AI_SHARE,
});
const UNPARSED = objectOf("unparsed", { path: STRING, reason: STRING, ai: AI_SHARE });

/** Types of `change` and `commit` for a policy with these classes. */
export function factTypes(classes: readonly string[]): {
  readonly change: FactType;
  readonly commit: FactType;
} {
  const className = oneOf(classes);
  const identity = objectOf("identity", { name: STRING, email: STRING });
  const person = objectOf("person", {
    name: STRING,
    email: STRING,
    principal: STRING,
    kind: oneOf(["human", "bot", "agent", ""]),
  });
  const signer = objectOf("signer", { name: STRING, email: STRING, isAi: BOOL });
  const commit = objectOf("commit", {
    id: STRING,
    title: STRING,
    state: oneOf(COMMIT_STATES),
    isMerge: BOOL,
    ai: objectOf("commit.ai", { ...AI, ...AI_LINES }),
    addedLines: INT,
    coverage: INT,
    author: person,
    committer: person,
    coAuthors: listOf(identity),
    signedOffBy: listOf(signer),
    signedOffByAuthor: BOOL,
    warnings: listOf(STRING),
    classes: listOf(className),
    paths: listOf(STRING),
    viaSignOff: BOOL,
  });
  const file = objectOf("file", {
    path: STRING,
    status: oneOf(["added", "modified", "deleted", "type-changed"]),
    mode: STRING,
    classes: listOf(className),
    ai: objectOf("file.ai", AI_LINES),
    addedLines: INT,
  });
  const change = objectOf("change", {
    target: STRING,
    base: STRING,
    head: STRING,
    mergeBase: STRING,
    commitCount: INT,
    ai: objectOf("change.ai", {
      ...AI,
      ...AI_LINES,
      commitCount: INT,
      classes: listOf(objectOf("change.ai.class", { name: className, ...AI_LINES })),
    }),
    addedLines: INT,
    coverage: INT,
    states: listOf(oneOf(COMMIT_STATES)),
    classes: listOf(className),
    paths: listOf(STRING),
    files: listOf(file),
    resources: listOf(RESOURCE),
    unparsed: listOf(UNPARSED),
    authors: listOf(STRING),
    unknownAuthors: listOf(STRING),
    commits: listOf(commit),
    policyChanged: BOOL,
  });
  return { change, commit };
}

/** For messages: `list of string`, `bool`, `commit.ai`. */
export function formatFactType(type: FactType): string {
  if (type.kind === "list") return `list of ${formatFactType(type.of)}`;
  return type.kind === "object" ? type.name : type.kind;
}
