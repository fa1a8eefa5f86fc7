// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, RepoPath } from "@countersign/core/ids";
import { isAncestor } from "./history.ts";
import { importCommit, type TreeEdit } from "./import-commit.ts";
import { listTree } from "./list-tree.ts";
import { readRef } from "./refs.ts";
import { moveRef, type Refused } from "./swap-ref.ts";
import type { Repository } from "./types.ts";
import { createObject, type NewObject, writeObjects } from "./write-objects.ts";

/** The copy of a transparency log that travels with a repository; never the log itself. */
export const LEDGER_REF: RefName = "refs/countersign/ledger";

/** A file of a mirror. */
export interface MirrorFile {
  /** Digits, letters, dots and slashes only. */
  readonly path: RepoPath;
  readonly bytes: Uint8Array;
}

export interface MirrorPlan {
  /** What the new commit continues: where the ref stands first, then what fetches brought. All were held against the files. */
  readonly tips: readonly ObjectId[];
  /** Everything that the tree is to hold, each path once. */
  readonly files: AsyncIterable<MirrorFile> | Iterable<MirrorFile>;
  readonly message: string;
  /** Seconds since the epoch: what the files say, so that two mirrors of one state make one commit. */
  readonly at: number;
}

export interface MirrorWrite {
  readonly tip: ObjectId;
  /** Files that were not there before. */
  readonly added: number;
  /** Paths at which something else stood, which is to be explained by the caller. */
  readonly replaced: readonly RepoPath[];
}

/** So much is held before it is written as objects. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Writes a commit with exactly these files on top of the tips, and moves the ref to it as a fast-forward. The refusal
 * where another mirror was faster: nothing of its work is lost, look again. Durable once it resolves.
 */
export async function writeMirror(repo: Repository, plan: MirrorPlan): Promise<MirrorWrite | Refused> {
  const own = await readRef(repo, LEDGER_REF);
  // Somebody moved the ref since its tip was held against the log.
  if (own !== undefined && !plan.tips.includes(own)) return { seen: own, complaint: "the mirror was moved" };
  const [first, second] = await newestOf(repo, plan.tips);
  const { edits, isChanged, added, replaced } = await planEdits(repo, first, plan.files);
  if (first !== undefined && second === undefined && !isChanged) {
    const refusal = own === first ? undefined : await moveRef(repo, LEDGER_REF, own, first);
    return refusal ?? { tip: first, added, replaced };
  }
  const identity = `countersign <noreply@countersign.invalid> ${plan.at} +0000`;
  const { message } = plan;
  const commit = { ref: LEDGER_REF, tip: first, merged: second, identity, message, isFresh: true, edits };
  // Crash argument: fast-import moves the ref as its last act, when all that the commit names is on disk. A crash before
  // leaves unreachable objects. It moves it only where the new commit contains what the ref names by then.
  const written = await importCommit(repo, commit);
  return typeof written === "string" ? { tip: written, added, replaced } : { ...written, seen: own };
}

/**
 * The tip that contains all others; or two, where two mirrors went on from one state and both are continued. The first tip
 * given is contained in the first returned: the ref can only move forward.
 */
async function newestOf(repo: Repository, tips: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  const [own] = tips;
  const first: ObjectId[] = [];
  const others: ObjectId[] = [];
  for (const tip of new Set(tips)) {
    const rest = tips.filter((other) => other !== tip);
    const contained = await Promise.all(rest.map((other) => isAncestor(repo, tip, other)));
    if (contained.includes(true)) continue;
    const isOn = own !== undefined && (own === tip || (await isAncestor(repo, own, tip)));
    (isOn ? first : others).push(tip);
  }
  return [...first, ...others].slice(0, 2);
}

interface Edits {
  /** The whole tree, never a difference: names that a damaged one holds reach no command. */
  readonly edits: readonly TreeEdit[];
  readonly isChanged: boolean;
  readonly added: number;
  readonly replaced: readonly RepoPath[];
}

async function planEdits(
  repo: Repository,
  tip: ObjectId | undefined,
  files: MirrorPlan["files"],
): Promise<Edits> {
  const listed = tip === undefined ? [] : await listTree(repo, tip);
  const present = new Map(listed.map(({ path, id, mode }) => [path, { id, mode }]));
  const edits: { readonly path: RepoPath; readonly id: ObjectId }[] = [];
  const replaced: RepoPath[] = [];
  let changed = 0;
  let waiting: NewObject[] = [];
  let bytesWaiting = 0;
  for await (const { path, bytes } of files) {
    const blob = createObject(repo.objectFormat, "blob", bytes);
    const known = present.get(path);
    present.delete(path);
    edits.push({ path, id: blob.id });
    const isKept = known?.id === blob.id && known.mode === FILE_MODE;
    if (!isKept) changed++;
    if (known !== undefined && !isKept) replaced.push(path);
    // In a partial clone the tree may name contents that are not here.
    if (isKept && !repo.isPartial) continue;
    waiting.push(blob);
    bytesWaiting += bytes.length;
    if (bytesWaiting < MOST_BYTES) continue;
    await writeObjects(repo, waiting);
    [waiting, bytesWaiting] = [[], 0];
  }
  const contents = new Map(waiting.map(({ id, bytes }) => [id, bytes]));
  return {
    edits: edits.map((edit) => inline(edit, contents)),
    isChanged: changed > 0 || present.size > 0,
    added: changed - replaced.length,
    replaced,
  };
}

const FILE_MODE = "100644";

/** What is not written yet goes along with the commit, in the same process. */
function inline(
  edit: { readonly path: RepoPath; readonly id: ObjectId },
  contents: ReadonlyMap<ObjectId, Uint8Array>,
): TreeEdit {
  const bytes = contents.get(edit.id);
  return bytes === undefined ? edit : { path: edit.path, bytes };
}
