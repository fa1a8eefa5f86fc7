// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { formatImport } from "./import-commit.ts";
import { GIT_AI_NOTES_REF } from "./note-path.ts";
import { isKnownStraight, NOTES_MESSAGE } from "./notes-commit.ts";
import { quickRef } from "./quick-read.ts";
import { readRef } from "./refs.ts";
import type { Repository } from "./types.ts";

/** Where the notes ref stands, if a note can be added there as it is. */
export type NotesTip = { readonly tip: ObjectId | undefined } | "needs-straightening";

export async function readNotesTip(repo: Repository): Promise<NotesTip> {
  const quick = quickRef(repo, GIT_AI_NOTES_REF);
  const tip = quick === "unknown" ? await readRef(repo, GIT_AI_NOTES_REF) : quick;
  return tip === undefined || (await isKnownStraight(repo, tip)) ? { tip } : "needs-straightening";
}

/** A note for a commit that does not exist yet. */
export interface NotePlan {
  readonly tip: ObjectId | undefined;
  /** `Name <email> seconds zone`. */
  readonly identity: string;
  /** What will stand where the note belongs, and the other spellings of that; to be replaced once the commit is there. */
  readonly path: string;
  readonly otherPaths: readonly string[];
  readonly bytes: Uint8Array;
}

/** What git-fast-import makes the note from, as `writeNotes` would; refused by it if the ref has moved on meanwhile. */
export function formatNoteImport({ tip, identity, path, otherPaths, bytes }: NotePlan): Buffer {
  const edits = [...otherPaths.map((other) => ({ path: other })), { path, bytes }];
  return formatImport({ ref: GIT_AI_NOTES_REF, tip, identity, message: NOTES_MESSAGE, edits });
}
