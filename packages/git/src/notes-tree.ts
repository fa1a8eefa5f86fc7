// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { TreeEdit } from "./import-commit.ts";
import { type ListedFile, listEntries } from "./list-notes.ts";
import { annotatedBy, notePath } from "./note-path.ts";
import { readObjects } from "./read-objects.ts";
import type { Repository } from "./types.ts";

/** All notes of a tree by the object they annotate. */
export interface NotesTree {
  readonly notes: ReadonlyMap<ObjectId, ObjectId>;
  /** Every note stands at the one path that git-ai gives it. */
  readonly isOneLevel: boolean;
  /** Content for objects that had several notes, which exists as no blob yet. */
  readonly joined: ReadonlyMap<ObjectId, Uint8Array>;
  /** Files that are no notes. */
  readonly others: readonly ListedFile[];
}

export const NO_NOTES: NotesTree = { notes: new Map(), isOneLevel: true, joined: new Map(), others: [] };

export async function readNotesTree(repo: Repository, tip: ObjectId): Promise<NotesTree> {
  const spelled = new Map<ObjectId, ListedFile[]>();
  const others: ListedFile[] = [];
  for (const file of await listEntries(repo, tip, [])) {
    const annotated = annotatedBy(file.path);
    if (annotated === undefined) others.push(file);
    else spelled.set(annotated, [...(spelled.get(annotated) ?? []), file]);
  }
  const rows = [...spelled];
  return {
    notes: new Map(rows.map(([annotated, files]) => [annotated, (files[0] as ListedFile).id])),
    isOneLevel: rows.every(
      ([annotated, files]) => files.length === 1 && files[0]?.path === notePath(annotated),
    ),
    joined: await joinNotes(repo, rows),
    others,
  };
}

/** Several notes on one object become one with all their text, as Git itself would show them. */
async function joinNotes(
  repo: Repository,
  rows: readonly (readonly [ObjectId, readonly ListedFile[]])[],
): Promise<ReadonlyMap<ObjectId, Uint8Array>> {
  const several = rows.filter(([, files]) => new Set(files.map(({ id }) => id)).size > 1);
  const ids = [...new Set(several.flatMap(([, files]) => files.map(({ id }) => id)))];
  const contents = new Map<ObjectId, Uint8Array>();
  for await (const blob of readObjects(repo, ids))
    if (blob.status === "read") contents.set(blob.id, blob.bytes);
  return new Map(
    several.map(([annotated, files]) => {
      const parts = [...new Set(files.map(({ id }) => id))].flatMap((id) => contents.get(id) ?? []);
      return [annotated, Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [NEW_LINE, part])))];
    }),
  );
}

const NEW_LINE = Buffer.from("\n");

/** Edits that write a whole tree anew, each note at its one path. Files that are no notes stay where they are, if they can. */
export function rewriteTree({ notes, joined, others }: NotesTree): readonly TreeEdit[] {
  const kept = others.filter(({ path }) => SAFE_PATH.test(path));
  return [
    ...kept.map(({ path, id }) => ({ path, id })),
    ...[...notes].map(([annotated, id]) => {
      const bytes = joined.get(annotated);
      return bytes === undefined ? { path: notePath(annotated), id } : { path: notePath(annotated), bytes };
    }),
  ];
}

/** A path that needs no quoting in an import, and that no note's folder could meet. */
const SAFE_PATH = /^(?![0-9a-f]{2}(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/;
