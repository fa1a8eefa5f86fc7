// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { importCommit, type TreeEdit } from "./import-commit.ts";
import { listNotes } from "./list-notes.ts";
import { GIT_AI_NOTES_REF, notePath, otherNotePaths } from "./note-path.ts";
import { isKnownStraight, NOTES_MESSAGE, readNotesIdentity } from "./notes-commit.ts";
import { readNotesTree, rewriteTree } from "./notes-tree.ts";
import { readObjects } from "./read-objects.ts";
import { isIdOf } from "./record-path.ts";
import { readRef } from "./refs.ts";
import { swapUntilDone } from "./swap-ref.ts";
import type { Repository } from "./types.ts";

export interface NewNote {
  readonly annotated: ObjectId;
  readonly bytes: Uint8Array;
}

export interface NoteWriteOptions {
  readonly ref?: RefName;
  /** Whether a note that stands there already, of these bytes, may be replaced; by default none may. */
  readonly mayReplace?: (existing: Uint8Array) => boolean;
}

export interface NotesWrite {
  readonly tip: ObjectId | undefined;
  /** Objects whose note was written. */
  readonly written: readonly ObjectId[];
}

/**
 * Writes notes as git-ai does: one level of fan-out, any other spelling of the same object taken out. Several writers at
 * once all succeed; notes on other objects stay. Durable once it resolves. Throws REF_CONTENDED.
 */
export async function writeNotes(
  repo: Repository,
  notes: readonly NewNote[],
  { ref = GIT_AI_NOTES_REF, mayReplace = () => false }: NoteWriteOptions = {},
): Promise<NotesWrite> {
  const wrong = notes.find(({ annotated }) => !isIdOf(repo, annotated));
  if (wrong !== undefined)
    throw new RangeError(`${JSON.stringify(wrong.annotated)} is no id in this repository`);
  return swapUntilDone(repo, ref, async () => {
    const tip = await readRef(repo, ref);
    const wanted = tip === undefined ? notes : await leaveOutKept(repo, tip, { notes, mayReplace });
    if (wanted.length === 0) return { tip, written: [] };
    const base = tip === undefined ? undefined : await straighten(repo, tip);
    const edits = [...(base ?? []), ...wanted.flatMap(toEdits)];
    const head = { ref, tip, identity: await readNotesIdentity(repo), message: NOTES_MESSAGE };
    const next = await importCommit(repo, { ...head, isFresh: base !== undefined, edits });
    return typeof next === "string" ? { tip: next, written: wanted.map(({ annotated }) => annotated) } : next;
  });
}

function toEdits({ annotated, bytes }: NewNote): readonly TreeEdit[] {
  return [...otherNotePaths(annotated).map((path) => ({ path })), { path: notePath(annotated), bytes }];
}

interface Wanted {
  readonly notes: readonly NewNote[];
  readonly mayReplace: (existing: Uint8Array) => boolean;
}

/** Without what stands there already, or may not be replaced. */
async function leaveOutKept(
  repo: Repository,
  tip: ObjectId,
  { notes, mayReplace }: Wanted,
): Promise<readonly NewNote[]> {
  const listed = await listNotes(
    repo,
    tip,
    notes.map(({ annotated }) => annotated),
  );
  const ids = [...new Set([...listed.values()].flat())];
  const contents = new Map<ObjectId, Uint8Array>();
  for await (const blob of readObjects(repo, ids))
    if (blob.status === "read") contents.set(blob.id, blob.bytes);
  return notes.filter(({ annotated, bytes }) =>
    (listed.get(annotated) ?? []).every((id) => {
      const existing = contents.get(id);
      return existing !== undefined && !Buffer.from(bytes).equals(existing) && mayReplace(existing);
    }),
  );
}

/** Edits that bring a tree of another fan-out into ours, undefined where it needs none. */
async function straighten(repo: Repository, tip: ObjectId): Promise<readonly TreeEdit[] | undefined> {
  if (await isKnownStraight(repo, tip)) return undefined;
  const tree = await readNotesTree(repo, tip);
  return tree.isOneLevel ? undefined : rewriteTree(tree);
}
