// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseObjectId } from "@countersign/core/ids";
import { missingObjects } from "./find-missing.ts";
import { readTreeRows } from "./tree-rows.ts";
import type { Repository } from "./types.ts";

/** More objects than this are picked from the whole listing: Git compares every path with every pattern. */
const MOST_PATTERNS = 300;

/**
 * Notes of a notes ref's commit by the object they annotate. Fan-out is any, mixed too, so one object can have several.
 * With `annotated`, only theirs. Throws MISSING_OBJECT where the notes' trees are not here.
 */
export async function listNotes(
  repo: Repository,
  tip: ObjectId,
  annotated?: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, readonly ObjectId[]>> {
  const isFew = annotated !== undefined && annotated.length <= MOST_PATTERNS;
  const patterns = isFew ? annotated.flatMap(fanOuts) : [];
  const notes = new Map<ObjectId, ObjectId[]>();
  if (isFew && patterns.length === 0) return notes;
  const wanted = annotated === undefined ? undefined : new Set(annotated);
  for (const { path, id } of await listEntries(repo, tip, patterns)) {
    const object = path.replaceAll("/", "");
    if (!isObjectId(object) || wanted?.has(object) === false) continue;
    const known = notes.get(object) ?? [];
    if (known.length === 0) notes.set(object, known);
    known.push(id);
  }
  return notes;
}

/** How Git spells an object's name in a notes tree: whole, or with two digits to a folder, up to three deep. */
function fanOuts(id: ObjectId): readonly string[] {
  const digits = parseObjectId(id);
  const pairs = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)];
  return [0, 1, 2, 3].map((depth) => [...pairs.slice(0, depth), digits.slice(2 * depth)].join("/"));
}

export interface ListedFile {
  readonly path: string;
  readonly id: ObjectId;
}

/** Plain files of a tree, only those at or under the given paths if there are any; paths as latin1. */
export async function listEntries(
  repo: Repository,
  tree: ObjectId,
  paths: readonly string[],
): Promise<readonly ListedFile[]> {
  const scope = paths.length === 0 ? {} : { paths: paths.map((path) => Buffer.from(path)) };
  const listed = await readTreeRows(repo, parseObjectId(tree), { ...scope, isDeep: true });
  if ("failure" in listed) throw missingObjects(repo, [tree], listed.failure);
  const rows = listed.rows.toString("latin1").split("\0");
  rows.pop();
  return rows.flatMap((row) => {
    const tab = row.indexOf("\t");
    return row.startsWith("100")
      ? [{ path: row.slice(tab + 1), id: row.slice(row.lastIndexOf(" ", tab) + 1, tab) }]
      : [];
  });
}
