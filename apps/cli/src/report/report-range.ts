// SPDX-License-Identifier: Apache-2.0
import type { ReportScope } from "@countersign/core/audit";
import { type ObjectId, parseRefName, type RefName } from "@countersign/core/ids";
import { defaultBranch, type Repository, resolveCommit } from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** What a report is about. */
export interface ReportRange {
  readonly scope: ReportScope;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly target: RefName;
}

interface RangeFlags {
  readonly base?: string;
  readonly head?: string;
  readonly target?: string;
}

/** `A..B`, or --base and --head; throws UsageError where they name nothing, or two things. */
export async function readReportRange(
  repository: Repository,
  flags: RangeFlags,
  range: string | undefined,
): Promise<ReportRange> {
  const target = await readReportTarget(repository, flags.target);
  const [from, to] = splitRange(flags, range);
  const head = await requireCommit(repository, to ?? target, to === undefined ? "--target" : "the end");
  const base = from === undefined ? null : await requireCommit(repository, from, "the beginning");
  const scope: ReportScope = { kind: "range", from: from ?? "the first commit", to: to ?? target };
  return { scope, base, head, target };
}

/** The branch whose history is meant; a detached HEAD names none. */
export async function readReportTarget(repository: Repository, flag: string | undefined): Promise<RefName> {
  if (flag !== undefined) return parseRefName(flag);
  const branch = await defaultBranch(repository);
  if (branch !== undefined) return branch;
  throw new UsageError(
    "HEAD names no branch here; expected --target with a full ref, for example --target refs/heads/main",
  );
}

function splitRange(
  { base, head }: RangeFlags,
  range: string | undefined,
): readonly [string | undefined, string | undefined] {
  if (range === undefined) return [base, head];
  if (base !== undefined || head !== undefined)
    throw new UsageError(`"${range}" and --base or --head say the same twice; leave one of them out`);
  const [, from, to] = /^(.*?[^.])\.\.([^.].*)$/s.exec(range) ?? [];
  if (from === undefined || to === undefined)
    throw new UsageError(`"${range}" is no range; expected A..B, for example v1.0..v2.0`);
  return [from, to];
}

async function requireCommit(repository: Repository, revision: string, what: string): Promise<ObjectId> {
  const id = await resolveCommit(repository, revision);
  if (id !== undefined) return id;
  throw new UsageError(
    `${what} ${JSON.stringify(revision)} names no commit here; expected a tag, a branch or a commit id (is it fetched?)`,
  );
}
