// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId } from "@countersign/core/ids";
import { readOwnFile } from "../capture/own-file.ts";
import { commitFiles } from "./commit-files.ts";

/**
 * What the hooks wrote down, in their order. `made`: a commit, with the key of what was prepared for it, its id null where the
 * shell could not tell it. `rewritten`: Git made one commit from another.
 */
export type Presence =
  | { readonly kind: "made"; readonly commit: ObjectId | null; readonly key: string | null }
  | { readonly kind: "rewritten"; readonly from: ObjectId; readonly to: ObjectId }
  /** The commit after it takes its content from elsewhere: a squash, a merge, a rebase. */
  | { readonly kind: "brought" };

export interface ReadPresence {
  readonly lines: readonly Presence[];
  /** Bytes that were read; a last line without its end is left for the next time. */
  readonly end: number;
}

/** The shell appends `c ID`, `p ID KEY`, `r OLD NEW` and `s brought`; what is none of these was torn, and says nothing. */
export function readPresence(gitDir: string, start = 0): ReadPresence {
  let bytes: Buffer | undefined;
  try {
    bytes = readOwnFile(commitFiles(gitDir).presence);
  } catch {
    // As if no hook had been there: the commits' records have that as a gap.
  }
  if (bytes === undefined) return { lines: [], end: 0 };
  // A file that is shorter than what was read of it is another one.
  const from = start <= bytes.length ? start : 0;
  const end = bytes.lastIndexOf(0x0a) + 1;
  const text = bytes.toString("latin1", from, Math.max(from, end));
  return { lines: text.split("\n").flatMap(parseLine), end: Math.max(from, end) };
}

function parseLine(line: string): readonly Presence[] {
  const [kind = "", first = "", second = ""] = line.split(" ");
  const isId = isObjectId(first);
  if (kind === "r" && isId && isObjectId(second)) return [{ kind: "rewritten", from: first, to: second }];
  if (kind === "s") return [{ kind: "brought" }];
  if (kind !== "c" && kind !== "p") return [];
  if (!isId && first !== "-") return [];
  const key = kind === "p" && second !== "" ? second : null;
  return [{ kind: "made", commit: isId ? first : null, key }];
}

/** Whether content is being brought for a commit that is not made yet; `wasBrought`: so it was before these lines. */
export function endsBrought(lines: readonly Presence[], wasBrought: boolean): boolean {
  const last = lines.findLast(({ kind }) => kind !== "rewritten");
  return last === undefined ? wasBrought : last.kind === "brought";
}

/** The record that was prepared for a commit and is in no ref yet. */
export function findKey(gitDir: string, commit: ObjectId): string | null {
  const { lines } = readPresence(gitDir);
  const found = lines.findLast((line) => line.kind === "made" && line.commit === commit && line.key !== null);
  return found?.kind === "made" ? found.key : null;
}
