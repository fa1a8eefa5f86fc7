// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { isObjectId, parseRefName } from "@countersign/core/ids";
import { filterCommits, type Repository, resolveCommit } from "@countersign/git";
import { parseText } from "../common-flags.ts";
import { UsageError } from "../exit-code.ts";

/** Flags that name a change, the same for every command about one. */
export type ChangeFlags = {
  readonly base: string;
  readonly head: string;
  readonly target: string;
};

export const CHANGE_FLAGS = {
  base: { kind: "parsed", parse: parseText, placeholder: "B", brief: "Tip of the target branch" },
  head: { kind: "parsed", parse: parseText, placeholder: "H", brief: "Tip of the change", default: "HEAD" },
  target: {
    kind: "parsed",
    parse: parseText,
    placeholder: "REF",
    brief: "Full name of the target, such as refs/heads/main",
  },
} as const;

export interface NamedChange {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly target: RefName;
}

/** Turns what a person typed into full ids and a full ref; throws UsageError or CoreError REF_NAME_MALFORMED. */
export async function readChangeFlags(repository: Repository, flags: ChangeFlags): Promise<NamedChange> {
  const target = parseRefName(flags.target);
  if (isObjectId(flags.base) && isObjectId(flags.head)) {
    const found = await filterCommits(repository, [flags.base, flags.head]);
    if (found.has(flags.base) && found.has(flags.head)) return { base: flags.base, head: flags.head, target };
  }
  const [base, head] = await Promise.all([
    requireCommit(repository, "--base", flags.base),
    requireCommit(repository, "--head", flags.head),
  ]);
  return { base, head, target };
}

export async function requireCommit(
  repository: Repository,
  flag: string,
  revision: string,
): Promise<ObjectId> {
  const id = await resolveCommit(repository, revision);
  if (id !== undefined) return id;
  const message = `${flag} ${JSON.stringify(revision)} names no commit here; expected a commit id or a full ref such as refs/heads/main (is it fetched?)`;
  throw new UsageError(message);
}
