// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, type RefName } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Refused } from "./swap-ref.ts";
import type { Repository } from "./types.ts";

/** A file to be put into a tree, by content or as an object that exists, or a path to be taken out (absent is fine). */
export type TreeEdit =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly id: ObjectId }
  | { readonly path: string };

/** A commit on top of a ref. Paths are ours: digits, letters, dots and slashes only. */
export interface CommitPlan {
  readonly ref: RefName;
  /** Where the ref stands; undefined for one that does not exist. */
  readonly tip: ObjectId | undefined;
  /** `Name <email> seconds zone`. */
  readonly identity: string;
  readonly message: string;
  /** A second parent. */
  readonly merged?: ObjectId | undefined;
  /** Forget what the tip holds and start from an empty tree. */
  readonly isFresh?: boolean;
  readonly edits: readonly TreeEdit[];
}

const MARK = ":1";

/** The plan in the language of git-fast-import(1). */
export function formatImport(plan: CommitPlan): Buffer {
  const head = [
    "feature done",
    `commit ${plan.ref}`,
    `mark ${MARK}`,
    `committer ${plan.identity}`,
    `data ${Buffer.byteLength(plan.message)}`,
    `${plan.message}`,
    ...(plan.tip === undefined ? [] : [`from ${plan.tip}`]),
    ...(plan.merged === undefined ? [] : [`merge ${plan.merged}`]),
    ...(plan.isFresh === true ? ["deleteall"] : []),
    "",
  ];
  const tail = `\nget-mark ${MARK}\ndone\n`;
  return Buffer.concat([Buffer.from(head.join("\n")), ...plan.edits.map(formatEdit), Buffer.from(tail)]);
}

function formatEdit(edit: TreeEdit): Buffer {
  if (!("bytes" in edit))
    return Buffer.from("id" in edit ? `M 100644 ${edit.id} ${edit.path}\n` : `D ${edit.path}\n`);
  const head = `M 100644 inline ${edit.path}\ndata ${edit.bytes.length}\n`;
  return Buffer.concat([Buffer.from(head), edit.bytes, Buffer.from("\n")]);
}

/**
 * Writes the commit and moves the ref, in one process that reads and writes only the folders it touches. The ref moves only
 * if it still stands at the tip or below it; else the answer is the refusal. Durable once it resolves.
 */
export async function importCommit(repo: Repository, plan: CommitPlan): Promise<ObjectId | Refused> {
  const args = ["fast-import", "--quiet", "--date-format=raw-permissive"];
  const run = await runGit(repositoryCall(repo, args, formatImport(plan)), [0, 1]);
  if (run.exitCode !== 0) return { seen: plan.tip, complaint: run.complaint };
  const id = run.stdout.toString("latin1").trim();
  if (isObjectId(id)) return id;
  throw new GitError("OUTPUT_MALFORMED", `git fast-import did not name the commit it made on ${plan.ref}`);
}
