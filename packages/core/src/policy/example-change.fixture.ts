// SPDX-License-Identifier: Apache-2.0
import { parseCommitMessage, toCommitState } from "../trailers/index.ts";
import type { ChangedFile, ChangeFacts, CommitFacts, CommitLines } from "./change.ts";
import { classifyPath } from "./classify/classify-path.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { Policy } from "./policy.ts";

export const NOW = Date.UTC(2026, 5, 1) / 1000;
export const KEY_A = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
export const KEY_B = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/** A policy with an author, two seniors and a class; `more` is YAML appended at the top level. */
export function examplePolicy(more = ""): Policy {
  return parsePolicy(
    `version: 1
people:
  author: { emails: [author@acme.example] }
  senior-a: { emails: [senior-a@acme.example], keys: ["${KEY_A}"] }
  senior-b: { emails: [senior-b@acme.example], keys: ["${KEY_B}"] }
roles:
  senior: { members: [senior-a, senior-b] }
${more}`,
    "policy.yml",
  );
}

const ID = (n: number) => n.toString(16).padStart(40, "0");

export interface ExampleCommit {
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
  readonly paths?: readonly string[];
  readonly parents?: number;
  readonly lines?: CommitLines;
}

/** A commit as the gate would gather it, its message read by the real parser. */
export function exampleCommit(policy: Policy, index: number, example: ExampleCommit): CommitFacts {
  const author = {
    ...(example.author ?? { name: "Author", email: "author@acme.example" }),
    at: NOW - 9000,
    offset: 0,
  };
  const message = example.message ?? "a commit\n";
  const parsed = parseCommitMessage({ message, author, committer: author, branchNames: [] });
  return {
    id: ID(index + 1),
    tree: ID(0xa0 + index),
    parents: Array.from({ length: example.parents ?? 1 }, (_, i) => ID(0xf0 + i)),
    title: parsed.title,
    author,
    committer: author,
    coAuthors: parsed.coAuthors,
    signedOffBy: parsed.signedOffBy,
    authoredAt: author.at,
    committedAt: author.at,
    state: toCommitState(parsed),
    assistance: parsed.assistance,
    warnings: parsed.warnings,
    viaSignOff: false,
    files: (example.paths ?? ["src/main.c"]).map((path) => exampleFile(policy, path)),
    lines: example.lines ?? { files: [], tools: [], isSeenWhole: false },
  };
}

export function exampleFile(policy: Policy, path: string): ChangedFile {
  const modes = { oldMode: "100644", newMode: "100644", oldId: ID(0xc0), newId: ID(0xc1) };
  return { path, status: "modified", ...modes, classes: classifyPath(policy, path) };
}

export function exampleFacts(
  policy: Policy,
  commits: readonly ExampleCommit[],
  more: Partial<ChangeFacts> = {},
): ChangeFacts {
  const all = commits.map((commit, i) => exampleCommit(policy, i, commit));
  const paths = [...new Set(all.flatMap((commit) => commit.files.map((file) => file.path)))].sort();
  return {
    record: {
      version: 1,
      repository: policy.repository,
      target: "refs/heads/main",
      mergeBase: ID(0xb),
      mergeBaseTree: ID(0xbb),
      headTree: ID(0xcc),
      contentDigest: "0".repeat(64),
      policyDigest: policy.digest,
      objectFormat: "sha1",
    },
    base: ID(0xb),
    head: all.at(-1)?.id ?? ID(0xb),
    mergeBase: ID(0xb),
    commits: all,
    files: paths.map((path) => exampleFile(policy, path)),
    contributors: all.map((commit) => ({
      identity: commit.author,
      login: null,
      as: ["author"],
      isService: false,
      commits: [commit.id],
    })),
    versions: [],
    openOverrides: [],
    claims: [],
    impact: { resources: [], unparsed: [] },
    problems: [],
    ...more,
  };
}
