// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { isAncestor, mergeBases } from "./history.ts";
import { importCommit } from "./import-commit.ts";
import { GIT_AI_NOTES_REF } from "./note-path.ts";
import { NOTES_MESSAGE, readNotesIdentity } from "./notes-commit.ts";
import { NO_NOTES, type NotesTree, readNotesTree, rewriteTree } from "./notes-tree.ts";
import { readRef } from "./refs.ts";
import { moveRef, type Refused, swapUntilDone } from "./swap-ref.ts";
import type { Repository } from "./types.ts";

export interface NotesMerge {
  readonly tip: ObjectId | undefined;
  /** Objects whose note came or changed. */
  readonly added: number;
}

/**
 * Unites the notes at a ref with those at another commit. Where both sides changed a note, ours stays; a note that one side
 * has removed comes back from the other, for what an AI wrote is not unwritten. The result has one level of fan-out.
 */
export async function mergeNotes(
  repo: Repository,
  other: ObjectId,
  ref: RefName = GIT_AI_NOTES_REF,
): Promise<NotesMerge> {
  return swapUntilDone(repo, ref, () => tryMerge(repo, other, ref));
}

async function tryMerge(repo: Repository, other: ObjectId, ref: RefName): Promise<NotesMerge | Refused> {
  const tip = await readRef(repo, ref);
  if (tip === other || (tip !== undefined && (await isAncestor(repo, other, tip)))) return { tip, added: 0 };
  const [ours, theirs] = await Promise.all([
    tip === undefined ? NO_NOTES : readNotesTree(repo, tip),
    readNotesTree(repo, other),
  ]);
  const isAhead = tip === undefined || (await isAncestor(repo, tip, other));
  const base = isAhead ? ours : await readBase(repo, tip, other);
  const union = unite(ours, theirs, base);
  const added = [...union.notes].filter(([annotated, id]) => ours.notes.get(annotated) !== id).length;
  if (isAhead && theirs.isOneLevel && union.notes.size === theirs.notes.size) {
    const refusal = await moveRef(repo, ref, tip, other);
    return refusal ?? { tip: other, added };
  }
  const parents = tip === undefined ? { tip: other } : { tip, merged: other };
  const head = { ref, identity: await readNotesIdentity(repo), message: NOTES_MESSAGE, isFresh: true };
  const written = await importCommit(repo, { ...head, ...parents, edits: rewriteTree(union) });
  return typeof written === "string" ? { tip: written, added } : { ...written, seen: tip };
}

async function readBase(repo: Repository, tip: ObjectId, other: ObjectId): Promise<NotesTree> {
  const [base] = await mergeBases(repo, tip, other);
  return base === undefined ? NO_NOTES : readNotesTree(repo, base);
}

function unite(ours: NotesTree, theirs: NotesTree, base: NotesTree): NotesTree {
  const notes = new Map(theirs.notes);
  const joined = new Map(theirs.joined);
  for (const [annotated, id] of ours.notes) {
    const isTheirChange = base.notes.get(annotated) === id && notes.has(annotated);
    if (isTheirChange) continue;
    notes.set(annotated, id);
    const bytes = ours.joined.get(annotated);
    if (bytes === undefined) joined.delete(annotated);
    else joined.set(annotated, bytes);
  }
  const others = new Map([...theirs.others, ...ours.others].map((file) => [file.path, file]));
  return { notes, joined, isOneLevel: true, others: [...others.values()] };
}
